"""What a ruleset, a report and a finding look like in a notebook.

In: the object. Out: HTML that needs no script, no font and no network, readable on light and dark ground.
Invariant: every text that comes from rules or data is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING, Any, Optional

from ._layout import layout_of
from ._timeline import Timeline, timeline

if TYPE_CHECKING:
    from . import Finding, Report, Ruleset

NATURES = {"violation": "违规", "likely": "高度可疑", "suspicious": "可疑", "data_quality": "数据质量"}

#: Colours of middle lightness, told apart on white and on black.
OFFENDING, INVOLVED, WINDOW, LEADS = "#d9822b", "#5b8fc7", "#9aa0a6", "#5b8fc7"

_STYLE = """<style>
.jihe{font:13px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:inherit;max-width:60rem}
.jihe h4{margin:.6em 0 .3em;font-size:14px}.jihe p{margin:.3em 0}
.jihe .box{max-height:24rem;overflow:auto}
.jihe table{border-collapse:collapse;margin:.3em 0;font:inherit;color:inherit;background:none}
.jihe th,.jihe td{border-bottom:1px solid rgba(128,128,128,.35);padding:2px 8px;text-align:left;vertical-align:top;white-space:nowrap}
.jihe td.w{white-space:normal;min-width:16em}
.jihe td.n,.jihe th.n{text-align:right;font-variant-numeric:tabular-nums}
.jihe .dim{opacity:.7}.jihe svg{max-width:100%;height:auto}.jihe svg text{fill:currentColor;font-size:12px}
.jihe pre{white-space:pre-wrap;background:none;color:inherit;margin:.3em 0}
</style>"""

_MOST_ROWS = 20
_MOST_BARS = 15
_LONGEST_LINE = 24


def ruleset_html(ruleset: Ruleset) -> str:
    """Name, version and a row a rule."""
    rules = ruleset.rules
    rows = [
        (rule["id"], rule["name"], {"person": "个人", "population": "群体"}[rule["scope"]], rule["basis"])
        for rule in rules
    ]
    head = f"<b>{escape(ruleset.name)}</b> {escape(ruleset.version)}，{len(rules)}条规则"
    warned = f"，{len(ruleset.warnings)}条提示" if ruleset.warnings else ""
    mark = f'<span class="dim">{escape(ruleset.hash[:12])}</span>'
    return _page(f"<p>{head}{warned} {mark}</p>", _table(("编号", "名称", "范围", "依据"), rows))


def report_html(report: Report) -> str:
    """Totals, leads by rule and institution, the first findings, and what was left undecided."""
    manifest = report.manifest
    totals, findings = manifest["totals"], report.findings
    rejected = f"，{manifest['rejected']}行未能读入" if manifest["rejected"] else ""
    head = f"<p><b>{totals['findings']}条疑点</b>，{yuan(totals['amount'])}元（同一笔费用只计一次）{rejected}</p>"
    by_rule, by_institution = leads_by_rule(report), leads_by_institution(report)
    charts = _bars("按规则", by_rule) + _bars("按机构", by_institution)
    rows = [
        (one["rule_id"], one["rule_name"], NATURES.get(one.nature, one.nature), one["person"] or "",
         one["service_date"] or "", yuan(one["amount"]), one["message"])
        for one in (findings[at] for at in range(min(len(findings), _MOST_ROWS)))
    ]
    shown = f"<h4>疑点（前{len(rows)}条）</h4>" if len(rows) < len(findings) else "<h4>疑点</h4>"
    names = ("规则", "名称", "性质", "参保人", "日期", "金额", "说明")
    return _page(head, charts, shown, _table(names, rows, numeric={5}), _undecided(manifest))


def finding_html(finding: Finding) -> str:
    """What the rule says, on what basis, and the evidence, on a time axis where it has times."""
    nature = NATURES.get(finding.nature, finding.nature)
    money = f"，{yuan(finding['amount'])}元" if finding["amount"] is not None else ""
    head = f"<p><b>{escape(finding['rule_id'])} {escape(finding['rule_name'])}</b>（{escape(nature)}{money}）</p>"
    parts = [head, f"<p>{escape(finding['message'])}</p>"]
    drawn = timeline(finding)
    if drawn is not None:
        parts.append(timeline_svg(drawn))
    facts = [("对象", f"{finding['subject_kind']} {finding['subject_key']}"), ("依据", finding["basis"]),
             ("核查", finding["verify"])]
    facts += [(name, value if value is not None else "未知") for name, value in finding["values"].items()]
    parts.append(_table(("项", "内容"), [fact for fact in facts if fact[1]]))
    return _page(*parts, "<h4>证据</h4>", _evidence(finding))


def leads_by_rule(report: Report) -> list[tuple[str, int]]:
    """Number of findings a rule, most first."""
    counts = Counter(f"{one['rule_id']} {one['rule_name']}" for one in report.findings)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def leads_by_institution(report: Report) -> list[tuple[str, int]]:
    """Number of findings an institution, most first; findings that name none are left out."""
    counts = Counter(one["institution"] for one in report.findings if one["institution"])
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def yuan(amount: Optional[str]) -> str:
    """An amount as people read it: two decimals, half up; empty if there is none."""
    from decimal import ROUND_HALF_UP, Decimal

    return "" if amount is None else f"{Decimal(str(amount)).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def timeline_svg(drawn: Timeline) -> str:
    """A bar a record, from its day over its days of supply; the window behind them."""
    first, end = drawn.span
    left, width, row = 150, 470, 22
    height = row * len(drawn.bars) + 44
    total = max((end - first).days, 1)

    def x(day: date) -> float:
        return round(left + width * (day - first).days / total, 1)

    window_from, window_to = x(drawn.window[0]), x(drawn.window[1] + timedelta(days=1))
    shapes = [
        f'<rect class="window" x="{window_from}" y="4" width="{max(window_to - window_from, 2):.1f}" '
        f'height="{height - 40}" fill="{WINDOW}" fill-opacity=".25"><title>{escape(drawn.caption)}</title></rect>'
    ]
    for at, bar in enumerate(drawn.bars):
        y = 8 + at * row
        colour, state = (OFFENDING, "违规明细") if bar.offending else (INVOLVED, "涉及")
        about = f"{state} {bar.key} {bar.name} {bar.start} {bar.days}天" + (f" {yuan(bar.amount)}元" if bar.amount else "")
        shapes.append(f'<text x="{left - 6}" y="{y + 12}" text-anchor="end">{escape(_short(bar.name, 11))}</text>')
        shapes.append(
            f'<rect class="bar" x="{x(bar.start)}" y="{y}" width="{max(x(bar.end) - x(bar.start), 3):.1f}" '
            f'height="{row - 6}" fill="{colour}"><title>{escape(about)}</title></rect>'
        )
        late = x(bar.start) > left + 0.8 * width
        place = f'x="{x(bar.start) - 4}" text-anchor="end"' if late else f'x="{x(bar.start) + 4}"'
        shapes.append(f'<text {place} y="{y + 12}">{bar.start:%m-%d} {bar.days}天</text>')
    axis = height - 32
    shapes.append(f'<line x1="{left}" x2="{left + width}" y1="{axis}" y2="{axis}" stroke="currentColor" stroke-opacity=".5"/>')
    for day, anchor in ((first, "start"), (end, "end")):
        shapes.append(f'<text x="{x(day)}" y="{axis + 14}" text-anchor="{anchor}">{day}</text>')
    shapes.append(f'<text x="{left}" y="{axis + 28}">{escape(drawn.caption)}</text>')
    body = "".join(shapes)
    return f'<svg viewBox="0 0 {left + width + 10} {height}" width="{left + width + 10}" role="img">{body}</svg>'


def _bars(title: str, counts: Sequence[tuple[str, int]]) -> str:
    if not counts:
        return ""
    most, row, left, width = max(count for _, count in counts), 20, 260, 320
    shapes = []
    for at, (name, count) in enumerate(counts[:_MOST_BARS]):
        y = at * row
        shapes.append(
            f'<text x="{left - 6}" y="{y + 14}" text-anchor="end">{escape(_short(name, 19))}<title>{escape(name)}</title></text>'
            f'<rect class="bar" x="{left}" y="{y + 2}" width="{max(width * count / most, 2):.1f}" height="{row - 5}" fill="{LEADS}"/>'
            f'<text x="{left + width * count / most + 6:.1f}" y="{y + 14}">{count}</text>'
        )
    shown = min(len(counts), _MOST_BARS)
    rest = f'<p class="dim">另有{len(counts) - shown}项</p>' if shown < len(counts) else ""
    box = f'viewBox="0 0 {left + width + 60} {row * shown}" width="{left + width + 60}"'
    return f'<h4>{escape(title)}</h4><svg {box} role="img">{"".join(shapes)}</svg>{rest}'


def _undecided(manifest: dict[str, Any]) -> str:
    rows = [
        (line["rule_id"], line["rule_name"], str(line["undecided"]), str(line["seen"]),
         "；".join(f"{cause} {count}" for cause, count in line["undecided_by_cause"].items()))
        for line in manifest["rules"]
        if line["undecided"]
    ]
    if not rows:
        return ""
    title = f"<summary>{len(rows)}条规则有无法判定的记录</summary>"
    return f"<details>{title}{_table(('规则', '名称', '无法判定', '所见', '原因'), rows, numeric={2, 3})}</details>"


def _evidence(finding: Finding) -> str:
    if finding.report is None:
        lines = [(line["kind"], line["key"], yuan(line.get("amount"))) for line in _lines(finding)]
        return _table(("种类", "键", "违规金额"), lines, numeric={2})
    kinds = {kind["name"]: kind for kind in layout_of(finding.report.ruleset)["kinds"]}
    wanted: dict[str, dict[str, str]] = {}
    for line in _lines(finding):
        wanted.setdefault(line["kind"], {})[line["key"]] = yuan(line.get("amount"))
    parts = []
    for name, amounts in wanted.items():
        kind = kinds.get(name)
        records = list(filter(None, finding.report.records(name, list(amounts)))) if kind else []
        if not kind or not records:
            parts.append(_table(("种类", "键", "违规金额"), [(name, key, amount) for key, amount in amounts.items()]))
            continue
        if len(kind["key"]) == 1:  # not read as a field where columns="needed" and no rule looks at it
            records = [{kind["key"][0]: one["key"], **one} for one in records]
        held = [field for field in kind["fields"] if any(record.get(field["name"]) for record in records)]
        head = ("违规金额", *(field["names"][0] for field in held))
        rows = [(amounts.get(one["key"] or "", ""), *(one.get(field["name"]) or "" for field in held)) for one in records]
        parts.append(f"<p>{escape(kind['name_zh'])}</p>" + _table(head, rows, numeric={0}))
    return "".join(parts)


def _lines(finding: Finding) -> list[dict[str, Any]]:
    return [dict(line) for line in (*finding["offending"], *finding["involved"])]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()) -> str:
    numbers = set(numeric)

    def line(tag: str, cells: Sequence[str]) -> str:
        marks = (' class="n"' if at in numbers else _wide(cell) for at, cell in enumerate(cells))
        inner = "".join(f"<{tag}{mark}>{escape(str(cell))}</{tag}>" for mark, cell in zip(marks, cells))
        return f"<tr>{inner}</tr>"

    body = "".join(line("td", row) for row in rows)
    return f'<div class="box"><table><thead>{line("th", head)}</thead><tbody>{body}</tbody></table></div>'


def _wide(cell: str) -> str:
    return ' class="w"' if len(cell) > _LONGEST_LINE else ""


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _page(*parts: str) -> str:
    return f'{_STYLE}<div class="jihe">{"".join(parts)}</div>'
