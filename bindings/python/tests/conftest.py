"""One small rule and its claims, for every test and every docstring."""

from __future__ import annotations

from typing import Any

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
CLAIMS: dict[str, list[dict[str, Any]]] = {
    "visit": [{"mdtrt_id": "V1", "psn_no": "P1", "time": "2024-03-01"}],
    "item": [
        {"feedetl_sn": "L1", "visit": "V1", "fee_ocur_time": "2024-03-01", "cnt": "1", "pric": "1500", "amount": "1500.00"},
        {"feedetl_sn": "L2", "visit": "V1", "fee_ocur_time": "2024-03-01", "cnt": "1", "pric": "10", "amount": "10.00"},
    ],
}


@pytest.fixture
def ruleset() -> jihe.Ruleset:
    """One compiled rule."""
    return jihe.compile(RULES)
