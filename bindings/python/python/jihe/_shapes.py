"""The shapes of what comes back, as `docs/contract.md` fixes them.

In: nothing. Out: types for editors and mypy.
Invariant: no code; at run time these are plain dicts and lists.
"""

from __future__ import annotations

from typing import Any, Optional, TypedDict


class Evidence(TypedDict):
    """A record a finding rests on; `amount` only where it offends."""

    kind: str
    key: str
    amount: Optional[str]


class Involved(TypedDict):
    """A record merely involved."""

    kind: str
    key: str


class Finding(TypedDict):
    """A lead (疑点), with its evidence."""

    finding_id: str
    rule_id: str
    rule_name: str
    rule_version: str
    nature: str
    subject_kind: str
    subject_key: str
    person: Optional[str]
    institution: Optional[str]
    practitioner: Optional[str]
    visit: Optional[str]
    service_date: Optional[str]
    amount: Optional[str]
    message: str
    verify: str
    basis: str
    offending: list[Evidence]
    involved: list[Involved]
    values: dict[str, Optional[str]]


class Report(TypedDict):
    """Findings, what was looked at, and the rows that could not be read."""

    version: int
    findings: list[Finding]
    coverage: dict[str, Any]
    rejects: list[dict[str, Any]]


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


class TestReport(TypedDict):
    """Tests run, expectations checked, and those that did not hold."""

    tests: int
    expectations: int
    failures: list[dict[str, Any]]
