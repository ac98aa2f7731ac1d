"""The notebook runs, and shows what it was saved with.

In: `audit.ipynb` with its outputs. Out: nothing; with JIHE_RENDER=1 the notebook is saved with new outputs.
Invariant: every output is compared, but for cells tagged `varies` (the hash of the shipped rules; pictures, whose letters are
as wide as the fonts at hand).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

HERE = Path(__file__).parent
NOTEBOOK = HERE / "audit.ipynb"


def shown(cell: Any) -> list[Any]:
    """What a cell shows, by type of output."""
    return [output.get("data") or output.get("text") for output in cell.get("outputs", [])]


@pytest.fixture(scope="module")
def both() -> tuple[list[Any], list[Any]]:
    """The code cells as saved and as run now."""
    saved = nbformat.read(NOTEBOOK, as_version=4)
    fresh = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(fresh, timeout=120, resources={"metadata": {"path": str(HERE)}}, record_timing=False).execute()
    if os.environ.get("JIHE_RENDER"):
        nbformat.write(fresh, NOTEBOOK)
        saved = fresh
    cells = [[cell for cell in book.cells if cell.cell_type == "code"] for book in (saved, fresh)]
    return cells[0], cells[1]


def test_every_cell_shows_what_it_was_saved_with(both: tuple[list[Any], list[Any]]) -> None:
    saved, fresh = both
    assert len(saved) == len(fresh) > 5
    for old, new in zip(saved, fresh):
        assert shown(new), new.source
        if "varies" not in new.metadata.get("tags", []):
            assert shown(new) == shown(old), new.source


def test_the_pictures_hold_the_evidence(both: tuple[list[Any], list[Any]]) -> None:
    pages = [output["text/html"] for cell in both[1] for output in shown(cell) if "text/html" in output]
    rules, report, largest, chain = pages
    assert "C1" in rules and "document.write" not in rules and "<script" not in "".join(pages)
    assert len(re.findall('class="bar"', report)) >= 3 + 2, "leads by rule and by institution"
    for page, bars in ((largest, 1), (chain, 3)):
        assert len(re.findall('class="bar"', page)) >= bars
        assert len(re.findall('class="window"', page)) == 1
    charts = [output["image/svg+xml"] for cell in both[1] for output in shown(cell) if "image/svg+xml" in output]
    assert len(charts) == 2
    assert len(re.findall('aria-roledescription="bar"', charts[1])) == 3
    assert len(re.findall('aria-roledescription="rect mark"', charts[1])) == 1
