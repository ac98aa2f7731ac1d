"""Says whose each record is, so that whole persons land in one partition.

In: a Spark DataFrame a kind, and the layout of the rules. Out: the same rows with a column `jihe_owner`.
Invariant: records that refer to each other have the same owner, also where data contradict themselves: a line whose visit
and settlement belong to two persons brings both together, as the engine does on one machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Optional

from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from ._errors import claims, usage
from ._layout import KindLayout

OWNER = "jihe_owner"
ROW = "jihe_row"
_KEY = "jihe_key"
_OWNERS = "jihe_owners"

#: More contradicting references than this are no slips of data but a wrong column.
_MOST_LINKS = 1_000_000


@dataclass(frozen=True)
class Supplied:
    """A kind as supplied: its rows, the columns that hold each field, and every kind whose records belong to persons."""

    kind: KindLayout
    rows: DataFrame
    fields: dict[str, list[str]]
    personal: frozenset[str]

    def text(self, field: str) -> Optional[Column]:
        """The text of a field, none where no column holds it."""
        columns = [_text(F.col(quoted(column))) for column in self.fields.get(field, [])]
        return F.coalesce(*columns) if columns else None

    def key(self) -> Column:
        """The key of a row (contract 4)."""
        parts = [self.text(field) for field in self.kind["key"]]
        known = [F.coalesce(F.lit("") if part is None else part, F.lit("")) for part in parts]
        if len(known) == 1:
            return known[0]
        return F.concat_ws("|", *[F.regexp_replace(part, r"([\\|])", r"\\$1") for part in known])


def quoted(column: str) -> str:
    """A column's name as Spark takes it, whatever letters are in it."""
    return "`" + column.replace("`", "``") + "`"


def with_owners(
    spark: SparkSession, kinds: dict[str, Supplied], held: list[DataFrame]
) -> dict[str, DataFrame]:
    """For each kind its rows as a struct `jihe_row`, and their `jihe_owner`.

    Owners by key are computed once and kept; they are added to `held`, for the caller to let go.
    """
    owned: dict[str, DataFrame] = {}
    maps: dict[str, DataFrame] = {}
    links: list[DataFrame] = []
    referred = {to for supplied in kinds.values() for _, to in _references(supplied)}
    for name in _in_order(kinds):
        supplied = kinds[name]
        rows = _with_owner(supplied, maps, links)
        by_key = rows.groupBy(_KEY).agg(F.collect_set(OWNER).alias(_OWNERS))
        if name in referred:
            by_key = by_key.persist(StorageLevel.MEMORY_AND_DISK)
            held.append(by_key)
        if not any(to is not None for to in _refers(supplied, supplied.kind["key"])):
            links.append(by_key.select(_OWNERS))
        if name in referred:
            maps[name] = by_key.select(_KEY, F.array_min(_OWNERS).alias(OWNER))
        links.extend(_to_itself(supplied, rows, maps))
        owned[name] = rows.select(OWNER, ROW)
    roots = _roots(links)
    if not roots:
        return owned
    table = F.broadcast(spark.createDataFrame(list(roots.items()), f"{OWNER} string, jihe_root string"))
    root = F.coalesce("jihe_root", OWNER).alias(OWNER)
    return {name: rows.join(table, OWNER, "left").select(root, ROW) for name, rows in owned.items()}


def _text(column: Column) -> Column:
    """A key as readers take it: without blanks around it, and missing where they see none."""
    trimmed = F.regexp_replace(column.cast(T.StringType()), r"(?U)^\s+|\s+$", "")
    return F.when(~trimmed.isin("", "NULL", "null", "\\N"), trimmed)


def _refers(supplied: Supplied, fields: list[str]) -> list[Optional[str]]:
    return [field["refers_to"] for field in supplied.kind["fields"] if field["name"] in fields]


def _references(supplied: Supplied) -> list[tuple[str, str]]:
    """Fields that say whose a record is, and the kinds they refer to; persons first, the kind itself left out."""
    name = supplied.kind["name"]
    found = [
        (field["name"], field["refers_to"])
        for field in supplied.kind["fields"]
        if field["refers_to"] is not None and field["name"] in supplied.fields
    ]
    found = [(field, to) for field, to in found if to in supplied.personal and to != name]
    return sorted(found, key=lambda pair: pair[1] != "person")


