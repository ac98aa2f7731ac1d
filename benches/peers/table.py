#!/usr/bin/env python3
"""The tables of benches/README.md from the raw output of the runs.

In: results/*.json. Out: benches/README.md, the part between its two marks written anew.
Invariant: every figure in the tables is in the raw output; a peer that was stopped is shown as stopped.
"""
import json
from pathlib import Path

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- tables begin -->\n", "<!-- tables end -->\n"
PEERS = ["jihe", "duckdb-naive", "duckdb-merged", "polars"]
ENGINES = ["jihe", "zen", "cel", "cedar", "datalogic", "regorus"]


def batch(name: str, run: dict) -> str:
    head = (f"**{run['data']['item']:,} lines, {run['rules']} rules**, {run['threads']} threads, "
            f"{run.get('findings', 0):,} findings, equal for {', '.join(run['equal'])} (`peers/results/{name}`; "
            f"{run['machine']['cpus']} CPUs, {run['machine']['memory_gib']} GiB; DuckDB {run['versions']['duckdb']}, "
            f"Polars {run['versions']['polars']})\n\n| | seconds | of Jihe's | peak MiB | of Jihe's |\n|---|---|---|---|---|\n")
    own = run["median"]["jihe"]
    rows = []
    for peer in (peer for peer in PEERS if peer in run["median"]):
        median = run["median"][peer]
        if median["stopped"]:
            rows.append(f"| {peer} | stopped after {median['seconds']:.0f} | – | {median['peak_mib']} | – |")
            continue
        rows.append(f"| {peer} | {median['seconds']:.2f} | {median['seconds'] / own['seconds']:.2f} | "
                    f"{median['peak_mib']:.0f} | {median['peak_mib'] / own['peak_mib']:.2f} |")
    return head + "\n".join(rows) + "\n"


def one_claim(name: str, run: dict) -> str:
    head = (f"**One claim of {run['lines']:,} lines, {run['rules']} line rules** (`peers/results/{name}`)\n\n"
            "| | median µs | of Jihe's | p99 µs |\n|---|---|---|---|\n")
    own = run["engines"]["jihe"]["median_us"]
    rows = [f"| {engine} | {run['engines'][engine]['median_us']:,} | {run['engines'][engine]['median_us'] / own:.2f} | "
            f"{run['engines'][engine]['p99_us']:,} |" for engine in ENGINES]
    return head + "\n".join(rows) + "\n"


def main() -> None:
    tables = []
    for path in sorted((HERE / "results").glob("*.json")):
        run = json.loads(path.read_text(encoding="utf-8"))
        tables.append(one_claim(path.name, run) if "engines" in run else batch(path.name, run))
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(before + BEGIN + "\n".join(tables) + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
