"""Jihe（稽核）: rules for auditing medical-insurance claims.

>>> import jihe
>>> ruleset = jihe.compile('''
... 规则包 "示例" 版本 "1"
... 规则 大额明细 { 编号 "X1" 针对 明细 当 金额 > 1000 元 性质 可疑 违规金额 金额 - 1000 元 说明 "单笔{金额}" }
... ''')
>>> report = ruleset.audit({"item": [
...     {"feedetl_sn": "L1", "fee_ocur_time": "2024-03-01", "amount": "1500.00"},
...     {"feedetl_sn": "L2", "fee_ocur_time": "2024-03-01", "amount": "10.00"},
... ]})
>>> for finding in report.findings:
...     print(finding.rule_id, finding.subject_key, finding.amount, finding.message)
X1 L1 500.0000 单笔1500.00元

Tables may be data frames of any library that speaks Arrow (pandas, polars, pyarrow, DuckDB), paths of files, or lists of
dicts; findings come back as a data frame: ``report.findings.to_pandas()``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Optional, cast

from . import _native
from ._errors import ClaimsError, CompileError, Error, FilesError, UsageError, of_wire, translated
from ._files import Rules, Text, native_input
from ._frame import Frame
from ._native import __version__
from ._report import Finding, Report
from ._ruleset import Ruleset
from ._session import Check, Session
from ._shapes import Diagnostic, Reject, Requirements, RuleCoverage, RuleInfo, Snapshot, TestReport
from ._tables import ColumnWarning, Table, Tables

__all__ = [
    "Check", "ClaimsError", "ColumnWarning", "CompileError", "Diagnostic", "Error", "FilesError", "Finding", "Frame",
    "Reject", "Report", "Requirements", "RuleCoverage", "RuleInfo", "Rules", "Ruleset", "Session", "Snapshot", "Table",
    "Tables", "TestReport", "UsageError", "__version__", "check", "compile", "format", "rulebook", "test",
]  # fmt: skip


def compile(
    rules: Rules, *, tables: Optional[Mapping[str, Text]] = None, params: Optional[Text] = None
) -> Ruleset:
    """Compiles rules: a text, texts by file name, or paths of ``.jihe`` files and of folders of them.

    ``tables`` are knowledge tables (CSV texts or paths) by the name that 来自 gives them; those beside the rules in a folder
    are found. ``params`` are regional overrides (contract 15), a text or a path.

    >>> jihe.compile({"a.jihe": '规则包 "例" 版本 "2"'}).version
    '2'
    """
    source = native_input(rules, tables, params)
    with translated():
        return Ruleset(_native.compile(source), source)


def rulebook(*, params: Optional[Text] = None) -> Ruleset:
    """The rules shipped with the library, with their knowledge tables.

    >>> jihe.rulebook().name
    '全国基础规则'
    """
    texts, tables = _native.rulebook()
    return compile(dict(texts), tables=dict(tables), params=params)


def check(
    rules: Rules, *, tables: Optional[Mapping[str, Text]] = None, params: Optional[Text] = None
) -> list[Diagnostic]:
    """Every diagnostic of the rules; an empty list if they are clean.

    >>> [diagnostic["severity"] for diagnostic in jihe.check('规则包 "例" 版本 "1"\\n规则 坏 { 针对 明细 当 }')][:1]
    ['error']
    """
    answer = _accepted(_native.check(native_input(rules, tables, params)))
    return cast("list[Diagnostic]", answer["diagnostics"])


def test(rules: Rules, *, tables: Optional[Mapping[str, Text]] = None, params: Optional[Text] = None) -> TestReport:
    """Runs the test blocks of the rules.

    >>> jihe.test('''
    ... 规则包 "例" 版本 "1"
    ... 规则 大额明细 { 编号 "X1" 针对 明细 当 金额 > 1000 元 性质 可疑 说明 "大" }
    ... 测试 "大额" 规则 大额明细 { 明细 L1 { 金额 1500 元 } 期望 L1 命中 }
    ... ''')
    {'tests': 1, 'expectations': 1, 'failures': []}
    """
    return cast(TestReport, _accepted(_native.test(native_input(rules, tables, params))))


def format(text: str, language: Optional[str] = None) -> str:
    """The canonical text of a rule file; ``language`` is ``"zh"``, ``"en"`` or None for as written.

    >>> print(jihe.format('规则包 "例" 版本 "1" 规则 大 { 编号 "X" 针对 明细 当 金额>1元 性质 可疑 说明 "大" }', "en"), end="")
    package "例" version "1"
    rule 大 {
      id "X"
      for each 明细
      when 金额 > 1 yuan
      nature suspicious
      message "大"
    }
    """
    with translated():
        return _native.format(text, language)


def _accepted(text: str) -> dict[str, Any]:
    """An answer, or the error object that came in its place."""
    answer: dict[str, Any] = json.loads(text)
    if "kind" in answer:
        raise of_wire(text)
    return answer
