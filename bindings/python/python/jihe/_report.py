"""What a run found: leads, what was looked at, and the rows that could not be read.

In: a report of the native module. Out: frames, findings, records.
Invariant: nothing is decided here; a finding is the contract's JSON with typed attributes beside.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Optional, cast

from . import _native
from ._display import html
from ._errors import translated
from ._frame import Frame
from ._shapes import Evidence, Involved, Reject, RuleCoverage

if TYPE_CHECKING:
    from ._ruleset import Ruleset


class Finding(dict[str, Any]):
    """A lead (疑点), with its evidence.

    As a dict it is the contract's JSON: amounts are texts with four digits. Its attributes are typed.

    >>> finding = ruleset.audit(claims).findings[0]
    >>> finding["amount"], finding.amount
    ('500.0000', Decimal('500.0000'))
    >>> finding.message, finding.service_date
    ('单笔1500.00元', datetime.date(2024, 3, 1))
    >>> finding.offending
    [{'kind': 'item', 'key': 'L1', 'amount': '500.0000'}]
    """

    def __init__(self, values: dict[str, Any], report: Optional[Report] = None) -> None:
        super().__init__(values)
        #: The report it is from, whose records its evidence names; none in a session.
        self.report = report

    @property
    def finding_id(self) -> str:
        """Names the finding: the same on every machine and in every language."""
        return cast(str, self["finding_id"])

    @property
    def rule_id(self) -> str:
        """编号"""
        return cast(str, self["rule_id"])

    @property
    def rule_name(self) -> str:
        """名称"""
        return cast(str, self["rule_name"])

    @property
    def nature(self) -> str:
        """``violation`` 违规, ``likely`` 高度可疑, ``suspicious`` 可疑, ``data_quality`` 数据质量."""
        return cast(str, self["nature"])

    @property
    def subject_kind(self) -> str:
        """English name of the kind of record it is about."""
        return cast(str, self["subject_kind"])

    @property
    def subject_key(self) -> str:
        """The key of the record it is about."""
        return cast(str, self["subject_key"])

    @property
    def person(self) -> Optional[str]:
        """The person, if all evidence shares one."""
        return cast("Optional[str]", self["person"])

    @property
    def institution(self) -> Optional[str]:
        """The institution, if all evidence shares one."""
        return cast("Optional[str]", self["institution"])

    @property
    def amount(self) -> Optional[Decimal]:
        """Violating amount in yuan, exact; none if undecided or if the rule has none."""
        return None if self["amount"] is None else Decimal(self["amount"])

    @property
    def service_date(self) -> Optional[datetime.date]:
        """Local day of what it is about."""
        day = self["service_date"]
        return None if day is None else datetime.date.fromisoformat(day)

    @property
    def message(self) -> str:
        """说明"""
        return cast(str, self["message"])

    @property
    def offending(self) -> list[Evidence]:
        """The offending records, with the violating amount on each."""
        return cast("list[Evidence]", self["offending"])

    @property
    def involved(self) -> list[Involved]:
        """Records merely involved."""
        return cast("list[Involved]", self["involved"])

    @property
    def decided_by(self) -> dict[str, Optional[str]]:
        """The values that decided, as people read them, in the order of the rule."""
        return cast("dict[str, Optional[str]]", self["values"])

    def _repr_html_(self) -> Optional[str]:
        return html("finding_html", self)


class Report:
    """What a run found.

    >>> report = ruleset.audit(claims)
    >>> report
    <jihe.Report: 1 findings of 1 rules, 500.0000 yuan, 0 rows rejected>
    >>> report.coverage[0]["seen"], report.coverage[0]["hit"]
    (2, 1)
    >>> report.records("item", ["L1"])[0]["amount"]
    '1500.00元'
    """

    def __init__(self, native: _native.Report, ruleset: Ruleset) -> None:
        self._native = native
        #: The rules that ran.
        self.ruleset = ruleset

    @cached_property
    def findings(self) -> Frame[Finding]:
        """The leads, by rule id, then subject key."""
        return Frame(self._native.findings, self._native.findings_count(), self._findings_page)

    @cached_property
    def coverage(self) -> Frame[RuleCoverage]:
        """A row a rule: how many subjects it saw, and what became of them."""
        rules: list[RuleCoverage] = self.manifest["rules"]
        return Frame(self._native.coverage, len(rules), lambda start, count: rules[start : start + count])

    @cached_property
    def rejects(self) -> Frame[Reject]:
        """The rows that could not be read: table, row, column, value and reason."""
        return Frame(self._native.rejects, self._native.rejects_count(), self._rejects_page)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The coverage manifest: rules, tables, dates, counts, totals of money with each charge counted once."""
        return cast("dict[str, Any]", json.loads(self._native.summary())["coverage"])

    def finding(self, finding_id: str) -> Finding:
        """The finding of an id.

        >>> report = ruleset.audit(claims)
        >>> report.finding(report.findings[0].finding_id).subject_key
        'L1'
        """
        place = self._native.position(finding_id)
        if place is None:
            raise KeyError(finding_id)
        return self.findings[place]

    def records(self, kind: str, keys: Optional[Iterable[str]] = None) -> list[dict[str, Optional[str]]]:
        """Records that were read, as people read them: texts by English field name, and ``key``.

        Of a kind all, or those of some keys; a key that no record has gives an empty dict.
        """
        wanted = self._native.keys(kind) if keys is None else list(keys)
        with translated():
            text = self._native.records(kind, json.dumps(wanted, ensure_ascii=False))
        found: list[dict[str, Optional[str]]] = json.loads(text)
        return [{"key": key, **record} if record else {} for key, record in zip(wanted, found)]

    def to_json(self) -> str:
        """The whole report as JSON text, as every language of this library gives it."""
        return self._native.json()

    def _findings_page(self, start: int, count: int) -> list[Finding]:
        return [Finding(values, self) for values in json.loads(self._native.findings_page(start, count))]

    def _rejects_page(self, start: int, count: int) -> list[Reject]:
        return cast("list[Reject]", json.loads(self._native.rejects_page(start, count)))

    def __repr__(self) -> str:
        ran = sum(rule["status"] == "ran" for rule in self.manifest["rules"])
        amount = self.manifest["totals"]["amount"]
        count = self._native.rejects_count()
        return f"<jihe.Report: {len(self.findings)} findings of {ran} rules, {amount} yuan, {count} rows rejected>"

    def _repr_html_(self) -> Optional[str]:
        return html("report_html", self)
