"""What it costs to cross from Python into the library and back.

In: `--lines N`. Out: seconds by way of giving claims, microseconds of one check in a session, printed and in `results/`.
Invariant: every way gives the same findings before it is timed; the rule is so cheap that crossing is what is measured.

    python boundary.py --lines 100000
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable

import polars
import record
from data import tables

import jihe

RULE = '规则包 "边界" 版本 "1"\n规则 大额 { 编号 "X" 针对 明细 当 金额 > 1490 元 性质 可疑 违规金额 金额 - 1490 元 说明 "{金额}" }'


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--lines", type=int, default=100_000)
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    ruleset = jihe.compile(RULE)
    frames = tables(given.lines)
    rows = {kind: _texts(frame).to_dicts() for kind, frame in frames.items()}
    text = json.dumps(rows, ensure_ascii=False)
    arrow = {kind: frame.to_arrow() for kind, frame in frames.items()}
    pandas = {kind: frame.to_pandas(use_pyarrow_extension_array=True) for kind, frame in frames.items()}
    ways: dict[str, Callable[[], jihe.Report]] = {
        "list of dicts": lambda: ruleset.audit(rows, threads=1),
        "JSON text": lambda: ruleset.audit(text, threads=1),
        "polars": lambda: ruleset.audit(frames, threads=1),
        "pyarrow": lambda: ruleset.audit(arrow, threads=1),
        "pandas (Arrow)": lambda: ruleset.audit(pandas, threads=1),
    }
    found = {name: way().to_json() for name, way in ways.items()}
    if len(set(found.values())) != 1:
        print("the ways of giving claims differ", file=sys.stderr)
        return 1
    report = ways["polars"]()
    outs: dict[str, Callable[[], object]] = {
        "to_dicts": report.findings.to_dicts,
        "to_json": report.to_json,
        "to_polars": lambda: polars.DataFrame(fresh(report)),
    }
    told = {
        "in": {name: record.seconds(way, given.runs) for name, way in ways.items()},
        "out": {name: record.seconds(out, given.runs) for name, out in outs.items()},
        "check": checks(ruleset, frames),
    }
    print(f"{given.lines} lines in, one thread; then {len(report.findings)} findings out")
    for way in ("in", "out"):
        for name, runs in told[way].items():
            print(f"{way:<4} {name:<16} {statistics.median(runs):8.4f} s")
    for name, times in told["check"].items():
        print(f"check of 20 lines, {name:<10} median {times['median_us']:7.0f} µs   p99 {times['p99_us']:7.0f} µs")
    record.write(f"boundary-{given.lines}", {"bench": "boundary", "lines": given.lines, "findings": len(report.findings), **told})
    return 0


def fresh(report: jihe.Report) -> jihe.Frame[jihe.Finding]:
    """The findings as a frame that nobody asked for yet, so that making it is timed too."""
    return jihe.Report(report._native, report.ruleset).findings


def checks(ruleset: jihe.Ruleset, frames: dict[str, polars.DataFrame]) -> dict[str, dict[str, float]]:
    """One claim of 20 lines in a session, as dicts, JSON text and data frames: crossing included."""
    first = frames["item"].head(20)
    visits = frames["visit"].filter(polars.col("visit_id").is_in(first["visit"].implode()))
    claim = {"visit": _texts(visits).to_dicts(), "item": _texts(first).to_dicts()}
    given = {"dicts": claim, "JSON text": json.dumps(claim, ensure_ascii=False), "polars": {"visit": visits, "item": first}}
    times = {}
    for name, claims in given.items():
        session = ruleset.session({"visit": [], "item": []}, as_of="2024-12-31")
        times[name] = record.microseconds(lambda: session.check(claims), 1_000)
    return times


def _texts(frame: polars.DataFrame) -> polars.DataFrame:
    return frame.select(polars.all().cast(polars.String))


if __name__ == "__main__":
    sys.exit(main())
