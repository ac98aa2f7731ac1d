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
    options: dict[str, Any] = {}
    if (case / "options.json").exists():
        options = json.loads((case / "options.json").read_text(encoding="utf-8"))
    params = options.pop("params", None)
    tables = {path.name: path.read_text(encoding="utf-8") for path in case.glob("*.csv")}
    rules = {"rules.jihe": (case / "rules.jihe").read_text(encoding="utf-8")}
    ruleset = jihe.compile(rules, tables=tables, params=params)
    report = ruleset.audit((case / "claims.json").read_text(encoding="utf-8"), **options)
    assert report["findings"] == json.loads((case / "findings.json").read_text(encoding="utf-8"))
