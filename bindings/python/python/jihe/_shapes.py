"""The shapes of what comes back, as `docs/contract.md` fixes them.

In: nothing. Out: types for editors and mypy.
Invariant: no code; at run time these are plain dicts and lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional, TypedDict, Union


class Evidence(TypedDict):
    """A record a finding rests on; `amount` only where it offends."""

    kind: str
    key: str
    amount: Optional[str]


class Involved(TypedDict):
    """A record merely involved."""

    kind: str
    key: str


class Diagnostic(TypedDict):
    """What is wrong with a rule text, where, and what would mend it."""

    code: str
    severity: str
    message: str
    message_en: str
    labels: list[dict[str, Any]]
    help: Optional[str]
    help_en: Optional[str]
    fix: Optional[dict[str, Any]]


class RuleInfo(TypedDict):
    """A rule: its text as written, whom it looks at, and what it rests on."""

    id: str
    name: str
    nature: str
    scope: str
    basis: str
    text: str


class RuleCoverage(TypedDict):
    """What became of the subjects of one rule."""

    rule_id: str
    rule_name: str
    rule_version: str
    scope: str
    status: str
    reason: Optional[str]
    seen: int
    not_applicable: int
    # "pass" is a word of Python and cannot be written here; it is there all the same.
    hit: int
    exempt: int
    undecided: int
    undecided_by_cause: dict[str, int]
    exempt_by_reason: dict[str, int]
    amount: str
    amount_undecided: int
    amount_cut: int


class Reject(TypedDict):
    """A row that could not be read, and why."""

    kind: str
    file: str
    line: int
    column: Optional[str]
    value: str
    reason: str
    reason_en: str


class KindRequirement(TypedDict):
    """What to fetch of a kind; a reach is ``"claim"``, ``{"days": n}`` or ``"unbounded"``."""

    fields: list[str]
    look_back: Union[str, dict[str, int]]
    look_ahead: Union[str, dict[str, int]]


class Requirements(TypedDict):
    """What a host must fetch for the rules."""

    kinds: dict[str, KindRequirement]
    tables: list[str]
    code_sets: list[str]


#: Rows of one summary: a key or column each. A value known from below is ``{"at_least", "cause"}``, a missing one
#: ``{"cause"}`` or None.
SnapshotRow = Mapping[str, Union[str, int, Mapping[str, str], None]]


class DatedRows(TypedDict):
    """Rows of a summary, and the first and last day its batch covered."""

    coverage: Optional[list[str]]
    rows: list[SnapshotRow]


#: Rows of a summary, with the days covered or without.
SnapshotRows = Union[DatedRows, Sequence[SnapshotRow]]


class Snapshot(TypedDict):
    """Rows of population summaries, for sessions (contract 26)."""

    version: int
    summaries: dict[str, DatedRows]


class Withdrawn(TypedDict):
    """A finding that no longer holds."""

    rule_id: str
    subject_key: str


class NotEvaluated(TypedDict):
    """A rule that one person's records cannot decide, and the summaries it would need."""

    rule_id: str
    needs: list[str]


class TestReport(TypedDict):
    """Tests run, expectations checked, and those that did not hold."""

    tests: int
    expectations: int
    failures: list[dict[str, Any]]
