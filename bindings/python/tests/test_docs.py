"""The examples in docstrings and in the pages for pandas and polars users are run."""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import re
from pathlib import Path

import pyarrow
import pytest
from conftest import CLAIMS, RULES

import jihe

MODULES = ["jihe", "jihe._errors", "jihe._frame", "jihe._report", "jihe._ruleset", "jihe._session"]
README = Path(__file__).parents[1] / "README.md"
PAGES = sorted((Path(__file__).parents[3] / "docs" / "python").glob("*.md"))


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str) -> None:
    names = {"jihe": jihe, "ruleset": jihe.compile(RULES), "claims": CLAIMS}
    result = doctest.testmod(importlib.import_module(name), extraglobs=names)
    assert result.failed == 0
    assert result.attempted > 0


def test_every_public_name_has_an_example() -> None:
    """Functions and classes of the package, and all that has parameters in the classes one calls most."""
    shapes = {name for name in jihe.__all__ if not callable(getattr(jihe, name)) or hasattr(getattr(jihe, name), "__total__")}
    errors = {"ClaimsError", "CompileError", "FilesError", "UsageError", "ColumnWarning"}
    bare = set(jihe.__all__) - shapes - errors - {"Rules", "Table", "Tables"}
    documented = {f"jihe.{name}": getattr(jihe, name) for name in bare}
    for owner in (jihe.Ruleset, jihe.Session, jihe.Report):
        methods = {name: method for name, method in vars(owner).items() if inspect.isfunction(method) and name[0] != "_"}
        documented.update({f"{owner.__name__}.{name}": method for name, method in methods.items()})
    lacking = {name for name, one in documented.items() if ">>>" not in (inspect.getdoc(one) or "")}
    # A class' own example may show its calls.
    shown = {"Report.to_json", "Report.records", "Session.check"}
    assert lacking <= shown, lacking - shown


def test_the_readme_runs() -> None:
    frames = {"visits": pyarrow.Table.from_pylist(CLAIMS["visit"]), "items": pyarrow.Table.from_pylist(CLAIMS["item"])}
    code = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = dict(frames)
    exec(compile("\n".join(code), "README.md", "exec"), names)
    assert isinstance(names["report"], jihe.Report)


def test_every_page_is_run_by_a_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    assert len(PAGES) >= 5
    for page in PAGES:
        assert page.stem in ("pandas", "polars") or f"docs/python/{page.name}" in tests, page.name


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
