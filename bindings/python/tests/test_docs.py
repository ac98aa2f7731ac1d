"""The examples in docstrings and in the pages for pandas and polars users are run."""

from __future__ import annotations

import doctest
import importlib
import os
import re
from pathlib import Path

import pytest
from conftest import CLAIMS, RULES

import jihe

MODULES = ["jihe", "jihe._errors", "jihe._frame", "jihe._report", "jihe._ruleset", "jihe._session"]
PAGES = sorted((Path(__file__).parents[3] / "docs" / "python").glob("*.md"))


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str) -> None:
    names = {"jihe": jihe, "ruleset": jihe.compile(RULES), "claims": CLAIMS}
    result = doctest.testmod(importlib.import_module(name), extraglobs=names)
    assert result.failed == 0
    assert result.attempted > 0


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem in ("pandas", "polars")], ids=lambda page: page.stem)
def test_pages(page: Path, tmp_path: Path) -> None:
    """Runs the code blocks of a page one after the other; what `print` shows is in the text block after it."""
    blocks = re.findall(r"```(python|text)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert [kind for kind, _ in blocks].count("python") > 2
    names: dict[str, object] = {}
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        printed = ""
        for kind, text in blocks:
            if kind == "python":
                printed = _run(text, names)
            else:
                assert printed.strip() == text.strip()
    finally:
        os.chdir(here)


def _run(text: str, names: dict[str, object]) -> str:
    lines: list[str] = []
    names["print"] = lambda *values: lines.append(" ".join(map(str, values)))
    exec(compile(text, "page", "exec"), names)
    return "\n".join(lines)
