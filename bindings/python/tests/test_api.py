"""The calls of the package, on one small rule."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import jihe

RULES = """
规则包 "示例" 版本 "1"
规则 大额明细 { 编号 "X1" 针对 明细 当 金额 > 1000 元 性质 可疑 违规金额 金额 - 1000 元 说明 "单笔{金额}" }
测试 "大额" 规则 大额明细 {
  参保人 P1 { 性别 男 }
  就诊 V1 { 参保人 P1; 时间 2024-03-01 }
  明细 L1 { 就诊 V1; 使用时间 2024-03-01; 数量 1; 单价 1500 元; 金额 1500 元 }
  期望 L1 命中 违规金额 500 元
}
"""
CLAIMS = {
    "visit": [{"mdtrt_id": "V1", "psn_no": "P1", "time": "2024-03-01"}],
    "item": [
        {"feedetl_sn": "L1", "visit": "V1", "fee_ocur_time": "2024-03-01", "cnt": "1", "pric": "1500", "amount": "1500.00"},
        {"feedetl_sn": "L2", "visit": "V1", "fee_ocur_time": "2024-03-01", "cnt": "1", "pric": "10", "amount": "10.00"},
    ],
}
BROKEN = '规则包 "示例" 版本 "1"\n规则 坏 { 编号 "X2" 针对 明细 当 金额 > }\n'


def test_audit_finds_the_excess_only() -> None:
    report = jihe.compile(RULES).audit(CLAIMS)
    assert [(f["rule_id"], f["subject_key"], f["amount"]) for f in report["findings"]] == [("X1", "L1", "500.0000")]


def test_claims_may_be_json_text() -> None:
    ruleset = jihe.compile(RULES)
    assert ruleset.audit(json.dumps(CLAIMS)) == ruleset.audit(CLAIMS)


def test_rules_may_be_files(tmp_path: Path) -> None:
    (tmp_path / "a.jihe").write_text(RULES, encoding="utf-8")
    assert jihe.compile(tmp_path).hash == jihe.compile({"a.jihe": RULES}).hash
    with pytest.raises(FileNotFoundError):
        jihe.compile(tmp_path / "absent.jihe")


def test_refused_rules_say_where() -> None:
    with pytest.raises(jihe.CompileError) as refused:
        jihe.compile({"bad.jihe": BROKEN})
    place = refused.value.diagnostics[0]["labels"][0]["place"]
    assert (place["file"], place["line"]) == ("bad.jihe", 2)
    assert jihe.check({"bad.jihe": BROKEN}) == refused.value.diagnostics


def test_refused_claims_are_another_error() -> None:
    with pytest.raises(jihe.ClaimsError):
        jihe.compile(RULES).audit({"nothing of this name": []})


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
