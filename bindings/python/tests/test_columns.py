"""`columns="needed"`: reading only what the rules look at finds what reading everything finds."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest
from conftest import CLAIMS
from test_golden import CASES
from test_golden import table as texts
from test_tables import ITEMS, LIBRARIES, TEXTS

import jihe

#: The last contradicts the first in a column that the rule does not look at.
REPEATED = [{**CLAIMS["item"][at], "prd_days": days} for at, days in ((0, "1"), (1, "1"), (0, "7"))]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small synthetic city, with its run.toml."""
    folder = tmp_path_factory.mktemp("city") / "city"
    words = [os.environ.get("JIHE", "jihe"), "synth", "--persons", "150", "--seed", "3", "--format", "parquet", "--out", str(folder)]
    subprocess.run(words, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_library_finds_the_same(ruleset: jihe.Ruleset, library: str) -> None:
    convert = LIBRARIES[library]

    def tables() -> dict[str, Any]:
        return {"visit": convert(TEXTS["visit"]), "明细": convert(ITEMS)}

    whole, needed = ruleset.audit(tables()), ruleset.audit(tables(), columns="needed", threads=2)
    assert needed.findings.to_dicts() == whole.findings.to_dicts() and len(whole.findings) == 1
    assert needed.manifest == whole.manifest
    dates: dict[str, Any] = {"as_of": "2024-12-31", "coverage": ("2024-01-01", "2024-12-31")}
    given = ruleset.audit(tables(), columns="needed", **dates)
    assert given.manifest == ruleset.audit(tables(), **dates).manifest
    assert needed.records("item", ["L1"])[0]["amount"] == "1500.00元"
    assert whole.records("visit", ["V1"])[0]["visit_id"] == "V1"
    assert set(needed.records("visit", ["V1"])[0]) == {"key", "visit_id", "person", "time"}


def _reports(tables: Callable[[], Any], ruleset: jihe.Ruleset, **options: Any) -> tuple[jihe.Report, jihe.Report]:
    return ruleset.audit(tables(), **options), ruleset.audit(tables(), columns="needed", **options)


def test_the_shipped_rules_find_the_same_in_a_city(city: Path) -> None:
    kinds = {path.stem: path for path in city.glob("*.parquet")}
    frames = {kind: polars.read_parquet(path) for kind, path in kinds.items()}
    ruleset = jihe.rulebook()
    dates: dict[str, Any] = {"as_of": "2024-12-31", "coverage": ("2022-07-01", "2024-12-31")}
    for given in (city, kinds, frames):
        whole, needed = _reports(lambda: given, ruleset, **({} if given is city else dates))
        assert len(whole.findings) > 20
        assert needed.findings.to_dicts() == whole.findings.to_dicts()
        assert needed.manifest == whole.manifest
        assert len(needed.rejects) == len(whole.rejects)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_golden_corpus(case: Path) -> None:
    options: dict[str, Any] = json.loads((case / "options.json").read_text("utf-8")) if (case / "options.json").exists() else {}
    params = case / "params" / "params.jihe"
    tables = {found.name: found.read_text(encoding="utf-8") for found in case.glob("*.csv")}
    rules = {found.name: found.read_text(encoding="utf-8") for found in sorted(case.glob("*.jihe"))}
    ruleset = jihe.compile(rules, tables=tables, params=params.read_text("utf-8") if params.exists() else None)
    claims: dict[str, Any] = json.loads((case / "claims.json").read_text("utf-8"))
    frames = {kind: texts(rows) if rows else rows for kind, rows in claims.items()}
    for given in (claims, frames):
        whole, needed = _reports(lambda: given, ruleset, **options)
        if len(needed.rejects) == len(whole.rejects):
            assert needed.to_json() == whole.to_json()


def test_a_bad_cell_that_nobody_reads_rejects_no_row(ruleset: jihe.Ruleset, tmp_path: Path) -> None:
    rows = [{**CLAIMS["item"][0], "prd_days": "许多"}, {**CLAIMS["item"][1], "prd_days": "7"}]
    pyarrow.csv.write_csv(pyarrow.Table.from_pylist(rows), tmp_path / "item.csv")
    ways = [rows, pyarrow.Table.from_pylist(rows), polars.DataFrame(rows), tmp_path / "item.csv"]
    for given in [*({"item": way} for way in ways), tmp_path]:
        whole, needed = _reports(lambda: given, ruleset)
        assert [(reject["column"], reject["value"]) for reject in whole.rejects] == [("prd_days", "许多")]
        assert (len(whole.findings), len(needed.findings), len(needed.rejects)) == (0, 1, 0)
    looked_at = [{**CLAIMS["item"][0], "amount": "许多"}]
    assert len(ruleset.audit({"item": looked_at}, columns="needed").rejects) == 1


def test_rows_that_share_a_key_are_compared_in_full(ruleset: jihe.Ruleset, tmp_path: Path) -> None:
    pyarrow.csv.write_csv(pyarrow.Table.from_pylist(REPEATED), tmp_path / "item.csv")
    repeated = pyarrow.Table.from_pylist(REPEATED)
    ways: list[Any] = [REPEATED, tmp_path / "item.csv"]
    ways += [convert(repeated) for library, convert in LIBRARIES.items() if library != "pyarrow stream"]
    for given in [*({"item": way} for way in ways), tmp_path]:
        whole, needed = _reports(lambda: given, ruleset)
        assert [reject["value"] for reject in whole.rejects] == ["L1"]
        assert needed.to_json() == whole.to_json()
    equal = [*CLAIMS["item"], CLAIMS["item"][0]]
    whole, needed = _reports(lambda: {"item": pyarrow.Table.from_pylist(equal)}, ruleset)
    assert len(whole.findings) == 2
    assert needed.to_json() == whole.to_json()


def test_only_the_kind_with_shared_keys_is_read_in_full(ruleset: jihe.Ruleset) -> None:
    visits = [{**CLAIMS["visit"][0], "total_amount": "许多"}]
    whole, needed = _reports(lambda: {"visit": visits, "item": REPEATED}, ruleset)
    assert [reject["kind"] for reject in whole.rejects] == ["visit", "item"]
    assert [reject["kind"] for reject in needed.rejects] == ["item"]


def test_a_stream_that_is_gone_is_refused(ruleset: jihe.Ruleset) -> None:
    stream = pyarrow.Table.from_pylist(REPEATED).to_reader()
    with pytest.raises(jihe.ClaimsError, match="item") as refused:
        ruleset.audit({"item": stream}, columns="needed")
    assert refused.value.code == "E0001" and 'columns="all"' in refused.value.message_en
    assert len(ruleset.audit({"item": pyarrow.Table.from_pylist(CLAIMS["item"]).to_reader()}, columns="needed").findings) == 1


def test_other_words_are_refused(ruleset: jihe.Ruleset) -> None:
    wrong: Any = "some"
    with pytest.raises(jihe.UsageError, match="columns") as refused:
        ruleset.audit(CLAIMS, columns=wrong)
    assert refused.value.code == "E0002" and "columns" in refused.value.message_en


def test_columns_under_other_names(ruleset: jihe.Ruleset, tmp_path: Path) -> None:
    other = ITEMS.rename_columns(["id", "visit", "fee_ocur_time", "数", "pric", "费用"])
    pyarrow.parquet.write_table(other, tmp_path / "fees.parquet")
    rename = {"item": {"id": "明细号", "费用": "amount", "数": "quantity"}}
    for fees in (other, tmp_path / "fees.parquet"):
        whole, needed = _reports(lambda: {"item": fees, "visit": TEXTS["visit"]}, ruleset, rename=rename)
        assert needed.to_json() == whole.to_json() and len(whole.findings) == 1


def test_progress_and_a_kind_nobody_needs(ruleset: jihe.Ruleset) -> None:
    told: list[str] = []
    tables = {**CLAIMS, "report": [{"report_id": "B1"}]}
    report = ruleset.audit(tables, columns="needed", progress=lambda stage, done, total: told.append(stage))
    assert report.manifest["records"] == {"report": 1, "visit": 1, "item": 2}
    assert {"read", "audit"} <= set(told)
    assert report.records("report") == []


def test_the_days_of_a_folder_hold(ruleset: jihe.Ruleset, tmp_path: Path) -> None:
    for kind, rows in TEXTS.items():
        pyarrow.csv.write_csv(rows, tmp_path / f"{kind}.csv")
    (tmp_path / "run.toml").write_text('as_of = "2024-12-31"\ncoverage = ["2024-01-01", "2024-12-31"]\n', encoding="utf-8")
    days: dict[str, Any] = {"as_of": "2024-12-31", "coverage": ("2024-01-01", "2024-12-31")}
    expected = ruleset.audit(CLAIMS, **days).manifest
    for report in _reports(lambda: tmp_path, ruleset):
        assert report.manifest == expected
    later = ruleset.audit(tmp_path, as_of="2025-01-31").manifest
    assert later == ruleset.audit(CLAIMS, as_of="2025-01-31", coverage=days["coverage"]).manifest
    (tmp_path / "run.toml").write_text('as_off = "2024-12-31"\n', encoding="utf-8")
    with pytest.raises(jihe.UsageError, match="as_off"):
        ruleset.audit(tmp_path)


def test_a_finding_shows_its_evidence_by_key(ruleset: jihe.Ruleset) -> None:
    finding = ruleset.audit(CLAIMS, columns="needed").findings[0]
    shown = str(finding._repr_html_())
    assert "<td>L1</td>" in shown and "1500.00元" in shown and "<svg" in shown
