"""The calls of the package, on one small rule."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from conftest import CLAIMS, RULES

import jihe

CODES: dict[type[jihe.Error], str] = {jihe.ClaimsError: "E0001", jihe.UsageError: "E0002", jihe.FilesError: "E0003"}
BROKEN = '规则包 "示例" 版本 "1"\n规则 坏 { 编号 "X2" 针对 明细 当 金额 > }\n'
TWO = RULES + '规则 小额 { 编号 "X2" 针对 明细 当 金额 < 100 元 性质 可疑 说明 "小" }\n'


def keys(report: jihe.Report) -> list[tuple[str, str]]:
    return [(finding.rule_id, finding.subject_key) for finding in report.findings]


def test_audit_finds_the_excess_only(ruleset: jihe.Ruleset) -> None:
    report = ruleset.audit(CLAIMS)
    assert [(f["rule_id"], f["subject_key"], f["amount"]) for f in report.findings] == [("X1", "L1", "500.0000")]
    assert report.findings[-1].report is report


def test_claims_may_be_json_text(ruleset: jihe.Ruleset) -> None:
    assert ruleset.audit(json.dumps(CLAIMS)).to_json() == ruleset.audit(CLAIMS).to_json()


def test_rules_may_be_files(tmp_path: Path) -> None:
    (tmp_path / "a.jihe").write_text(RULES, encoding="utf-8")
    whole = jihe.compile({"a.jihe": RULES})
    assert jihe.compile(tmp_path) == whole
    assert jihe.compile(str(tmp_path / "a.jihe")) == jihe.compile([tmp_path / "a.jihe"]) == whole
    with pytest.raises(FileNotFoundError):
        jihe.compile(tmp_path / "absent.jihe")


def test_refused_rules_say_where() -> None:
    with pytest.raises(jihe.CompileError) as refused:
        jihe.compile({"bad.jihe": BROKEN})
    place = refused.value.diagnostics[0]["labels"][0]["place"]
    assert (place["file"], place["line"]) == ("bad.jihe", 2)
    assert "bad.jihe:2:" in str(refused.value)
    assert jihe.check({"bad.jihe": BROKEN}) == refused.value.diagnostics


def test_errors_are_classes_by_kind(ruleset: jihe.Ruleset, tmp_path: Path) -> None:
    calls: dict[type[jihe.Error], Callable[[], object]] = {
        jihe.ClaimsError: lambda: ruleset.audit({"nothing of this name": []}),
        jihe.UsageError: lambda: ruleset.audit(CLAIMS, as_of="soon"),
        jihe.FilesError: lambda: ruleset.audit(tmp_path / "absent"),
    }
    for kind, call in calls.items():
        with pytest.raises(kind) as refused:
            call()
        assert refused.value.message and refused.value.message_en
        assert refused.value.code == CODES[kind]
    with pytest.raises(jihe.UsageError, match="X2"):
        ruleset.audit(CLAIMS, rules=["X2"])


def test_errors_survive_another_process(ruleset: jihe.Ruleset) -> None:
    with pytest.raises(jihe.ClaimsError) as refused:
        ruleset.audit({"itme": []})
    again = pickle.loads(pickle.dumps(refused.value))
    assert (type(again), str(again)) == (jihe.ClaimsError, str(refused.value))
    assert "item" in again.message_en


def test_some_rules_only() -> None:
    ruleset = jihe.compile(TWO)
    assert keys(ruleset.audit(CLAIMS)) == [("X1", "L1"), ("X2", "L2")]
    report = ruleset.audit(CLAIMS, rules=["X2"])
    assert keys(report) == [("X2", "L2")]
    assert [(rule["status"], rule["reason"]) for rule in report.coverage] == [("skipped", "not_chosen"), ("ran", None)]


def test_progress_is_told_from_start_to_end(ruleset: jihe.Ruleset) -> None:
    told: list[tuple[str, int, int]] = []
    ruleset.audit(CLAIMS, threads=2, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert told[:3] == [("read", 0, 2), ("read", 1, 2), ("read", 2, 2)]
    audit = sorted(done for stage, done, _ in told if stage == "audit")
    assert audit == list(range(1, told[-1][2] + 1))


def test_the_bar_is_a_line_that_ends(ruleset: jihe.Ruleset, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset.audit(CLAIMS, progress=True)
    drawn = capsys.readouterr()
    assert drawn.out == "" and drawn.err.endswith("100%\n") and "读取 read" in drawn.err


def test_dates_of_a_run(ruleset: jihe.Ruleset) -> None:
    report = ruleset.audit(CLAIMS, as_of="2024-12-31", coverage={"item": ("2024-01-01", "2024-12-31")})
    assert report.manifest["as_of"] == "2024-12-31"
    assert report.manifest["coverage"]["item"] == ["2024-01-01", "2024-12-31"]
    whole = ruleset.audit(CLAIMS, coverage=("2024-01-01", "2024-12-31"))
    assert whole.manifest["coverage"]["visit"] == ["2024-01-01", "2024-12-31"]


def test_rulesets_travel_as_their_texts(ruleset: jihe.Ruleset) -> None:
    again = pickle.loads(pickle.dumps(ruleset))
    assert again == ruleset and hash(again) == hash(ruleset)
    assert again.audit(CLAIMS).to_json() == ruleset.audit(CLAIMS).to_json()


def test_the_rules_own_tests_run() -> None:
    assert jihe.test(RULES) == {"tests": 1, "expectations": 1, "failures": []}


@pytest.mark.parametrize("call", [jihe.compile, jihe.test])
def test_every_call_refuses_broken_rules(call: Callable[[str], object]) -> None:
    with pytest.raises(jihe.CompileError):
        call(BROKEN)


def test_format_is_idempotent() -> None:
    once = jihe.format(RULES)
    assert jihe.format(once) == once
    with pytest.raises(ValueError):
        jihe.format(RULES, "fr")


def test_text_nested_beyond_the_limit_is_refused() -> None:
    assert jihe.check(f'规则包 "深" 版本 "1"\n规则 深 {{ 针对 明细 当 {"（" * 20000} }}\n')


def test_a_session_says_what_a_claim_changes(ruleset: jihe.Ruleset) -> None:
    session = ruleset.session({"visit": CLAIMS["visit"], "item": []}, as_of="2024-12-31")
    check = session.check({"item": CLAIMS["item"]})
    assert [finding.amount for finding in check["findings"]] == [Decimal("500.0000")]
    assert session.findings == check["findings"]
    cheaper = [{**CLAIMS["item"][0], "amount": "900"}]
    assert session.check({"item": cheaper})["withdrawn"] == [{"rule_id": "X1", "subject_key": "L1"}]
    assert session.findings == []


PRICED = """
规则包 "均价" 版本 "1"
统计 项目均价 = 明细 按 (项目编码) { 均价 = 平均(本组.金额) }
规则 单价偏高 {
  编号 "X9" 环节 事前 针对 明细
  设 同类 = 项目均价 同一(项目编码)
  当 金额 > 2 × 最大(同类.均价) 性质 可疑 说明 "{金额}"
}
"""


def test_a_session_with_a_snapshot_finds_what_the_batch_finds() -> None:
    def line(key: str, amount: str) -> dict[str, str]:
        return {"feedetl_sn": key, "med_list_codg": "A", "amount": amount, "fee_ocur_time": "2024-03-01"}

    ruleset = jihe.compile(PRICED)
    batch = [line("L1", "10"), line("L2", "12"), line("L3", "50"), line("L4", "8")]
    found = [dict(finding) for finding in ruleset.audit({"item": batch}).findings]
    assert [finding["subject_key"] for finding in found] == ["L3"]
    snapshot = ruleset.snapshot({"item": pyarrow.Table.from_pylist(batch)}, "项目均价")
    assert snapshot["version"] == 1 and list(snapshot["summaries"]) == ["项目均价"]
    rows = snapshot["summaries"]["项目均价"]["rows"]
    histories: list[Any] = [{"item": []}, {"item": pyarrow.Table.from_pylist(batch[:2])}]
    for history in histories:
        for given in (snapshot, json.dumps(snapshot), {"项目均价": rows}):
            check = ruleset.session(history, snapshot=given).check({"item": batch[2:3]})
            assert check["findings"] == found and check["not_evaluated"] == []
        alone = ruleset.session(history).check({"item": batch[2:3]})
        assert alone["findings"] == []
        assert alone["not_evaluated"] == [{"rule_id": "X9", "needs": ["项目均价"]}]
    with pytest.raises(jihe.ClaimsError, match="项目均价"):
        ruleset.session({"item": []}, snapshot={"项目均值": rows})
    with pytest.raises(jihe.Error, match="项目均价"):
        ruleset.snapshot({"item": batch}, ["项目均值"])


def test_the_shipped_rules_are_there() -> None:
    book = jihe.rulebook()
    assert {rule["scope"] for rule in book.rules} == {"person", "population"}
    assert len(book.hash) == 64 and all(rule["text"].startswith("规则") for rule in book.rules)


def test_calls_that_would_go_unnoticed_are_refused(ruleset: jihe.Ruleset) -> None:
    for options in ({"threads": 0}, {"threads": -1}, {"coverage": ("2024-12-31", "2024-01-01")}):
        wrong: dict[str, Any] = options
        with pytest.raises(jihe.UsageError, match=next(iter(options))):
            ruleset.audit(CLAIMS, **wrong)
    # An empty text is a text, not the folder one happens to be in.
    assert [jihe.compile(empty).rules for empty in ("", " \t")] == [[], []]
    assert keys(jihe.compile(TWO).audit(CLAIMS, rules="X1")) == [("X1", "L1")]


def test_anything_true_asks_for_the_bar(ruleset: jihe.Ruleset, capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (True, 1):
        ruleset.audit(CLAIMS, progress=asked)  # type: ignore[arg-type]
        assert "100%" in capsys.readouterr().err
    ruleset.audit(CLAIMS, progress=0)  # type: ignore[arg-type]
    assert capsys.readouterr().err == ""
