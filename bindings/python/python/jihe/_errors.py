"""What the library refuses, as exceptions.

In: an error object as `docs/contract.md` 10 fixes it. Out: an exception of the class of its kind.
Invariant: `kind` and class go together: rules CompileError, claims ClaimsError, usage UsageError, files FilesError.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Optional

from . import _native
from ._shapes import Diagnostic


class Error(Exception):
    """What the library refuses.

    >>> import jihe
    >>> try:
    ...     jihe.compile('规则包 "例" 版本 "1"\\n规则 坏 { 编号 "X" 针对 明细 当 金额 > }')
    ... except jihe.Error as error:
    ...     print(error.kind, error.message_en, error.diagnostics[0]["labels"][0]["place"]["line"])
    rules the rules have 1 error(s) 2
    """

    #: ``rules``, ``claims``, ``usage`` or ``files``.
    kind: str
    #: A stable code: ``E0001`` claims, ``E0002`` usage, ``E0003`` files; for rules that of the first diagnostic, of which
    #: ``jihe explain CODE`` says more.
    code: str
    #: What is wrong, in Chinese.
    message: str
    #: The same in English.
    message_en: str
    #: Where the rules are wrong, and what would mend them; empty for other kinds.
    diagnostics: list[Diagnostic]

    def __init__(self, wire: Mapping[str, Any]) -> None:
        super().__init__(wire)
        self.kind = wire["kind"]
        self.code = wire["code"]
        self.message = wire["message"]
        self.message_en = wire.get("message_en", self.message)
        self.diagnostics = wire.get("diagnostics", [])

    def __str__(self) -> str:
        lines = [self.message, self.message_en]
        lines.extend(_line(diagnostic) for diagnostic in self.diagnostics)
        return "\n".join(dict.fromkeys(lines))


class CompileError(Error):
    """The rules do not compile; ``diagnostics`` says where and why."""


class ClaimsError(Error):
    """The claims are not what the schema says: an unknown kind, no column for a key, a column of the wrong type."""


class UsageError(Error):
    """The call is wrong: an option that does not exist, a day that is none, a rename of what is not there."""


class FilesError(Error):
    """A file or folder cannot be read."""


_CLASSES = {"rules": CompileError, "claims": ClaimsError, "usage": UsageError, "files": FilesError}


def of_wire(text: str) -> Error:
    """The exception for an error object given as JSON text."""
    wire: dict[str, Any] = json.loads(text)
    return _CLASSES.get(wire["kind"], Error)(wire)


def usage(message: str, message_en: str) -> UsageError:
    """A wrong call."""
    return UsageError({"kind": "usage", "code": "E0002", "message": message, "message_en": message_en})


def claims(message: str, message_en: str) -> ClaimsError:
    """Claims that cannot be read."""
    return ClaimsError({"kind": "claims", "code": "E0001", "message": message, "message_en": message_en})


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the native module become exceptions of this one."""
    try:
        yield
    except _native.WireError as error:
        raise of_wire(str(error)) from None


def _line(diagnostic: Diagnostic) -> str:
    place = diagnostic["labels"][0]["place"] if diagnostic["labels"] else {}
    where = f"{place['file']}:{place['line']}:{place['column']}: " if place else ""
    return f"{where}{diagnostic['code']} {diagnostic['message']} / {diagnostic['message_en']}"
