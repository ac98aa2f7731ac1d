"""Audits on a Spark cluster what one machine cannot hold.

In: a Spark session, a DataFrame a record kind, compiled rules. Out: findings as a DataFrame, and the coverage manifest.
Invariant: findings, their ids and every count are those of one run on one machine over the same records.

    import jihe, jihe.spark

    report = jihe.spark.audit(spark, {"visit": visits, "item": items}, jihe.rulebook())
    report.findings.write.parquet("leads")

Needs PySpark 4 and, on every worker, this package.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import TYPE_CHECKING, Any, Optional, Union

try:
    import pyarrow as pa
    from pyspark import StorageLevel
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as F
    from pyspark.sql import types as T
    from pyspark.sql.pandas.types import to_arrow_schema
except ImportError as error:
    raise ImportError(f"jihe.spark 需要 PySpark：pip install 'jihe[spark]' (needs PySpark): {error}") from error

from . import _merge
from . import _spark_parts as parts
from ._errors import claims, usage
from ._layout import KindLayout, Layout, columns_of, layout_of
from ._spark_owners import OWNER, ROW, Supplied, quoted, with_owners

if TYPE_CHECKING:
    from . import Ruleset

__all__ = ["SparkReport", "audit"]

Days = tuple[str, str]
_ANSWER = ", ".join(f"`{name}` {kind}" for name, kind in parts.FINDING.items())
_ANSWER += f", {parts.PART} string, {parts.TEXT} string"


@dataclass(frozen=True)
class SparkReport:
    """What a run on a cluster found. The DataFrames are kept by the cluster until :meth:`close`."""

    #: A row a finding, with the columns of the contract; `offending`, `involved` and `values` are JSON texts.
    findings: DataFrame
    #: A row a record that could not be read: `kind`, `column`, `value`, `reason`, `reason_en` and the `row` as JSON text.
    rejects: DataFrame
    #: The coverage manifest, the same as that of a run on one machine.
    manifest: dict[str, Any]
    ruleset: Ruleset
    _held: tuple[DataFrame, ...]

    def close(self) -> None:
        """Lets the cluster forget what it kept of this run."""
        for frame in self._held:
            frame.unpersist()


def audit(
    spark: SparkSession,
    tables: Mapping[str, DataFrame],
    ruleset: Ruleset,
    *,
    as_of: Optional[str] = None,
    coverage: Union[Days, Mapping[str, Days], None] = None,
    rename: Union[Mapping[str, str], Mapping[str, Mapping[str, str]], None] = None,
    partitions: Optional[int] = None,
    rows: int = 250_000,
) -> SparkReport:
    """Runs rules over DataFrames by record kind, whole persons to a partition.

    ``coverage`` is one span of days for all kinds, or one a kind; given together with ``as_of`` it saves a pass over the
    data. ``partitions`` is into how many partitions persons fall, by default as Spark's adaptive execution sees fit;
    ``rows`` about how many records a worker holds at once. ``rename`` maps your columns to fields, for all kinds or by
    kind. Timestamps are taken in the session's time zone.
    """
    layout = layout_of(ruleset)
    supplied = _supplied(tables, layout, rename)
    personal = {name: held for name, held in supplied.items() if held.kind["personal"]}
    shared = {name: _stream(held.rows.toArrow()) for name, held in supplied.items() if name not in personal}
    empty = {name: _empty(held.rows) for name, held in personal.items()}
    job = parts.Job(pickle.dumps(ruleset), layout["by_person"], {}, shared, rows)
    held: list[DataFrame] = []
    records = _partitioned(with_owners(spark, personal, held), partitions).persist(StorageLevel.MEMORY_AND_DISK)
    job = _dated(job, records, empty, as_of, coverage)
    common = _common_columns(personal, layout)
    answers = _answers(records, replace(job, common=common), personal).persist(StorageLevel.MEMORY_AND_DISK)
    held += [records, answers]
    manifests = _manifests(answers)
    found = answers.where(F.col(parts.PART) == "finding").select(*parts.FINDING)
    last = None
    if layout["common"]:
        needed = {name for name, kind in ((kind["name"], kind) for kind in layout["kinds"]) if kind["common_fields"]}
        rest = replace(
            job, common=common, rules=layout["common"], shared={k: v for k, v in shared.items() if k in needed}
        )
        late = _common_answers(spark, answers, rest).persist(StorageLevel.MEMORY_AND_DISK)
        last = {**_manifests(late)[0], "only": set(layout["common"])}
        found = found.unionByName(late.where(F.col(parts.PART) == "finding").select(*parts.FINDING))
        held.append(late)
    base = job.audit(empty)
    manifest = _merge.merge(base.manifest, manifests, last, set(personal), _totals(ruleset, found))
    rejects = _rejects(spark, answers, [dict(reject) for reject in base.rejects.to_dicts()])
    return SparkReport(found, rejects, manifest, ruleset, tuple(held))


def _supplied(
    tables: Mapping[str, DataFrame],
    layout: Layout,
    rename: Union[Mapping[str, str], Mapping[str, Mapping[str, str]], None],
) -> dict[str, Supplied]:
    """Each kind by its English name, with the columns that hold a field and times in the session's zone."""
    by_name = {name: kind for kind in layout["kinds"] for name in (kind["name"], kind["name_zh"])}
    personal = frozenset(kind["name"] for kind in layout["kinds"] if kind["personal"])
    found: dict[str, Supplied] = {}
    for name, rows in tables.items():
        kind = by_name.get(name)
        if kind is None:
            raise claims(f"没有记录种类 {name}；有：{', '.join(by_name)}", f"there is no record kind {name}; there are: {', '.join(by_name)}")
        if kind["name"] in found:
            raise claims(f"{kind['name_zh']}给了两次", f"{kind['name']} is given twice")
        rows = rows.withColumnsRenamed(_renamed(rename, kind, rows.columns))
        fields = columns_of(kind, rows.columns)
        _check_keys(kind, rows, fields)
        known = [column for column in rows.columns if any(column in held for held in fields.values())]
        found[kind["name"]] = Supplied(kind, rows.select([_civil(rows, column) for column in known]), fields, personal)
    return found


