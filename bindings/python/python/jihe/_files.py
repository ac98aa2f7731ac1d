"""Reads rules given as text, texts or paths.

In: what `jihe.compile` was given. Out: rule texts by name, and the knowledge tables found beside them.
Invariant: names are relative to the folder given and use `/`, so that they are the same on every system.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Union


def read_rules(
    rules: Union[str, Mapping[str, str], "PathLike[str]", Sequence["PathLike[str]"]],
) -> tuple[dict[str, str], dict[str, str]]:
    """Rule texts and table texts by name; a plain `str` is the text itself, never a path."""
    if isinstance(rules, str):
        return {"rules.jihe": rules}, {}
    if isinstance(rules, Mapping):
        return dict(rules), {}
    paths = [rules] if isinstance(rules, PathLike) else rules
    texts: dict[str, str] = {}
    tables: dict[str, str] = {}
    for name, path in _files(paths):
        (tables if path.suffix == ".csv" else texts)[name] = path.read_text(encoding="utf-8-sig")
    if not texts:
        raise FileNotFoundError(f"no .jihe file in {', '.join(str(Path(path)) for path in paths)}")
    return texts, tables


def _files(paths: Sequence["PathLike[str]"]) -> Iterator[tuple[str, Path]]:
    for path in map(Path, paths):
        if not path.is_dir():
            yield path.name, path
            continue
        for found in sorted(path.rglob("*")):
            if found.suffix in (".jihe", ".csv") and found.is_file():
                yield found.relative_to(path).as_posix(), found
