"""How records and rules fall into parts, for running them on a cluster.

In: a ruleset. Out: its layout, with the shapes below (`jihe::Layout` of the Rust crate).
Invariant: nothing about kinds or fields is known here; everything comes from the compiled rules.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Optional, TypedDict, cast

if TYPE_CHECKING:
    from . import Ruleset


class FieldLayout(TypedDict):
    """A field: every name it goes by, in order of preference, and the kind it refers to."""

    name: str
    names: list[str]
    refers_to: Optional[str]


class KindLayout(TypedDict):
    """A kind: whether its records belong to persons, its key and times, what rules over all records read of it."""

    name: str
    name_zh: str
    personal: bool
    key: list[str]
    clock: list[str]
    interval: Optional[list[str]]
    fields: list[FieldLayout]
    common_fields: list[str]


class Layout(TypedDict):
    """All kinds; ids of the rules that whole persons suffice for, and of those that need all records at once.

    `reach` says by rule id and kind how far its windows look: `look_back` and `look_ahead`, each ``"claim"``,
    ``{"days": n}`` or ``"unbounded"``.
    """

    kinds: list[KindLayout]
    by_person: list[str]
    common: list[str]
    reach: dict[str, dict[str, Any]]


def layout_of(ruleset: Ruleset) -> Layout:
    """The layout of a ruleset."""
    return cast(Layout, json.loads(ruleset._native.layout_json()))


def columns_of(kind: KindLayout, columns: list[str]) -> dict[str, list[str]]:
    """The columns that hold each field, preferred ones first, as every reader of this library resolves them."""
    held: dict[str, list[str]] = {}
    for field in kind["fields"]:
        known = [_folded(name) for name in field["names"]]
        ranked = [(known.index(_folded(column)), at) for at, column in enumerate(columns) if _folded(column) in known]
        if ranked:
            held[field["name"]] = [columns[at] for _, at in sorted(ranked)]
    return held


def _folded(name: str) -> str:
    """Without byte order mark and blanks; only Latin letters match in either case."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in name.lstrip("\ufeff").strip())
