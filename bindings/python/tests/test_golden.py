"""The cases every language must answer alike: `tests/golden/<case>/`."""

import json
from pathlib import Path
from typing import Any

import pytest

import jihe

CORPUS = Path(__file__).parents[3] / "tests" / "golden"
CASES = sorted(path.parent for path in CORPUS.glob("*/rules.jihe"))


def test_the_corpus_is_there() -> None:
    assert CASES, f"no case in {CORPUS}"
    print(f"{len(CASES)} golden cases")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden(case: Path) -> None:
    def read(name: str) -> str:
        path = case / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    options: dict[str, Any] = json.loads(read("options.json") or "{}")
    params = read("params/params.jihe") or None
    tables = {path.name: path.read_text(encoding="utf-8") for path in case.glob("*.csv")}
    rules = {path.name: path.read_text(encoding="utf-8") for path in sorted(case.glob("*.jihe"))}
    ruleset = jihe.compile(rules, tables=tables, params=params)
    report = ruleset.audit(read("claims.json"), **options)
    assert report["findings"] == json.loads(read("findings.json"))
