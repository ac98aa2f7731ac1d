"""Rules over data frames: Jihe against the same rules written by hand in polars and in DuckDB.

In: `--lines N`. Out: seconds, printed and in `results/`; nothing, and exit 1, if the findings differ.
Invariant: every contender starts from the same polars frames in memory and ends with findings in memory; medians of `--runs`.

    python frames.py --lines 200000
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

import hand_duckdb
import hand_polars
import polars
import record
from data import knowledge, tables

import jihe

HERE = Path(__file__).parent


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--lines", type=int, default=200_000)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    frames, known = tables(given.lines), knowledge()
    rules = (HERE / "rules" / "frames.jihe").read_text(encoding="utf-8")
    ruleset = jihe.compile(rules, tables={f"{name}.csv": table.write_csv() for name, table in known.items()})
    contenders: dict[str, Callable[[], polars.DataFrame]] = {
        "jihe": lambda: jihe_findings(ruleset, frames, given.threads),
        f"polars {polars.__version__}": lambda: hand_polars.findings(frames, known),
        f"duckdb {hand_duckdb.duckdb.__version__}": lambda: hand_duckdb.findings(frames, known, given.threads),
    }
    found = {name: run() for name, run in contenders.items()}
    if not agree(found):
        return 1
    print(f"{given.lines} lines, {given.threads} threads, {len(found['jihe'])} findings, the same of each")
    times = {name: record.seconds(run, given.runs) for name, run in contenders.items()}
    for name, runs in times.items():
        print(f"{name:<16} {statistics.median(runs):8.3f} s")
    told = {"lines": given.lines, "threads": given.threads, "findings": len(found["jihe"]), "seconds": times}
    record.write(f"frames-{given.lines}", {"bench": "frames", **told})
    return 0


def jihe_findings(ruleset: jihe.Ruleset, frames: dict[str, polars.DataFrame], threads: int) -> polars.DataFrame:
    """The findings with all their columns; evidence, message and values included. Read is what the rules name, as by hand."""
    return ruleset.audit(frames, threads=threads, columns="needed").findings.to_polars()


def agree(found: dict[str, polars.DataFrame]) -> bool:
    """Whether rule, subject and amount are the same, whatever the order."""
    short = {name: brief(table) for name, table in found.items()}
    first = short["jihe"]
    for name, table in short.items():
        if not first.equals(table):
            counts = {who: dict(of.group_by("rule").len().sort("rule").iter_rows()) for who, of in short.items()}
            print(f"{name} differs from jihe: {counts}", file=sys.stderr)
            print(first.join(table, on=["rule", "key"], how="anti").head(), file=sys.stderr)
            print(table.join(first, on=["rule", "key"], how="anti").head(), file=sys.stderr)
            return False
    return True


def brief(table: polars.DataFrame) -> polars.DataFrame:
    if "rule_id" in table.columns:
        table = table.select(rule="rule_id", key="subject_key", amount="amount")
    return table.select("rule", "key", polars.col("amount").cast(polars.Decimal(18, 4))).sort("rule", "key")


if __name__ == "__main__":
    sys.exit(main())
