"""One audit on this machine and on a Spark of two workers on this machine, findings compared before times are told.

In: a folder with a Parquet file a record kind. Out: seconds of each, and the ratio.
Invariant: both read the same files; starting Spark is told apart, since a cluster is there already.

    jihe synth --persons 5000 --seed 1 --format parquet --out city
    SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON=$(which python) python benches/spark/measure.py city
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession

import jihe
import jihe.spark


def main(folder: Path) -> None:
    """Audits with the shipped rulebook, twice on Spark: without and with the days given."""
    kinds = {path.stem: path for path in sorted(folder.glob("*.parquet")) if path.stem in KINDS}
    ruleset = jihe.rulebook()
    start = time.perf_counter()
    local = ruleset.audit({kind: str(path) for kind, path in kinds.items()}, threads=2)
    here = time.perf_counter() - start
    lines = local.manifest["records"]
    print(f"{sum(lines.values())} records, {lines['item']} lines, {len(local.findings)} findings; here {here:.1f} s")
    start = time.perf_counter()
    spark = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    print(f"starting Spark {time.perf_counter() - start:.1f} s")
    tables = {kind: spark.read.parquet(str(path)) for kind, path in kinds.items()}
    known = {kind: tuple(days) for kind, days in local.manifest["coverage"].items() if days}
    for given in ({}, {"coverage": known, "as_of": local.manifest["as_of"]}):
        start = time.perf_counter()
        report = jihe.spark.audit(spark, tables, ruleset, **given)
        found = report.findings.orderBy("rule_id", "subject_key", "finding_id").toArrow()
        taken = time.perf_counter() - start
        assert found.to_pylist() == local.findings.to_arrow().to_pylist() and report.manifest == local.manifest
        told = "days given" if given else "days found out"
        print(f"Spark, {told}: {taken:.1f} s, {taken / here:.1f} times as long")
        report.close()


KINDS = frozenset(
    "person enrolment registration institution practitioner visit diagnosis operation item settlement refund trace stock "
    "report execution round device_registration charge_filing device_use".split()
)

if __name__ == "__main__":
    main(Path(sys.argv[1]))
