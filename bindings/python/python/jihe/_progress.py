"""How far a run is: a bar in a terminal or a notebook, or a function of the caller's.

In: stage, portions done, their number. Out: a line that is written over.
Invariant: nothing is written where `progress` is not asked for; a notebook's bar is one cell output.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any, Optional, Union

#: Is told the stage (``read`` or ``audit``), how many portions of it are done, and of how many.
Watcher = Callable[[str, int, int], None]

_STAGES = {"read": "读取 read", "audit": "稽核 audit"}
_WIDTH = 30


def watcher(progress: Union[bool, Watcher]) -> Optional[Watcher]:
    """The function to tell, if any."""
    if callable(progress):
        return progress
    return Bar() if progress else None


class Bar:
    """A bar. It may be told from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: Any = _notebook_handle()
        self._last = ("", -1)

    def __call__(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            percent = 100 * done // total if total else 100
            if self._last[0] == stage and percent <= self._last[1]:
                return
            self._last = (stage, percent)
            self._draw(_STAGES.get(stage, stage), percent, stage == "audit" and done >= total)

    def _draw(self, stage: str, percent: int, is_end: bool) -> None:
        if self._handle is not None:
            bar = f"<progress max='100' value='{percent}' style='width:20em'></progress>"
            self._handle.update(_Html(f"{bar} {stage} {percent}%"))
            return
        full = _WIDTH * percent // 100
        sys.stderr.write(f"\r{stage} [{'#' * full}{'.' * (_WIDTH - full)}] {percent:3d}%" + ("\n" if is_end else ""))
        sys.stderr.flush()


class _Html:
    def __init__(self, text: str) -> None:
        self._text = text

    def _repr_html_(self) -> str:
        return self._text


def _notebook_handle() -> Any:
    """The output of a notebook's cell; none in a terminal."""
    if "ipykernel" not in sys.modules:
        return None
    from IPython.display import display

    return display(_Html(""), display_id=True)
