"""Jihe（稽核）: rules for auditing medical-insurance claims.

    import jihe

    ruleset = jihe.compile(Path("rules"))            # a folder of .jihe and .csv files, or texts
    report = ruleset.audit({"visit": [...], "item": [...]})
    for finding in report["findings"]:
        print(finding["message"], finding["amount"])

Amounts are decimal texts with four digits: ``decimal.Decimal(finding["amount"])`` is exact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Union, cast

from . import _native
from ._files import read_rules
from ._native import __version__
from ._shapes import Diagnostic, Finding, Report, TestReport

__all__ = [
    "ClaimsError", "CompileError", "Diagnostic", "Error", "Finding", "Report", "Ruleset", "TestReport",
    "__version__", "check", "compile", "format", "test",
]

#: Rule text, texts by file name, or paths of files and folders.
Rules = Union[str, Mapping[str, str], "PathLike[str]", Sequence["PathLike[str]"]]


class Error(Exception):
    """What the library refuses: ``kind``, ``code``, Chinese and English message, diagnostics."""

    def __init__(self, wire: Mapping[str, Any]) -> None:
        super().__init__(wire["message"])
        self.kind: str = wire["kind"]
        self.code: str | None = wire.get("code")
        self.message: str = wire["message"]
        self.message_en: str = wire.get("message_en", self.message)
        self.diagnostics: list[Diagnostic] = wire.get("diagnostics", [])


class CompileError(Error):
    """The rules do not compile; ``diagnostics`` says where and why."""


class ClaimsError(Error):
    """The claims are not what the schema says."""


class Ruleset:
    """Compiled rules. Make one with :func:`compile`; it may be used from several threads at once."""

    def __init__(self, native: _native.Ruleset) -> None:
        self._native = native

    @property
    def hash(self) -> str:
        """Names the rule texts; the same texts have the same hash everywhere."""
        return self._native.hash

    @property
    def warnings(self) -> list[Diagnostic]:
        """What compilation had to say without refusing."""
        return cast("list[Diagnostic]", json.loads(self._native.warnings())["diagnostics"])

    def explain(self) -> str:
        """The plan in words."""
        return self._native.explain()

    def audit(
        self,
        claims: Mapping[str, Any] | str,
        *,
        as_of: str | None = None,
        coverage: tuple[str, str] | None = None,
        threads: int = 1,
    ) -> Report:
        """Audits claims: one object with a list a record kind, or the same as JSON text."""
        text = claims if isinstance(claims, str) else json.dumps(claims, ensure_ascii=False)
        options = json.dumps({"as_of": as_of, "coverage": coverage, "threads": threads})
        try:
            return cast(Report, json.loads(self._native.audit(text, options)))
        except _native.WireError as error:
            raise _error(str(error)) from None


def compile(rules: Rules, *, tables: Mapping[str, str] | None = None, params: str | None = None) -> Ruleset:
    """Compiles rules; ``tables`` are CSV texts by name, ``params`` a text of regional overrides."""
    try:
        return Ruleset(_native.compile(_input(rules, tables, params)))
    except _native.WireError as error:
        raise _error(str(error)) from None


def check(rules: Rules, *, tables: Mapping[str, str] | None = None, params: str | None = None) -> list[Diagnostic]:
    """Every diagnostic of the rules; an empty list if they are clean."""
    answer = _accepted(_native.check(_input(rules, tables, params)))
    return cast("list[Diagnostic]", answer["diagnostics"])


def test(rules: Rules, *, tables: Mapping[str, str] | None = None, params: str | None = None) -> TestReport:
    """Runs the test blocks of the rules."""
    return cast(TestReport, _accepted(_native.test(_input(rules, tables, params))))


def format(text: str, language: str | None = None) -> str:
    """The canonical text of a rule file; ``language`` is ``"zh"``, ``"en"`` or None for as written."""
    try:
        return _native.format(text, language)
    except _native.WireError as error:
        raise _error(str(error)) from None


def _input(rules: Rules, tables: Mapping[str, str] | None, params: str | None) -> str:
    texts, found = read_rules(rules)
    found.update(tables or {})
    named = [[{"name": name, "text": text} for name, text in group.items()] for group in (texts, found)]
    return json.dumps({"files": named[0], "tables": named[1], "params": params}, ensure_ascii=False)


def _accepted(text: str) -> dict[str, Any]:
    """An answer, or the error object that came in its place."""
    answer: dict[str, Any] = json.loads(text)
    if "kind" in answer:
        raise _error(text)
    return answer


def _error(text: str) -> Error:
    wire: dict[str, Any] = json.loads(text)
    return {"rules": CompileError, "claims": ClaimsError}.get(wire["kind"], Error)(wire)