def _renamed(
    rename: Union[Mapping[str, str], Mapping[str, Mapping[str, str]], None], kind: KindLayout, columns: list[str]
) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for name, to in (rename or {}).items():
        if isinstance(to, str):
            chosen[name] = to
        elif name in (kind["name"], kind["name_zh"]):
            chosen.update(to)
    return {name: to for name, to in chosen.items() if name in columns}


def _check_keys(kind: KindLayout, rows: DataFrame, fields: dict[str, list[str]]) -> None:
    if kind["key"][0] not in fields:
        names = next(field["names"] for field in kind["fields"] if field["name"] == kind["key"][0])
        known = ", ".join(next(field["names"] for field in kind["fields"] if field["name"] == kind["key"][0]))
        raise claims(
            f"{kind['name_zh']}：没有主键列，可用的列名：{known}",
            f"{kind['name']}: no column holds the key; it goes by: {known}",
        )
    for field in kind["fields"]:
        if field["name"] not in kind["key"][:1] and field["refers_to"] is None:
            continue
        for column in fields.get(field["name"], []):
            held = rows.schema[column].dataType
            if not isinstance(held, (T.StringType, T.IntegralType)):
                have = held.simpleString()
                raise claims(
                    f"{kind['name_zh']}.{column}：主键与引用须为文本或整数，现为 {have}，请先 cast('string')",
                    f"{kind['name']}.{column}: keys and references are texts or integers, not {have}; cast it to string",
                )


def _civil(rows: DataFrame, column: str) -> Any:
    """A column; an instant as the wall clock of the session's zone shows it."""
    held = F.col(quoted(column))
    if isinstance(rows.schema[column].dataType, T.TimestampType):
        held = held.cast(T.TimestampNTZType())
    return held.alias(column)


