"""Daft gives what one machine gives: every finding, in full.

In: a synthetic city, made by the `jihe` command. Out: nothing.
Invariant: findings are compared column by column; only their order is Daft's own.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import audit
import pyarrow.parquet

import jihe

ROOT = Path(__file__).parents[2]
DAYS = ("2022-07-01", "2024-12-31")


def ordered(table: Any) -> list[dict[str, Any]]:
    """The rows of a table, by what names a finding."""
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted(rows, key=lambda row: (row["rule_id"], row["subject_key"], row["finding_id"]))


def test_findings_are_those_of_one_run(tmp_path: Path) -> None:
    binary = os.environ.get("JIHE", str(ROOT / "target/debug/jihe"))
    words = [binary, "synth", "--persons", "40", "--seed", "7", "--format", "parquet", "--out", str(tmp_path)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    whole = {path.stem: pyarrow.parquet.read_table(path) for path in tmp_path.glob("*.parquet")}
    local = jihe.rulebook().audit(whole, coverage=DAYS, as_of=DAYS[1])
    assert {rule["scope"] for rule in local.manifest["rules"] if rule["hit"]} == {"person", "population"}
    found = audit.audit(tmp_path, jihe.rulebook(), *DAYS).to_arrow()
    assert found.column_names == local.findings.columns
    assert ordered(found) == ordered(local.findings.to_arrow())
    assert len(local.findings) > 50
