"""What it costs to cross from Python into the library and back.

In: `--lines N`. Out: a table of seconds by way of giving claims, and microseconds of one check in a session.
Invariant: every way gives the same findings before it is timed; the rule is so cheap that crossing is what is measured.

    python boundary.py --lines 100000
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable

import polars
from data import tables

import jihe

RULE = '规则包 "边界" 版本 "1"\n规则 大额 { 编号 "X" 针对 明细 当 金额 > 1490 元 性质 可疑 违规金额 金额 - 1490 元 说明 "{金额}" }'


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--lines", type=int, default=100_000)
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
    print(f"{given.lines} lines in, one thread; then {len(ways['polars']().findings)} findings out")
    for name, way in ways.items():
        print(f"in   {name:<16} {best(way):8.3f} s")
    report = ways["polars"]()
    outs: dict[str, Callable[[], object]] = {
        "to_dicts": report.findings.to_dicts,
        "to_json": report.to_json,
        "to_polars": lambda: ways["polars"]().findings.to_polars(),
    }
    for name, out in outs.items():
        print(f"{'out ' if name != 'to_polars' else 'both'} {name:<16} {best(out):8.3f} s")
    checks(ruleset, frames)
    return 0


def checks(ruleset: jihe.Ruleset, frames: dict[str, polars.DataFrame]) -> None:
    """One claim of 20 lines in a session, as dicts and as JSON text: crossing included."""
    first = frames["item"].head(20)
    visits = frames["visit"].filter(polars.col("visit_id").is_in(first["visit"].implode()))
    claim = {"visit": _texts(visits).to_dicts(), "item": _texts(first).to_dicts()}
    text = json.dumps(claim, ensure_ascii=False)
    for name, given in {"dicts": claim, "JSON text": text}.items():
        session = ruleset.session({"visit": [], "item": []}, as_of="2024-12-31")
        times = []
        for _ in range(500):
            start = time.perf_counter()
            session.check(given)
            times.append(time.perf_counter() - start)
        times.sort()
        print(f"check of 20 lines, {name:<10} p50 {times[250] * 1e6:7.0f} µs   p99 {times[495] * 1e6:7.0f} µs")


def _texts(frame: polars.DataFrame) -> polars.DataFrame:
    return frame.select(polars.all().cast(polars.String))


def best(call: Callable[[], object], runs: int = 3) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