def _stream(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _empty(rows: DataFrame) -> Any:
    """A table with the columns and no rows; nothing runs for it."""
    return to_arrow_schema(rows.schema).empty_table()


def _partitioned(owned: dict[str, DataFrame], partitions: Optional[int]) -> DataFrame:
    """All records in one frame, a struct column a kind, whole persons to a partition."""
    tagged = [
        rows.select(OWNER, F.lit(name).alias(parts.KIND), F.col(ROW).alias(name)) for name, rows in owned.items()
    ]
    if not tagged:
        raise usage("没有属于个人的记录可审", "no table holds records that belong to persons")
    together = reduce(lambda left, right: left.unionByName(right, allowMissingColumns=True), tagged)
    placed = together.repartition(partitions, OWNER) if partitions else together.repartition(F.col(OWNER))
    return placed.sortWithinPartitions(OWNER)


def _dated(
    job: parts.Job,
    records: DataFrame,
    empty: dict[str, Any],
    as_of: Optional[str],
    coverage: Union[Days, Mapping[str, Days], None],
) -> parts.Job:
    """The job told the days of the whole run: given ones, or those of all records."""
    given = dict(coverage) if isinstance(coverage, Mapping) else coverage
    job = replace(job, as_of=as_of, coverage=given)
    if as_of is not None and given is not None:
        return job
    known = _merge.Dates()
    probe = replace(job, rules=[])
    known.add(probe.audit(empty).manifest)
    for row in records.mapInArrow(partial(parts.dates, probe), f"{parts.TEXT} string").collect():
        known.add(_json(row[0]))
    return replace(job, as_of=as_of or known.as_of, coverage=known.coverage)


def _common_columns(personal: dict[str, Supplied], layout: Layout) -> dict[str, list[str]]:
    """The columns of each kind that rules over all records need."""
    if not layout["common"]:
        return {}
    chosen = {}
    for name, held in personal.items():
        wanted = {column for field in held.kind["common_fields"] for column in held.fields.get(field, [])}
        if wanted:
            chosen[name] = [column for column in held.rows.columns if column in wanted]
    return chosen


def _answers(records: DataFrame, job: parts.Job, personal: dict[str, Supplied]) -> DataFrame:
    schema = T._parse_datatype_string(_ANSWER)
    assert isinstance(schema, T.StructType)
    for name, columns in job.common.items():
        held = personal[name].rows.schema
        schema = schema.add(parts.ROWS + name, T.StructType([T.StructField(c, held[c].dataType) for c in columns]))
    return records.mapInArrow(partial(parts.findings, job), schema)


def _common_answers(spark: SparkSession, answers: DataFrame, job: parts.Job) -> DataFrame:
    """Rules that need all records run in one task, over the columns they need."""
    columns = [parts.ROWS + kind for kind in job.common]
    rows = answers.where(F.col(parts.PART).isin(*columns)).select(parts.PART, *columns)
    # Spark skips a task that has no row, but rules about kinds that belong to nobody must run all the same.
    start = spark.createDataFrame([("start",)], f"{parts.PART} string")
    rows = rows.unionByName(start, allowMissingColumns=True)
    return rows.repartition(1).mapInArrow(partial(parts.common_findings, job), _ANSWER)


def _manifests(answers: DataFrame) -> list[dict[str, Any]]:
    rows = answers.where(F.col(parts.PART) == "manifest").select(parts.TEXT).collect()
    return [_json(row[0]) for row in rows]


def _totals(ruleset: Ruleset, found: DataFrame) -> dict[str, Any]:
    """Money, each charge counted once: needs all findings that carry an amount in one place, here the driver."""
    charged = found.where(F.col("amount").isNotNull()).select(
        "rule_id", "nature", F.col("amount").cast("string").alias("amount"), "offending"
    )
    lines = [{**row, "offending": _json(row["offending"])} for row in charged.toArrow().to_pylist()]
    totals: dict[str, Any] = _json(ruleset._native.totals_json(_text(lines)))
    return totals


def _rejects(spark: SparkSession, answers: DataFrame, shared: list[dict[str, Any]]) -> DataFrame:
    schema = ", ".join(f"`{name}` string" for name in ("kind", "column", "value", "reason", "reason_en", "row"))
    texts = answers.where(F.col(parts.PART) == "reject").select(parts.TEXT)
    if shared:
        texts = texts.unionByName(spark.createDataFrame([(_text(one),) for one in shared], f"{parts.TEXT} string"))
    return texts.select(F.from_json(parts.TEXT, schema).alias("reject")).select("reject.*")


def _json(text: str) -> Any:
    return json.loads(text)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
