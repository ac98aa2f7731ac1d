"""What rulesets, reports and findings look like, and the pages that show it.

In: small claims, and the folder of the example notebook. Out: nothing.
Invariant: text from rules and data cannot become markup; what is drawn is what the finding says.
"""

from __future__ import annotations

import re
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import jihe
from jihe import display
from jihe._timeline import timeline

ROOT = Path(__file__).parents[3]
CLAIMS = ROOT / "examples/notebook/claims"
NAME = "<script>alert(1)</script>&\"片\""
RULES = """
规则包 "<b>包" 版本 "1"
规则 超量 {
  编号 "C1" 名称 "<i>超量" 依据 "<u>条例"
  针对 明细
  设 窗口 = 明细 同一(通用名) 最近 30 天 至 本条
  设 累计 = 合计(窗口.供药天数)
  当 累计 > 30 天
  性质 可疑
  违规金额 金额
  涉及 窗口
  说明 "{通用名}{累计}"
}
规则 无证据时间 { 编号 "C2" 针对 机构 当 核定床位 > 1 性质 可疑 说明 "床" }
"""


def line(key: str, day: str, days: int) -> dict[str, Any]:
    return {"item_id": key, "generic_name": NAME, "used_time": day, "days_of_supply": str(days), "amount": "12.5", "quantity": "1"}


@pytest.fixture(scope="module")
def report() -> jihe.Report:
    items = [line("L1", "2024-03-01", 30), line("L2", "2024-03-20 08:30", 14)]
    return jihe.compile(RULES).audit({"item": items, "institution": [{"institution_id": "H1", "licensed_beds": "5"}]})


def test_nothing_from_rules_or_data_becomes_markup(report: jihe.Report) -> None:
    for shown in (report.ruleset, report, report.findings[0]):
        page = shown._repr_html_()
        assert page is not None
        assert "<script" not in page and "<b>包" not in page and "<i>超量" not in page and "<u>条例" not in page
    assert "&lt;script&gt;" in str(report.findings[0]._repr_html_())


def test_the_page_follows_the_ground_it_is_on(report: jihe.Report) -> None:
    page = str(report._repr_html_())
    grounds = re.findall(r"#fff\b|#000\b|:white\b|:black\b", page)
    assert not grounds and "color:inherit" in page and "currentColor" in page
    assert "http" not in page and "src=" not in page


def test_a_timeline_has_days_of_supply_and_the_window(report: jihe.Report) -> None:
    drawn = timeline(report.findings[0])
    assert drawn is not None
    assert [(bar.key, bar.start, bar.days, bar.offending) for bar in drawn.bars] == [
        ("L1", date(2024, 3, 1), 30, False),
        ("L2", date(2024, 3, 20), 14, True),
    ]
    assert drawn.from_rule and drawn.window == (date(2024, 2, 20), date(2024, 3, 20))
    assert "规则窗口 2024-02-20 至 2024-03-20，30天" in str(report.findings[0]._repr_html_())


def test_a_finding_without_times_has_no_timeline(report: jihe.Report) -> None:
    beds = next(one for one in report.findings if one.rule_id == "C2")
    assert timeline(beds) is None
    assert "<svg" not in str(beds._repr_html_())


def test_a_finding_of_no_report_shows_its_evidence(report: jihe.Report) -> None:
    alone = jihe.Finding(dict(report.findings[0]))
    page = str(alone._repr_html_())
    assert "L2" in page and "12.50" in page


def test_amounts_are_shown_half_up() -> None:
    assert [display.yuan(amount) for amount in ("0.0050", "1234.5649", None)] == ["0.01", "1,234.56", ""]


def test_the_page_on_notebooks(tmp_path: Path) -> None:
    page = (ROOT / "docs/python/notebook.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"jihe": jihe, "claims": CLAIMS, "out": tmp_path}
    exec("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), names)
    saved = (tmp_path / "finding.json").read_text(encoding="utf-8")
    assert names["finding"]["offending"][0]["key"] in saved
    for one in names["report"].findings:
        drawn = timeline(one)
        assert drawn is not None and len(drawn.bars) == len(one.offending) + len(one.involved)


def test_pages_need_no_altair(report: jihe.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    monkeypatch.delitem(sys.modules, "jihe.charts", raising=False)
    assert "<svg" in str(report._repr_html_())
    with pytest.raises(ImportError, match="charts"):
        import jihe.charts  # noqa: F401


def test_the_page_on_databases() -> None:
    page = (ROOT / "docs/python/databases.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"claims": CLAIMS}
    exec("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), names)
    assert [rule for rule, _, _ in names["found"]] == ["C1", "C2", "C3"]
    amounts = [one.amount for one in names["report"].findings if one.rule_id == "C1"]
    assert names["found"][0][2] == sum(amount for amount in amounts if amount is not None) > Decimal(0)
