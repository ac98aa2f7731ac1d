"""Evidence of a finding on a time axis.

In: a finding of a report whose records are at hand. Out: bars from day to day, and the window of the rule.
Invariant: only evidence is drawn; a record without a time is left out and counted, never placed by guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Optional

from ._layout import KindLayout, layout_of

if TYPE_CHECKING:
    from . import Finding

_DAY = timedelta(days=1)
#: A window longer than this says nothing on a picture.
_LONGEST_WINDOW = 400


@dataclass(frozen=True)
class Bar:
    """A record of evidence: from its day to the day its supply, stay or use ends, that day left out."""

    kind: str
    key: str
    name: str
    start: date
    end: date
    days: int
    offending: bool
    amount: Optional[str]


@dataclass(frozen=True)
class Timeline:
    """Bars in order of time. The window is drawn from its first to its last day, both included."""

    bars: list[Bar]
    window: tuple[date, date]
    #: Whether the window is the rule's own; else it is the days the evidence spans.
    from_rule: bool
    #: Evidence that has no time.
    left_out: int

    @property
    def span(self) -> tuple[date, date]:
        """First day and the day after the last of all there is to draw."""
        first = min([self.window[0], *(bar.start for bar in self.bars)])
        return first, max([self.window[1] + _DAY, *(bar.end for bar in self.bars)])

    @property
    def caption(self) -> str:
        """What the marked window is."""
        first, last = self.window
        what = "规则窗口" if self.from_rule else "证据所跨"
        return f"{what} {first} 至 {last}，{(last - first).days + 1}天"


def timeline(finding: Finding) -> Optional[Timeline]:
    """The timeline of a finding; None without records, or if no evidence has a time."""
    if finding.report is None:
        return None
    layout = layout_of(finding.report.ruleset)
    kinds = {kind["name"]: kind for kind in layout["kinds"]}
    amounts = {(line["kind"], line["key"]): line["amount"] for line in finding["offending"]}
    wanted: dict[str, list[str]] = {}
    for line in [*finding["offending"], *finding["involved"]]:
        wanted.setdefault(line["kind"], []).append(line["key"])
    bars = []
    for name, keys in wanted.items():
        if name not in kinds:
            continue
        for record in filter(None, finding.report.records(name, keys)):
            bar = _bar(kinds[name], record, amounts)
            bars += [bar] if bar else []
    if not bars:
        return None
    bars.sort(key=lambda bar: (bar.start, bar.end, bar.key))
    window, from_rule = _window(finding, bars, layout["reach"].get(finding["rule_id"], {}))
    return Timeline(bars, window, from_rule, sum(map(len, wanted.values())) - len(bars))


def _bar(kind: KindLayout, record: dict[str, Any], amounts: dict[tuple[str, str], Optional[str]]) -> Optional[Bar]:
    start = next((_day(record.get(field)) for field in kind["clock"] if record.get(field)), None)
    if start is None:
        return None
    end = _end(kind, record, start)
    place = (kind["name"], record["key"])
    name = record.get("generic_name") or record.get("item_name") or record.get("name") or kind["name_zh"]
    days = (end - start).days
    return Bar(kind["name"], record["key"], name, start, end, days, place in amounts, amounts.get(place))


def _end(kind: KindLayout, record: dict[str, Any], start: date) -> date:
    """The day after the last one the record stands for: its supply, else its interval, else its own day."""
    supply = re.match(r"\d+", record.get("days_of_supply") or "")
    if supply:
        return start + max(int(supply[0]), 1) * _DAY
    last = _day(record.get(kind["interval"][1])) if kind["interval"] else None
    return max(last, start) + _DAY if last else start + _DAY


def _window(finding: Finding, bars: list[Bar], reach: dict[str, Any]) -> tuple[tuple[date, date], bool]:
    """The rule's window around the day of service, if it has one of bounded length; else what the evidence spans."""
    days = finding.service_date
    longest = {"look_back": 0, "look_ahead": 0}
    for of_kind in reach.values():
        for side in longest:
            length = of_kind[side]["days"] if isinstance(of_kind[side], dict) else 0
            longest[side] = max(longest[side], length)
    back, ahead = longest["look_back"], longest["look_ahead"]
    if days is None or not 1 < back + ahead <= _LONGEST_WINDOW:
        return (bars[0].start, max(bar.start for bar in bars)), False
    return (days - max(back - 1, 0) * _DAY, days + max(ahead - 1, 0) * _DAY), True


def _day(text: Optional[str]) -> Optional[date]:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
