"""The tables of `README.md` from the output of the runs.

In: `results/*.json`. Out: `README.md`, the part between its two marks written anew.
Invariant: every figure in the tables is in the output; figures are medians.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- tables begin -->\n", "<!-- tables end -->\n"
Run = dict[str, Any]


def head(run: Run, told: str) -> str:
    machine = run["machine"]
    return (
        f"**{told}** ({machine['cpus']} CPUs, {machine['memory_gib']} GiB, load {machine['load']} at the start; "
        f"Python {run['versions']['python']})\n\n"
    )


def frames(run: Run) -> str:
    told = f"{run['lines']:,} lines, 4 rules, {run['threads']} threads, {run['findings']:,} findings, the same of each"
    medians = {name: statistics.median(runs) for name, runs in run["seconds"].items()}
    rows = [f"| {name} | {taken:.3f} | {taken / medians['jihe']:.2f} |" for name, taken in medians.items()]
    return head(run, told) + "| | seconds | of Jihe's |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def boundary(run: Run) -> str:
    told = f"Crossing: {run['lines']:,} lines in on one thread, {run['findings']:,} findings out"
    rows = []
    for way, shown in (("in", "in and audited"), ("out", "out")):
        for name, runs in run[way].items():
            taken = statistics.median(runs)
            counted = run["lines"] if way == "in" else run["findings"]
            rows.append(f"| {shown}: {name} | {taken:.4f} | {taken / max(counted, 1) * 1e6:.2f} |")
    for name, times in run["check"].items():
        rows.append(f"| one check of 20 lines in a session: {name} | {times['median_us'] / 1e6:.6f} | {times['median_us'] / 20:.2f} |")
    return head(run, told) + "| | seconds | µs a line or finding |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def single(run: Run) -> str:
    told = f"One claim of {run['lines']} lines, {run['conditions']} conditions a line, {run['hits']} hits, the same of each"
    own = run["engines"]["jihe session"]["median_us"]
    rows = [
        f"| {name} | {times['median_us']:,.0f} | {times['median_us'] / own:.2f} | {times['p99_us']:,.0f} |"
        for name, times in run["engines"].items()
    ]
    return head(run, told) + "| | median µs | of Jihe's | p99 µs |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


SHOWN = {"frames": frames, "boundary": boundary, "single": single}


def main() -> None:
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "results").glob("*.json"))]
    order = list(SHOWN)
    runs.sort(key=lambda run: (order.index(run["bench"]), run["lines"]))
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    tables = "\n".join(SHOWN[run["bench"]](run) for run in runs)
    README.write_text(before + BEGIN + tables + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
