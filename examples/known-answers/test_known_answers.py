"""Findings of `jihe audit` against answers computed by independent SQL and by the Medicare Code Editor.

In: SHARED/data and the `jihe` binary. Out: seven tables and three edits, compared exactly.
Invariant: skipped, visibly, where the shared data are absent; never where they are present.
"""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = Path(os.environ.get("JIHE_SHARED", ROOT.parent / "shared")) / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no shared data at {DATA}")
pq = pytest.importorskip("pyarrow.parquet")


def jihe() -> list[str]:
    """The command line: the binary named by JIHE, or the workspace's own, built for speed."""
    if "JIHE" in os.environ:
        return [os.environ["JIHE"]]
    return ["cargo", "run", "--quiet", "--release", "--package", "jihe-cli", "--manifest-path", str(ROOT / "Cargo.toml"), "--"]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("known")
    subprocess.run([sys.executable, HERE / "prepare.py", DATA, out], check=True)
    return out


def audit(prepared: Path, rules: str, data: str) -> list[dict]:
    out = prepared / f"findings-{rules}"
    subprocess.run([*jihe(), "audit", "--rules", prepared / "rules" / f"{rules}.jihe", "--data", prepared / data,
                    "--out", out], check=True)
    csv.field_size_limit(1 << 30)
    with (out / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def synpuf(prepared) -> dict[str, list[dict]]:
    by_rule: dict[str, list[dict]] = {}
    for row in audit(prepared, "synpuf", "synpuf"):
        by_rule.setdefault(row["rule_id"], []).append(row)
    return by_rule


def expected(name: str) -> list[dict]:
    return pq.read_table(DATA / "expected" / f"{name}.parquet").to_pylist()


def involved(row: dict) -> list[str]:
    return [record["key"] for record in json.loads(row["involved"])]


def test_overlapping_stays(synpuf):
    found = {frozenset((row["subject_key"], other)) for row in synpuf["overlapping_stays"] for other in involved(row)}
    assert found == {frozenset((row["clm_a"], row["clm_b"])) for row in expected("synpuf_overlapping_stays")}


@pytest.mark.parametrize("rule", ["readmit_0_30d", "same_hospital_0_15d"])
def test_readmissions(synpuf, rule):
    found = {(row["subject_key"], *involved(row)) for row in synpuf[rule]}
    assert found == {(row["CLM_ID"], row["prev_clm"]) for row in expected(f"synpuf_{rule}")}


def test_provider_week(synpuf):
    found = {(row["subject_key"], len(involved(row))) for row in synpuf["provider_week_ge12"]}
    weeks = {(f"{row['PRVDR_NUM']}|{row['wk'].strftime('%G-W%V')}", row["n"]) for row in expected("synpuf_provider_week_ge12")}
    assert found == weeks


def test_same_amount(synpuf):
    found = {(row["subject_key"], len(involved(row))) for row in synpuf["provider_same_amount_share_ge25"]}
    answers = expected("synpuf_provider_same_amount_share_ge25")
    assert found == {(row["PRVDR_NUM"], row["mx"]) for row in answers}


def test_admissions_a_year(synpuf):
    found = {(row["subject_key"], len(involved(row))) for row in synpuf["bene_year_ge5_admissions"]}
    assert found == {(f"{row['DESYNPUF_ID']}|{row['y']}", row["n"]) for row in expected("synpuf_bene_year_ge5_admissions")}


def test_same_drug_overlap(prepared):
    with (prepared / "synthea/item.csv").open(encoding="utf-8") as file:
        items = {row["feedetl_sn"]: row for row in csv.DictReader(file)}
    with (prepared / "synthea/visit.csv").open(encoding="utf-8") as file:
        patients = {row["mdtrt_id"]: row["psn_no"] for row in csv.DictReader(file)}

    def span(key: str) -> tuple[str, str]:
        return items[key]["used_time"][:10], items[key]["停药日期"][:10]

    pairs = {frozenset((row["subject_key"], other))
             for row in audit(prepared, "synthea", "synthea") for other in involved(row)}
    found = Counter((patients[items[min(pair)]["visit"]], items[min(pair)]["med_list_codg"], *sorted(map(span, pair)))
                    for pair in pairs)
    answers = Counter((row["PATIENT"], row["CODE"], *sorted([(str(row["s_a"]), str(row["e_a"])), (str(row["s_b"]), str(row["e_b"]))]))
                      for row in expected("synthea1k_same_drug_overlap_closed"))
    assert found == answers


def test_parquet_gives_what_csv_gives(prepared):
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    folder = prepared / "synthea-parquet"
    folder.mkdir()
    for path in (prepared / "synthea").glob("*.csv"):
        names = path.open(encoding="utf-8").readline().strip().split(",")
        options = arrow_csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=True)
        table = arrow_csv.read_csv(path, convert_options=options)
        if "used_time" in names:
            at = names.index("used_time")
            table = table.set_column(at, "used_time", table["used_time"].cast(pa.date32()))
        pq.write_table(table, folder / f"{path.stem}.parquet")
    from_csv = audit(prepared, "synthea", "synthea")
    assert from_csv and audit(prepared, "synthea", "synthea-parquet") == from_csv


@pytest.mark.parametrize("edit", ["INVALID_CODE", "SEX_CONFLICT", "AGE_CONFLICT"])
def test_code_editor(prepared, mce, edit):
    found = {row["subject_key"]: json.loads(row["values"]) for row in mce if row["rule_id"] == edit}
    counts = {key: list(values.values())[-1] for key, values in found.items()}
    answers = {}
    for row in pq.read_table(DATA / "synpuf/mce_expected.parquet").to_pylist():
        for text in filter(None, row["edits"].split("|")):
            name, count, _ = text.split(":")
            if name == edit:
                answers[row["CLM_ID"]] = count
    assert counts == answers


@pytest.fixture(scope="session")
def mce(prepared) -> list[dict]:
    return audit(prepared, "mce", "synpuf")
