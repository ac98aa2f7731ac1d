"""Reads rules given as text, texts or paths.

In: what `jihe.compile` was given. Out: the input of the native module: rule texts, knowledge tables and overrides by name.
Invariant: names are relative to the folder given and use `/`, so that they are the same on every system.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Optional, Union

#: Rule text, texts by file name, or paths of files and folders.
Rules = Union[str, Mapping[str, str], "PathLike[str]", Sequence[Union[str, "PathLike[str]"]]]
#: A text or the path of a file.
Text = Union[str, "PathLike[str]"]


def native_input(rules: Rules, tables: Optional[Mapping[str, Text]], params: Optional[Text]) -> str:
    """The texts as JSON."""
    texts, found = read_rules(rules)
    found.update({name: _text(table) for name, table in (tables or {}).items()})
    named = [[{"name": name, "text": text} for name, text in group.items()] for group in (texts, found)]
    overrides = None if params is None else _text(params)
    return json.dumps({"files": named[0], "tables": named[1], "params": overrides}, ensure_ascii=False)


def read_rules(rules: Rules) -> tuple[dict[str, str], dict[str, str]]:
    """Rule texts and table texts by name."""
    if isinstance(rules, str) and is_text(rules):
        return {"rules.jihe": rules}, {}
    if isinstance(rules, Mapping):
        return dict(rules), {}
    paths = [rules] if isinstance(rules, (str, PathLike)) else list(rules)
    texts: dict[str, str] = {}
    tables: dict[str, str] = {}
    for name, path in _files(paths):
        (tables if path.suffix == ".csv" else texts)[name] = path.read_text(encoding="utf-8-sig")
    if not texts:
        raise FileNotFoundError(f"no .jihe file in {', '.join(str(Path(path)) for path in paths)}")
    return texts, tables


def is_text(rules: str) -> bool:
    """Whether a text is a text rather than a path: rules have lines, braces and quotes, paths have none of them."""
    return not rules.strip() or any(mark in rules for mark in '\n{"“')


def _text(given: Text) -> str:
    if isinstance(given, str) and (is_text(given) or "," in given):
        return given
    return Path(fspath(given)).read_text(encoding="utf-8-sig")


def _files(paths: Sequence[Union[str, "PathLike[str]"]]) -> Iterator[tuple[str, Path]]:
    for path in map(Path, paths):
        if not path.is_dir():
            yield path.name, path
            continue
        for found in sorted(path.rglob("*")):
            if found.suffix in (".jihe", ".csv") and found.is_file():
                yield found.relative_to(path).as_posix(), found
