"""The way to `jihe.display`, which draws.

In: the name of a function of that module, and what to draw. Out: HTML.
Invariant: the module is loaded when something is drawn, never before.
"""

from __future__ import annotations

import importlib
from typing import Optional


def html(function: str, value: object) -> Optional[str]:
    """What the function gives; none where the module is not installed, so that a notebook shows the text instead."""
    try:
        display = importlib.import_module("jihe.display")
    except ModuleNotFoundError as error:
        if error.name != "jihe.display":
            raise
        return None
    drawn: str = getattr(display, function)(value)
    return drawn