def _in_order(kinds: dict[str, Supplied]) -> list[str]:
    """Kinds after those they refer to."""
    waiting = {name: {to for _, to in _references(held)} & kinds.keys() for name, held in kinds.items()}
    order: list[str] = []
    while waiting:
        ready = sorted(name for name, to in waiting.items() if not to & waiting.keys())
        if not ready:
            circle = ", ".join(sorted(waiting))
            raise usage(f"记录种类互相指向，不能按人分区：{circle}", f"kinds refer to each other in a circle: {circle}")
        order += ready
        waiting = {name: to for name, to in waiting.items() if name not in ready}
    return order


def _with_owner(supplied: Supplied, maps: dict[str, DataFrame], links: list[DataFrame]) -> DataFrame:
    """Rows with key, owner and, where a kind refers to its own, that reference."""
    name = supplied.kind["name"]
    columns = [F.col(quoted(column)) for column in supplied.rows.columns]
    chosen = [F.struct(*columns).alias(ROW), supplied.key().alias(_KEY)]
    references = _references(supplied)
    for at, (field, _) in enumerate([*references, *_own_references(supplied)]):
        text = supplied.text(field)
        assert text is not None
        chosen.append(text.alias(f"jihe_reference_{at}"))
    rows = supplied.rows.select(*chosen)
    owners = [F.concat(F.lit("person:"), F.col(_KEY))] if name == "person" else []
    for at, (_, to) in enumerate(references):
        reference = F.col(f"jihe_reference_{at}")
        owner = F.concat(F.lit(f"{to}:"), reference)
        if to != "person" and to in maps:
            found = maps[to].select(F.col(_KEY).alias(f"jihe_key_{at}"), F.col(OWNER).alias(f"jihe_owner_{at}"))
            rows = rows.join(found, reference == F.col(f"jihe_key_{at}"), "left")
            owner = F.when(reference.isNotNull(), F.coalesce(F.col(f"jihe_owner_{at}"), owner))
        owners.append(owner)
    if len(owners) > 1:
        links.append(rows.select(F.array_distinct(F.array_compact(F.array(*owners))).alias(_OWNERS)))
    return rows.withColumn(OWNER, F.coalesce(*owners, F.lit("")))


def _own_references(supplied: Supplied) -> list[tuple[str, str]]:
    name = supplied.kind["name"]
    fields = supplied.kind["fields"]
    return [(field["name"], name) for field in fields if field["refers_to"] == name and field["name"] in supplied.fields]


def _to_itself(supplied: Supplied, rows: DataFrame, maps: dict[str, DataFrame]) -> list[DataFrame]:
    """Links of records to others of their kind: a reversal and the line it reverses."""
    own = _own_references(supplied)
    if not own:
        return []
    held = maps.get(supplied.kind["name"])
    if held is None:
        held = rows.groupBy(_KEY).agg(F.min(OWNER).alias(OWNER))
    held = held.select(F.col(_KEY).alias("jihe_other_key"), F.col(OWNER).alias("jihe_other"))
    last = sum(column.startswith("jihe_reference_") for column in rows.columns)
    links = []
    for at in range(last - len(own), last):
        pairs = rows.join(held, F.col(f"jihe_reference_{at}") == F.col("jihe_other_key"))
        links.append(pairs.select(F.array_distinct(F.array(OWNER, "jihe_other")).alias(_OWNERS)))
    return links


def _roots(links: list[DataFrame]) -> dict[str, str]:
    """For each owner that is linked to another, the one that stands for both."""
    if not links:
        return {}
    several = reduce(DataFrame.unionByName, links).where(F.size(_OWNERS) > 1).distinct()
    found = several.limit(_MOST_LINKS + 1).collect()
    if len(found) > _MOST_LINKS:
        raise claims(
            "过多记录同时指向不同的人，请检查就诊号、结算号各列",
            "too many records refer to several persons at once; look at the columns of visit and settlement keys",
        )
    parent: dict[str, str] = {}

    def root(owner: str) -> str:
        while (up := parent.setdefault(owner, owner)) != owner:
            parent[owner] = owner = parent.setdefault(up, up)
        return owner

    for row in found:
        first, *others = sorted(row[_OWNERS])
        for other in others:
            a, b = sorted((root(first), root(other)))
            parent[b] = a
    return {owner: root(owner) for owner in parent if root(owner) != owner}
