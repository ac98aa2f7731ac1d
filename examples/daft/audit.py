"""An audit on Daft: one row a person, a column a record kind, `ruleset.audit` over batches of whole persons.

In: a folder with a Parquet file a record kind, and the days of the run. Out: the findings as a Daft data frame.
Invariant: findings are those of one run over all records: every batch is told the days of the whole run, and rules over
everybody run once, over all records.

    python audit.py CITY 2022-07-01 2024-12-31

Runs on the cores of one machine, and on a Ray cluster after `daft.set_runner_ray()`. A record goes to the person of the
visit it names; where records contradict themselves (a line whose settlement is another person's), take `jihe.spark`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import daft
import pyarrow as pa
import pyarrow.parquet
from daft import DataType, col, lit
from daft.functions import coalesce, to_struct, unnest

import jihe

#: Kinds whose records belong to persons, by the column that leads there. Others go whole to every batch.
OWNED_BY = {
    "person": "person_id", "visit": "person", "enrolment": "person", "registration": "person",
    "diagnosis": "visit", "operation": "visit", "settlement": "visit", "item": "visit", "report": "visit",
    "refund": "visit", "trace": "item",
}  # fmt: skip


def by_person(folder: Path) -> daft.DataFrame:
    """One row a person; in the column of a kind the list of its records."""
    read = {kind: daft.read_parquet(str(folder / f"{kind}.parquet")) for kind in OWNED_BY}
    leads: dict[str, daft.DataFrame] = {}
    persons: Any = None
    for kind, to in OWNED_BY.items():
        owner = col("person") if to in leads else col(to)
        rows = read[kind].select(col(to), to_struct(*map(col, read[kind].column_names)).alias(kind))
        rows = rows.join(leads[to], on=to, how="left") if to in leads else rows
        rows = rows.select(coalesce(owner, lit("")).alias("owner"), kind)
        if kind in ("visit", "item"):
            leads[kind] = rows.select(col(kind).get(f"{kind}_id").alias(kind), col("owner").alias("person"))
        lists = rows.groupby("owner").agg(col(kind).list_agg())
        persons = lists if persons is None else persons.join(lists, on="owner", how="outer")
    return persons


def audit(folder: Path, ruleset: jihe.Ruleset, first: str, last: str) -> daft.DataFrame:
    """The findings of all rules, with the columns of the contract."""
    days: dict[str, Any] = {"coverage": (first, last), "as_of": last}
    whole = {path.stem: pyarrow.parquet.read_table(path) for path in folder.glob("*.parquet")}
    shared = {kind: table for kind, table in whole.items() if kind not in OWNED_BY}
    rules: dict[str, list[str]] = {"person": [], "population": []}
    for rule in ruleset.rules:
        rules[rule["scope"]].append(rule["id"])
    common = ruleset.audit(whole, rules=rules["population"], **days).findings.to_arrow()
    kinds = list(OWNED_BY)

    @daft.func.batch(return_dtype=DataType.from_arrow_type(pa.list_(pa.struct(common.schema))), batch_size=10_000)
    def found(*lists: daft.Series) -> pa.Array:
        tables = {kind: pa.Table.from_struct_array(rows.to_arrow().flatten()) for kind, rows in zip(kinds, lists)}
        report = ruleset.audit({**tables, **shared}, rules=rules["person"], threads=1, **days)
        rows = report.findings.to_arrow().to_struct_array().combine_chunks()
        # A value a row: the first person of the batch carries the findings of all.
        return pa.ListArray.from_arrays([0] + [len(rows)] * len(lists[0]), rows)

    persons = by_person(folder).select(found(*[col(kind) for kind in kinds]).alias("found"))
    return persons.explode("found").where(col("found").not_null()).select(unnest(col("found"))).concat(daft.from_arrow(common))


if __name__ == "__main__":
    audit(Path(sys.argv[1]), jihe.rulebook(), *sys.argv[2:4]).groupby("rule_id").agg(col("amount").sum()).show()
