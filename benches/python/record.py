"""What a run measured, as JSON.

In: rows of figures. Out: `results/NAME.json`, with the machine, its load when the run began, and the versions.
Invariant: every single time is kept; a median is of these.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
_PACKAGES = (
    "jihe", "polars", "duckdb", "pyarrow", "pandas", "zen-engine", "common-expression-language", "cel-python",
    "cedarpy", "rule-engine",
)  # fmt: skip
_LOAD = os.getloadavg()[0]


def write(name: str, what: dict[str, Any]) -> None:
    """Writes what was measured under a name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    machine = {"cpus": os.cpu_count(), "memory_gib": memory, "arch": platform.machine(), "load": round(_LOAD, 2)}
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({**what, "machine": machine, "versions": versions}, ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def seconds(call: Callable[[], object], runs: int) -> list[float]:
    """How long each of some runs took."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(round(time.perf_counter() - start, 6))
    return times


def microseconds(call: Callable[[], object], runs: int) -> dict[str, float]:
    """Median and 99th percentile of so many runs, or of a hundred where these take long."""
    times: list[float] = []
    begin = time.perf_counter()
    while len(times) < 100 or (len(times) < runs and time.perf_counter() - begin < 10):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e6)
    times.sort()
    last = times[len(times) * 99 // 100 - 1]
    return {"median_us": round(statistics.median(times), 1), "p99_us": round(last, 1), "runs": len(times)}


def differ(why: str) -> int:
    """Says that contenders do not agree; nothing is written then."""
    print(why, file=sys.stderr)
    return 1
