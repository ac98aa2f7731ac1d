"""A cluster gives what one machine gives: findings, ids and counts.

In: a real Spark of two workers, each a process of its own; a synthetic city; a few records that contradict themselves.
Out: nothing. Invariant: what is compared is everything a run says, findings in full and the whole manifest.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as parquet
import pytest

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import jihe
import jihe.spark
from jihe._layout import layout_of

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/python/spark.md"
#: Columns of the city that get a type; a cluster seldom holds texts only.
TYPED = {
    "amount": pa.decimal128(18, 4),
    "unit_price": pa.decimal128(16, 6),
    "used_time": pa.timestamp("us"),
    "discharge_time": pa.timestamp("us"),
    "birth_date": pa.date32(),
    "days_of_supply": pa.int32(),
    "online": pa.bool_(),
}

RULES = """
规则包 "互相矛盾的记录" 版本 "1"
统计 机构费用 = 明细 按(就诊.机构) { 总额 = 合计(本组.金额); 笔数 = 计数(本组) }
规则 月内另有 {
  编号 "D1" 针对 明细
  设 另有 = 其他 明细 同一(就诊.参保人) 最近 30 天
  当 存在(另有) 性质 可疑 违规金额 金额 涉及 另有 说明 "另有{计数(另有)}笔"
}
规则 机构费用高 { 编号 "D2" 针对 机构费用 当 总额 > 30 元 性质 可疑 说明 "{笔数}笔{总额}" }
规则 一次结算多笔 {
  编号 "D3" 针对 结算 当 计数(结算.明细) > 1 次 性质 可疑 涉及 结算.明细 说明 "{计数(结算.明细)}笔"
}
规则 退过费 { 编号 "D4" 针对 退费 当 已知(明细) 性质 数据质量 说明 "退{金额}" }
规则 男性 { 编号 "D5" 针对 明细 当 就诊.参保人.性别 = "男" 性质 可疑 违规金额 金额 说明 "{就诊.参保人.性别}" }
"""


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("jihe")
    settings = {
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        # Small data: compiling code for it would take longer than running without.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.session.timeZone": "Asia/Shanghai",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a Parquet file a kind."""
    folder = tmp_path_factory.mktemp("city")
    binary = os.environ.get("JIHE", str(ROOT / "target/debug/jihe"))
    words = [binary, "synth", "--persons", "60", "--seed", "7", "--out", str(folder / "csv")]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    kinds = {kind["name"] for kind in layout_of(jihe.rulebook())["kinds"]}
    for path in (folder / "csv").glob("*.csv"):
        if path.stem in kinds:
            names = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
            types = {name: TYPED.get(name, pa.string()) for name in names}
            options = pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=True)
            parquet.write_table(pyarrow.csv.read_csv(path, convert_options=options), folder / f"{path.stem}.parquet")
    return folder


def same(cluster: jihe.spark.SparkReport, local: jihe.Report) -> None:
    """Everything both say, but for the order in which a cluster hands rows over."""
    found = cluster.findings.orderBy("rule_id", "subject_key", "finding_id").toArrow()
    assert found.column_names == local.findings.columns
    assert found.to_pylist() == local.findings.to_arrow().to_pylist()
    assert cluster.manifest == local.manifest


