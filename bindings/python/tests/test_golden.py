"""The cases every language must answer alike: `tests/golden/<case>/`, as JSON and as tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars
import pyarrow
import pytest

import jihe

CORPUS = Path(__file__).parents[3] / "tests" / "golden"
CASES = sorted(path.parent for path in CORPUS.glob("*/rules.jihe"))


def table(rows: list[dict[str, Any]]) -> pyarrow.Table:
    """Rows as columns of text, as a table that was read from a file holds them."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pyarrow.table({name: pyarrow.array([_text(row.get(name)) for row in rows], pyarrow.string()) for name in names})


def _text(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


PATHS: dict[str, Callable[[str], Any]] = {
    "json": lambda text: text,
    "dicts": json.loads,
    "pyarrow": lambda text: {kind: table(rows) if rows else rows for kind, rows in json.loads(text).items()},
    "polars": lambda text: {
        kind: polars.DataFrame(table(rows)).with_columns(polars.all().cast(polars.Categorical)) if rows else rows
        for kind, rows in json.loads(text).items()
    },
}


def test_the_corpus_is_there() -> None:
    assert CASES, f"no case in {CORPUS}"
    print(f"{len(CASES)} golden cases")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden(case: Path, path: str) -> None:
    def read(name: str) -> str:
        found = case / name
        return found.read_text(encoding="utf-8") if found.exists() else ""

    options: dict[str, Any] = json.loads(read("options.json") or "{}")
    params = read("params/params.jihe") or None
    tables = {found.name: found.read_text(encoding="utf-8") for found in case.glob("*.csv")}
    rules = {found.name: found.read_text(encoding="utf-8") for found in sorted(case.glob("*.jihe"))}
    ruleset = jihe.compile(rules, tables=tables, params=params)
    report = ruleset.audit(PATHS[path](read("claims.json")), **options)
    assert report.findings.to_dicts() == json.loads(read("findings.json"))
