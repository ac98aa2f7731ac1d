"""Charts of leads and evidence, by Altair (`pip install 'jihe[charts]'`).

In: a report or a finding. Out: Altair charts, to be shown, saved or combined.
Invariant: a chart shows what the HTML of the same object shows; amounts appear as text, never as floating point.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from . import display
from ._timeline import timeline as _timeline

try:
    import altair as alt
except ImportError as error:  # pragma: no cover - said to whoever imports this without the extra
    raise ImportError("jihe.charts 需要 Altair：pip install 'jihe[charts]' (needs Altair)") from error

if TYPE_CHECKING:
    from . import Finding, Report

__all__ = ["leads", "timeline"]


def leads(report: Report, most: int = 15) -> alt.HConcatChart:
    """Number of leads by rule and by institution, most first."""
    by_rule = _bars(display.leads_by_rule(report)[:most], "规则")
    return alt.hconcat(by_rule, _bars(display.leads_by_institution(report)[:most], "机构"))


def timeline(finding: Finding) -> alt.LayerChart | alt.FacetChart:
    """The evidence of a finding on a time axis: days of supply or stay as bars, the rule's window behind them."""
    drawn = _timeline(finding)
    if drawn is None:
        raise ValueError(f"没有可按时间画出的证据 (no evidence with a time): {finding['finding_id']}")
    bars = [
        {
            "记录": f"{bar.name} {bar.key}",
            "起": bar.start.isoformat(),
            "止": bar.end.isoformat(),
            "天数": bar.days,
            "证据": "违规明细" if bar.offending else "涉及",
            "违规金额": display.yuan(bar.amount),
        }
        for bar in drawn.bars
    ]
    first, last = drawn.window
    window = [{"起": first.isoformat(), "止": (last + timedelta(days=1)).isoformat(), "窗口": drawn.caption}]
    colours = alt.Scale(domain=["违规明细", "涉及"], range=[display.OFFENDING, display.INVOLVED])
    behind = _chart(window).mark_rect(color=display.WINDOW, opacity=0.25)
    behind = behind.encode(x=alt.X("起:T", title="日期", scale=alt.Scale(type="utc")), x2="止:T", tooltip="窗口:N")
    lines = _chart(bars).mark_bar(height=14)
    lines = lines.encode(
        x="起:T",
        x2="止:T",
        y=alt.Y("记录:N", sort=None, title=None),
        color=alt.Color("证据:N", scale=colours, title=None),
        tooltip=["记录:N", "起:T", "止:T", "天数:Q", "证据:N", "违规金额:N"],
    )
    return alt.layer(behind, lines, title=drawn.caption)


def _bars(counts: list[tuple[str, int]], name: str) -> Any:
    values = [{name: what, "疑点": count} for what, count in counts]
    bars = _chart(values).mark_bar(color=display.LEADS)
    return bars.encode(x=alt.X("疑点:Q", axis=alt.Axis(tickMinStep=1)), y=alt.Y(f"{name}:N", sort=None, title=name))


def _chart(values: list[dict[str, Any]]) -> Any:
    return alt.Chart(alt.InlineData(values=values))
