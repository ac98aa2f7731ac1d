"""What runs inside the partitions of a cluster.

In: Arrow batches of one partition, whole persons side by side. Out: Arrow batches of findings, manifests, rejects, and of
the accepted rows that rules over all records still need.
Invariant: rules see whole persons only, and at most about `rows` records at once however large the partition.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Optional, Union

import pyarrow as pa
import pyarrow.compute

if TYPE_CHECKING:
    from . import Report, Ruleset

#: Its functions are made as it is imported, so no checker of types knows them.
pc: Any = pyarrow.compute

KIND = "jihe_kind"
OWNER = "jihe_owner"
PART = "jihe_part"
TEXT = "jihe_text"
#: Before the name of a kind, the column of its rows among the answers: findings have a column `visit` of their own.
ROWS = "jihe_rows_"

#: Columns of findings, as the contract has them, with their Spark types.
FINDING = {
    **{
        name: "string"
        for name in (
            "finding_id", "rule_id", "rule_name", "rule_version", "nature", "subject_kind", "subject_key",
            "person", "institution", "practitioner", "visit",
        )
    },
    "service_date": "date",
    "amount": "decimal(18,4)",
    **{name: "string" for name in ("message", "verify", "basis", "offending", "involved", "values")},
}
_ARROW = {"string": pa.string(), "date": pa.date32(), "decimal(18,4)": pa.decimal128(18, 4)}


@dataclass(frozen=True)
class Job:
    """What every partition is told."""

    ruleset: bytes
    rules: list[str]
    #: Columns of each kind in the partitions that rules over all records need.
    common: dict[str, list[str]]
    #: Kinds that belong to no person, as Arrow streams.
    shared: dict[str, bytes]
    rows: int
    as_of: Optional[str] = None
    coverage: Union[tuple[str, str], Mapping[str, tuple[str, str]], None] = None

    def audit(self, tables: dict[str, Any]) -> Report:
        """Runs the rules over some persons and what belongs to none."""
        shared = {kind: pa.ipc.open_stream(data).read_all() for kind, data in self.shared.items()}
        return _arrived(self.ruleset).audit(
            {**tables, **shared}, rules=self.rules, as_of=self.as_of, coverage=self.coverage, threads=1
        )


@lru_cache(maxsize=4)
def _arrived(ruleset: bytes) -> Ruleset:
    """A worker compiles the rules once, not once a partition."""
    arrived: Ruleset = pickle.loads(ruleset)
    return arrived


def dates(job: Job, batches: Iterable[Any]) -> Iterator[Any]:
    """The days that a partition's records cover, as manifests of a run without rules."""
    for tables in whole_persons(batches, job.rows):
        yield pa.RecordBatch.from_pydict({TEXT: [json.dumps(job.audit(tables).manifest)]})


def findings(job: Job, batches: Iterable[Any]) -> Iterator[Any]:
    """Everything a partition gives, one kind of answer after the other, told apart by the column `jihe_part`."""
    for tables in whole_persons(batches, job.rows):
        report = job.audit(tables)
        extra = {ROWS + kind: tables[kind].select(columns).schema for kind, columns in job.common.items()}
        found = report.findings.to_arrow()
        if found.num_rows:
            yield _answer("finding", found.num_rows, {name: found[name] for name in FINDING}, extra)
        rejects: list[dict[str, Any]] = [dict(reject) for reject in report.rejects.to_dicts() if reject["kind"] in tables]
        for reject in rejects:
            row = tables[reject["kind"]].slice(reject["line"] - 1, 1).to_pylist()
            reject["row"] = json.dumps(row[0] if row else {}, ensure_ascii=False, default=str)
        if rejects:
            yield _answer("reject", len(rejects), {TEXT: [json.dumps(reject) for reject in rejects]}, extra)
        for kind in job.common:
            refused = [reject["line"] - 1 for reject in rejects if reject["kind"] == kind]
            taken = _without(tables[kind].select(job.common[kind]), refused)
            if taken.num_rows:
                yield _answer(ROWS + kind, taken.num_rows, {ROWS + kind: _struct(taken)}, extra)
        yield _answer("manifest", 1, {TEXT: [json.dumps(report.manifest)]}, extra)


def common_findings(job: Job, batches: Iterable[Any]) -> Iterator[Any]:
    """Rules that need all records, over the rows the partitions accepted."""
    held: dict[str, list[Any]] = {kind: [] for kind in job.common}
    for batch in batches:
        for kind in held:
            rows = batch.filter(pc.equal(batch.column(PART), ROWS + kind))
            held[kind].append(_columns(rows.column(ROWS + kind)))
    report = job.audit({kind: pa.concat_tables(tables) for kind, tables in held.items() if tables})
    found = report.findings.to_arrow()
    if found.num_rows:
        yield _answer("finding", found.num_rows, {name: found[name] for name in FINDING}, {})
    yield _answer("manifest", 1, {TEXT: [json.dumps(report.manifest)]}, {})


def whole_persons(batches: Iterable[Any], rows: int) -> Iterator[dict[str, Any]]:
    """Tables by kind, of whole persons and about so many rows, from batches sorted by owner.

    A kind without a row of these persons has a table without rows: it was supplied, with its columns.
    """
    held: list[Any] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count < rows or not batch.num_rows:
            continue
        table = pa.Table.from_batches(held)
        owners = table[OWNER]
        last = pc.sum(pc.equal(owners, owners[-1])).as_py()
        if last < table.num_rows:
            yield _by_kind(table.slice(0, table.num_rows - last))
            held = table.slice(table.num_rows - last).to_batches()
            count = last
    if count:
        yield _by_kind(pa.Table.from_batches(held))


def _by_kind(table: Any) -> dict[str, Any]:
    kinds = [name for name in table.column_names if name not in (OWNER, KIND)]
    return {kind: _columns(table.filter(pc.equal(table[KIND], kind))[kind].combine_chunks()) for kind in kinds}


def _columns(rows: Any) -> Any:
    """The fields of structs as the columns of a table."""
    if isinstance(rows, pa.ChunkedArray):
        chunks = rows.chunks or [pa.array([], rows.type)]
        return pa.concat_tables([_columns(chunk) for chunk in chunks])
    names = [rows.type.field(at).name for at in range(rows.type.num_fields)]
    return pa.table(rows.flatten(), names=names)


def _struct(table: Any) -> Any:
    columns = [column.combine_chunks() for column in table.columns]
    return pa.StructArray.from_arrays(columns, fields=list(table.schema))


def _without(table: Any, refused: list[int]) -> Any:
    if not refused:
        return table
    gone = set(refused)
    return table.take(pa.array([row for row in range(table.num_rows) if row not in gone], pa.int64()))


def _answer(part: str, rows: int, given: dict[str, Any], extra: dict[str, Any]) -> Any:
    """A batch with every column there can be, null where the answer has nothing to say."""
    types = {name: _ARROW[spark] for name, spark in FINDING.items()}
    types.update({PART: pa.string(), TEXT: pa.string()})
    types.update({name: pa.struct(list(schema)) for name, schema in extra.items()})
    columns = []
    for name, kind in types.items():
        value = pa.repeat(part, rows) if name == PART else given.get(name)
        if value is None:
            value = pa.nulls(rows, kind)
        elif isinstance(value, pa.ChunkedArray):
            value = value.combine_chunks()
        elif isinstance(value, list):
            value = pa.array(value, kind)
        columns.append(value if value.type == kind else value.cast(kind))
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(list(types.items())))
