"""Claims on their way in: what a caller may give for tables.

In: data frames, rows, paths, JSON text. Out: tables of the native module, or JSON text.
Invariant: nothing is interpreted here; columns and values are read by the same code for every kind of table.
"""

from __future__ import annotations

import datetime
import json
import math
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from os import PathLike
from typing import Any, Optional, Protocol, Union, runtime_checkable

from . import _native
from ._errors import Error, claims, translated, usage
from ._progress import Watcher


@runtime_checkable
class ArrowTable(Protocol):
    """A table of any library that speaks Arrow: pyarrow, pandas, polars, DuckDB and others."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


#: A table of one kind: a data frame, rows as dicts, or the path of a file or of a folder of files.
Table = Union[ArrowTable, str, "PathLike[str]", Sequence[Mapping[str, object]]]
#: Tables by record kind, or the path of a folder with a file a kind, or claims as JSON text.
Tables = Union[Mapping[str, Table], str, "PathLike[str]"]
#: Columns that go by other names: ``{column: field}`` for all tables, or ``{kind: {column: field}}``.
Renames = Union[Mapping[str, str], Mapping[str, Mapping[str, str]]]
Day = Union[str, datetime.date]
#: First and last day for every kind, or for single ones.
Coverage = Union[tuple[Day, Day], Mapping[str, tuple[Day, Day]]]


class ColumnWarning(UserWarning):
    """A column that no field goes by, though a field has a similar name; it was left out."""


def count(threads: Optional[int]) -> int:
    """How many threads a call is to use, by default :func:`processors`."""
    if threads is None:
        return processors()
    if threads < 1:
        raise usage(f"threads 应为 1 以上，而不是 {threads}", f"threads is 1 or more, not {threads}")
    return threads


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def run_options(as_of: Optional[Day], coverage: Optional[Coverage]) -> str:
    """The dates of a run as JSON text."""
    if isinstance(coverage, Mapping):
        days: Any = {kind: _span(given, kind) for kind, given in coverage.items()}
    else:
        days = None if coverage is None else _span(coverage, "coverage")
    options = {"as_of": None if as_of is None else str(as_of), "coverage": days}
    return json.dumps({name: value for name, value in options.items() if value is not None}, ensure_ascii=False)


def session_options(as_of: Optional[Day], coverage: Optional[Coverage], snapshot: object) -> str:
    """The dates of a session, and its rows of summaries, as JSON text."""
    options = json.loads(run_options(as_of, coverage))
    if isinstance(snapshot, str):
        snapshot = _parsed(snapshot)
    if snapshot is not None:
        options["snapshot"] = snapshot
    return json.dumps(options, ensure_ascii=False, default=_scalar)


def _span(days: tuple[Day, Day], name: str) -> list[str]:
    if isinstance(days, str) or len(days) != 2:
        raise usage(f"{name}：覆盖期应为（首日，末日）", f"{name}: coverage is (first day, last day), not {days!r}")
    return [str(day) for day in days]


def as_json(tables: Tables) -> Optional[str]:
    """The claims as JSON text, if they are rows or text already."""
    if isinstance(tables, str):
        return tables if _is_json(tables) else None
    if isinstance(tables, Mapping) and all(isinstance(table, (list, tuple)) for table in tables.values()):
        return rows_json(tables)
    return None


def read(
    rules: _native.Ruleset,
    tables: Tables,
    renames: Optional[Renames],
    threads: int,
    watch: Optional[Watcher] = None,
    needed: Optional[bool] = None,
) -> _native.Tables:
    """Reads tables of every kind: all columns, or what the rules look at (``needed``: whether the days of the run are given).

    Of a kind in which rows share a key, all columns are read: its tables are asked for their rows a second time.
    """
    whole: list[str] = []
    before: dict[str, int] = {}
    while True:
        native = _native.Tables(rules, threads, None if needed is None else (needed, whole))
        before = _read(native, tables, renames, watch, before)
        again = [] if needed is None else native.settle()
        if not again:
            _warn(native.ignored())
            return native
        whole += again


def _read(
    native: _native.Tables, tables: Tables, renames: Optional[Renames], watch: Optional[Watcher], before: Mapping[str, int]
) -> dict[str, int]:
    """Gives the rows of each table that speaks Arrow; those of a reading before must be there again."""
    if isinstance(tables, str) and _is_json(tables):
        if not renames:
            with translated():
                native.add_claims(tables)
            return {}
        tables = _parsed(tables)
    if isinstance(tables, (str, PathLike)):
        with translated():
            native.add_folder(os.fspath(tables), _triples(renames))
        return {}
    if not isinstance(tables, Mapping):
        raise usage(
            f"表应为 {{记录种类: 表}} 或一个文件夹，而不是 {type(tables).__name__}",
            f"tables are {{kind: table}} or a folder, not {type(tables).__name__}",
        )
    rename = _Rename(renames, tables)
    rows: dict[str, int] = {}
    for done, (kind, table) in enumerate(tables.items()):
        if watch:
            watch("read", done, len(tables))
        rows[kind] = _add(native, kind, table, rename)
        if rows[kind] != before.get(kind, rows[kind]):
            raise _once(kind)
    rename.finish()
    if watch:
        watch("read", len(tables), len(tables))
    return rows


def _once(kind: str) -> Error:
    """A table that a second reading does not find as the first did."""
    return claims(
        f"有行主键相同，各表须再读一遍，而表 {kind} 的行读过一次就没有了；请给可重读的表，或 columns=\"all\"",
        f"rows share a key, so tables are read a second time, and the rows of table {kind} are gone after the first; "
        'give a table that can be read again, or columns="all"',
    )


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def _parsed(text: str) -> Mapping[str, Table]:
    try:
        parsed: Any = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise claims(f"不是合法的 JSON：{error}", f"not valid JSON: {error}") from None
    return parsed  # type: ignore[no-any-return]


def _add(native: _native.Tables, kind: str, table: Any, rename: _Rename) -> int:
    """Gives the rows of a table that speaks Arrow, and 0 of others: those can always be read again."""
    pairs, lenient = rename.of(kind)
    if isinstance(table, (str, PathLike)):
        with translated():
            rename.used.update(native.add_path(kind, os.fspath(table), (pairs, lenient)))
        return 0
    if isinstance(table, (list, tuple)):
        with translated():
            native.add_rows(kind, rows_json(_renamed(table, dict(pairs), kind, rename)))
        return 0
    try:
        with translated():
            answer = native.add_table(kind, table, (pairs, lenient))
    except (TypeError, ValueError) as error:  # a data frame that its own library cannot express in Arrow
        raise claims(f"表 {kind} 转不成 Arrow：{error}", f"table {kind} cannot be made Arrow: {error}") from error
    if answer is None:
        what = f"{type(table).__module__}.{type(table).__qualname__}"
        raise claims(
            f"表 {kind} 是 {what}，不能读取；请给数据框（有 __arrow_c_stream__）、文件路径或字典列表",
            f"table {kind} is a {what}, which cannot be read; give a data frame (with __arrow_c_stream__), "
            "a path or a list of dicts",
        )
    rename.used.update(answer[1])
    return answer[0]


def _renamed(rows: Iterable[Any], pairs: dict[str, str], kind: str, rename: _Rename) -> list[Any]:
    if not pairs:
        return list(rows)
    for row in rows:
        rename.used.update(column for column in row if column in pairs)
    return [{pairs.get(name, name): value for name, value in row.items()} for row in rows]


def rows_json(rows: Any) -> str:
    """Rows as JSON text: decimals and days as texts, what is not a number as null."""
    try:
        return json.dumps(rows, ensure_ascii=False, default=_scalar, allow_nan=False)
    except ValueError:
        return json.dumps(_without_nan(rows), ensure_ascii=False, default=_scalar)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        # pandas' missing moment is a moment that does not equal itself.
        return value.strftime("%Y-%m-%d %H:%M:%S") if value == value else None
    if isinstance(value, (Decimal, datetime.date)):
        return format(value, "f") if isinstance(value, Decimal) else value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    raise claims(
        f"值 {value!r} 的类型 {type(value).__name__} 不能读取", f"a {type(value).__name__} cannot be read: {value!r}"
    )


def _without_nan(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nan(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value


class _Rename:
    """The renames of a call, and which of them were of use."""

    def __init__(self, renames: Optional[Renames], tables: Mapping[str, Any]) -> None:
        self.used: set[str] = set()
        self._flat: dict[str, str] = {}
        self._by_kind: dict[str, dict[str, str]] = {}
        for name, target in (renames or {}).items():
            if isinstance(target, str):
                self._flat[name] = target
            elif name in tables:
                self._by_kind[name] = dict(target)
            else:
                raise usage(
                    f"rename：没有表“{name}”；表有 {', '.join(tables)}",
                    f"rename: there is no table `{name}`; the tables are {', '.join(tables)}",
                )

    def of(self, kind: str) -> tuple[list[tuple[str, str]], bool]:
        """The pairs for a table, and whether pairs that do not fit it are left to others."""
        if kind in self._by_kind:
            return list(self._by_kind[kind].items()), False
        return list(self._flat.items()), True

    def finish(self) -> None:
        """Refuses a rename that fitted no table."""
        idle = [column for column in self._flat if column not in self.used]
        if idle:
            raise usage(
                f"rename：没有哪个表有列“{idle[0]}”且该种记录有字段“{self._flat[idle[0]]}”",
                f"rename: no table has a column `{idle[0]}` and a field `{self._flat[idle[0]]}`",
            )


def _triples(renames: Optional[Renames]) -> list[tuple[Optional[str], str, str]]:
    """Renames for the files of a folder: the kind they are meant for or none, column and field."""
    triples: list[tuple[Optional[str], str, str]] = []
    for name, target in (renames or {}).items():
        if isinstance(target, str):
            triples.append((None, name, target))
        else:
            triples += [(name, column, field) for column, field in target.items()]
    return triples


def _warn(ignored: list[tuple[str, str, list[str]]]) -> None:
    for table, column, nearest in ignored:
        if nearest:
            warnings.warn(
                f"表 {table} 的列“{column}”不是字段，未使用；是否指“{nearest[0]}” / "
                f"column {column!r} of table {table} is no field and was left out; did you mean {nearest[0]!r}",
                ColumnWarning,
                stacklevel=4,
            )