def test_a_city_as_the_page_shows_it(spark: SparkSession, city: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {"spark": spark, "claims": str(city), "out": str(city / "leads")}
    # Planning anew after every stage takes half of the time of so wide a plan over so few rows; the next test does.
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    exec("\n".join(code), names)
    spark.conf.unset("spark.sql.adaptive.enabled")
    local = jihe.rulebook().audit({path.stem: parquet.read_table(path) for path in city.glob("*.parquet")})
    assert len(local.findings) > 50
    assert {rule["scope"] for rule in local.manifest["rules"] if rule["hit"]} == {"person", "population"}
    same(names["report"], local)
    assert spark.read.parquet(names["out"]).count() == len(local.findings)


def dirty() -> dict[str, list[dict[str, Any]]]:
    """Lines and visits that refer to several persons, to nobody, to what is not there, to each other."""

    def item(key: Any, visit: Any, settlement: Any = None, **more: Any) -> dict[str, Any]:
        row = {"item_id": key, "visit": visit, "settlement": settlement, "used_time": "2024-03-01 08:00", "quantity": "1"}
        return {**row, "amount": "10", "original_item": None, "item_code": "A", "unit_price": "10", **more}

    visits = [("V1", "P1"), ("V2", "P2"), (" V3\u3000", "P1 "), ("V4", None), ("V5", "P3"), ("V6", "P4"), ("V6", "P5")]
    return {
        "person": [{"person_id": f"P{at}", "sex": "男" if at % 2 else "女"} for at in range(1, 6)],
        "visit": [
            {"visit_id": visit, "person": person, "institution": f"H{at % 2}", "time": "2024-03-01"}
            for at, (visit, person) in enumerate(visits)
        ],
        "settlement": [
            {"settlement_id": "S1", "visit": "V1", "time": "2024-03-02"},
            {"settlement_id": "S2", "visit": "V5", "time": "2024-03-02"},
            {"settlement_id": "S3", "visit": "V4", "time": "2024-03-02"},
        ],
        "item": [
            item("L1", "V1", "S1"),
            item("L2", "V2", "S1"),
            item("L3", "V3"),
            item("L4", "V9"),
            item("L5", "V9", "NULL"),
            item("L6", "V5", quantity="-1", amount="-10", original_item="L7"),
            item("L7", "V2", quantity="3", amount="30"),
            item("L8", "V1"),
            item("L8", "V5", amount="11"),
            item("L9", "V2"),
            item("L9", "V2"),
            item("L10", "V1", amount="abc"),
            item("L11", None, "S2"),
            item("L12", "V4", "S3"),
            item("L13", "V6"),
            item("L14", "V6", quantity="-1", amount="-10"),
            item(None, "V1"),
        ],
        "refund": [{"refund_id": "R1", "item": "L3", "time": "2024-03-05", "quantity": "1", "amount": "10"}],
        "institution": [{"institution_id": "H0", "level": "3"}, {"institution_id": "H1", "level": "3"}, {"institution_id": "H1", "level": "2"}],
    }


def test_records_that_contradict_themselves(spark: SparkSession, tmp_path: Path) -> None:
    ruleset = jihe.compile(RULES)
    tables = {kind: pa.Table.from_pylist(rows) for kind, rows in dirty().items()}
    local = ruleset.audit(tables, coverage={"visit": ("2024-01-01", "2024-12-31")})
    assert local.manifest["rejected"] == 5 and local.manifest["refunds"]["unmatched"] == 0
    assert {finding["rule_id"] for finding in local.findings} == {"D1", "D2", "D3", "D4", "D5"}
    frames = {kind: spark.createDataFrame(table) for kind, table in tables.items()}
    # Instants of the session's zone are read as its wall clock shows them; columns may go by other names.
    frames["visit"] = frames["visit"].withColumn("time", F.to_timestamp("time")).withColumnRenamed("person", "who")
    report = jihe.spark.audit(
        spark,
        {{"item": "明细"}.get(kind, kind): frame for kind, frame in frames.items()},
        ruleset,
        coverage={"visit": ("2024-01-01", "2024-12-31")},
        rename={"visit": {"who": "person"}},
        partitions=2,
        rows=1,
    )
    same(report, local)
    rejects = report.rejects.collect()
    told = {(row["kind"], row["value"], row["reason"]) for row in rejects}
    assert told == {(row["kind"], row["value"], row["reason"]) for row in local.rejects}
    assert [json.loads(row["row"])["item_id"] for row in rejects if row["value"] == "abc"] == ["L10"]
    report.close()


def test_partitions_as_adaptive_execution_decides(spark: SparkSession) -> None:
    ruleset = jihe.compile(RULES)
    tables = {kind: pa.Table.from_pylist(dirty()[kind]) for kind in ("visit", "item")}
    days: dict[str, Any] = {"as_of": "2024-12-31", "coverage": ("2024-01-01", "2024-12-31")}
    local = ruleset.audit(tables, **days)
    assert spark.conf.get("spark.sql.adaptive.enabled") == "true" and len(local.findings) > 3
    report = jihe.spark.audit(spark, {kind: spark.createDataFrame(table) for kind, table in tables.items()}, ruleset, **days)
    same(report, local)
    report.close()


def test_what_cannot_be_run_says_why(spark: SparkSession) -> None:
    ruleset = jihe.compile(RULES)
    visits = spark.createDataFrame([("V1", 1.5)], "visit_id string, psn_no double")
    with pytest.raises(jihe.ClaimsError, match="visits.*visit"):
        jihe.spark.audit(spark, {"visits": visits}, ruleset)
    with pytest.raises(jihe.ClaimsError, match="psn_no.*cast"):
        jihe.spark.audit(spark, {"visit": visits}, ruleset)
    with pytest.raises(jihe.ClaimsError, match="mdtrt_id"):
        jihe.spark.audit(spark, {"visit": visits.select("psn_no")}, ruleset)
    with pytest.raises(jihe.ClaimsError, match="twice"):
        jihe.spark.audit(spark, {"visit": visits.select("visit_id"), "就诊": visits.select("visit_id")}, ruleset)
