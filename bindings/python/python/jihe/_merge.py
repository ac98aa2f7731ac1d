"""Puts the coverage manifests of parts together.

In: manifests of parts of one run, all told the same coverage and as-of day. Out: the manifest of the whole.
Invariant: counts and amounts add up exactly; what is not a count is the same in every part.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Optional

Manifest = dict[str, Any]

_COUNTS = ("seen", "not_applicable", "pass", "hit", "exempt", "undecided", "amount_undecided", "amount_cut")
_COUNTS_BY_TEXT = ("undecided_by_cause", "exempt_by_reason")
_EXACT = Decimal("0.0001")


class Dates:
    """The days a run goes by, put together from those of its parts."""

    def __init__(self) -> None:
        self.as_of: Optional[str] = None
        self.coverage: dict[str, tuple[str, str]] = {}

    def add(self, manifest: Manifest) -> None:
        """Widens coverage by that of a part. Days are texts of one form, so they compare as texts."""
        as_of = manifest["as_of"]
        if as_of is not None and (self.as_of is None or as_of > self.as_of):
            self.as_of = as_of
        for kind, days in manifest["coverage"].items():
            if days is None:
                continue
            held = self.coverage.get(kind)
            self.coverage[kind] = (min(days[0], held[0]), max(days[1], held[1])) if held else (days[0], days[1])


def merge(
    base: Manifest,
    parts: Iterable[Manifest],
    common: Optional[Manifest],
    personal: set[str],
    totals: Manifest,
) -> Manifest:
    """The manifest of a run whose `parts` hold whole persons.

    `base` is the run over the records that belong to no person, and holds nothing of those that do; `common` the run of
    the rules that need all records; `personal` the kinds that were cut into parts; `totals` the money of all findings.
    """
    merged = dict(base)
    findings = 0 if common is None else common["totals"]["findings"]
    records = dict(base["records"])
    refunds = dict(base["refunds"])
    lines = {line["rule_id"]: _copy(line) for line in base["rules"]}
    for part in parts:
        findings += part["totals"]["findings"]
        for kind in personal & part["records"].keys():
            records[kind] += part["records"][kind]
        merged["rejected"] += part["rejected"] - base["rejected"]
        for name in refunds:
            refunds[name] += part["refunds"][name] - base["refunds"][name]
        for line in part["rules"]:
            _add(lines[line["rule_id"]], line)
    if common is not None:
        ran = {line["rule_id"]: line for line in common["rules"]}
        lines = {rule: ran.get(rule, line) if rule in common["only"] else line for rule, line in lines.items()}
    merged["records"], merged["refunds"] = records, refunds
    merged["rules"] = list(lines.values())
    merged["totals"] = {"findings": findings, **totals}
    return merged


def _copy(line: Manifest) -> Manifest:
    return {key: dict(value) if isinstance(value, dict) else value for key, value in line.items()}


def _add(line: Manifest, more: Manifest) -> None:
    for count in _COUNTS:
        line[count] += more[count]
    for count in _COUNTS_BY_TEXT:
        held = line[count]
        for text, number in more[count].items():
            held[text] = held.get(text, 0) + number
        line[count] = dict(sorted(held.items()))
    line["amount"] = str((Decimal(line["amount"]) + Decimal(more["amount"])).quantize(_EXACT))
