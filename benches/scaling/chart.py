#!/usr/bin/env python3
"""The chart and the tables of the scaling law from the raw output of `measure.py`.

    ../peers/.venv/bin/python chart.py results/scaling.json

In: the points measured. Out: scaling.svg beside it, and the tables of benches/README.md between their two marks.
Invariant: every point drawn or printed is the median of its runs in the file; a stopped point is printed as stopped and
not drawn.
"""
import json
import statistics
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- scaling begin -->\n", "<!-- scaling end -->\n"


def median(point: dict, what: str) -> float:
    return statistics.median(run[what] for run in point["runs"])


def series(points: list[dict]) -> dict[tuple[int, int], list[dict]]:
    """Points by rules and threads, by lines ascending."""
    held: dict[tuple[int, int], list[dict]] = {}
    for point in sorted(points, key=lambda point: point["lines"]):
        held.setdefault((point["rules"], point["threads"]), []).append(point)
    return dict(sorted(held.items()))


def draw(points: list[dict], target: Path) -> None:
    matplotlib.rcParams["svg.hashsalt"] = "jihe"  # the same points give the same bytes
    figure, (time, memory) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    for (rules, threads), held in series(points).items():
        drawn = [point for point in held if not any(run["stopped"] for run in point["runs"])]
        lines = [point["lines"] / 1e6 for point in drawn]
        label = f"{rules} rules, {threads} thread{'s' if threads > 1 else ''}"
        time.plot(lines, [median(point, "seconds") for point in drawn], marker="o", label=label)
        memory.plot(lines, [median(point, "peak_mib") / 1024 for point in drawn], marker="o", label=label)
    for axes, title in ((time, "seconds"), (memory, "peak memory, GiB")):
        axes.set(title=title, xlabel="million charge lines", xscale="log", yscale="log")
        axes.grid(visible=True, which="both", alpha=0.3)
    time.legend(fontsize="small")
    figure.savefig(target, metadata={"Date": None})


def table(report: dict) -> str:
    points = series(report["points"])
    sizes = sorted({point["lines"] for point in report["points"]})
    head = (f"Medians on {report['machine']['cpus']} CPUs, {report['machine']['memory_gib']} GiB"
            f": seconds, and peak MiB{bound(report['points'])}.\n\n"
            "| rules | threads | " + " | ".join(f"{lines / 1e6:.0f} M lines" for lines in sizes) + " |\n"
            + "|---" * (len(sizes) + 2) + "|\n")
    rows = []
    for (rules, threads), held in points.items():
        by_lines = {point["lines"]: point for point in held}
        rows.append(f"| {rules} | {threads} | " + " | ".join(cell(by_lines.get(lines)) for lines in sizes) + " |")
    return head + "\n".join(rows) + "\n"


def bound(points: list[dict]) -> str:
    bounds = sorted({point["memory"] for point in points if point["memory"]})
    return f"; * with --memory {' or '.join(bounds)}" if bounds else ""


def cell(point: dict | None) -> str:
    if point is None:
        return "–"
    if any(run["stopped"] for run in point["runs"]):
        return f"stopped after {median(point, 'seconds'):.0f} s"
    mark = " *" if point["memory"] else ""
    return f"{median(point, 'seconds'):.1f} s, {median(point, 'peak_mib'):,.0f}{mark}"


def main() -> None:
    source = Path(sys.argv[1])
    report = json.loads(source.read_text(encoding="utf-8"))
    draw(report["points"], source.parent / "scaling.svg")
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(before + BEGIN + table(report) + "\n![](scaling/results/scaling.svg)\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
