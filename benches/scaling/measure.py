#!/usr/bin/env python3
"""How time and memory of an audit grow with lines, rules and threads.

    jihe synth --variant clean --format parquet --persons 26000 --seed 1 --out cities/1m      # and 5m, 20m, 50m: more persons
    ../peers/.venv/bin/python measure.py --jihe PATH --cities cities/1m cities/5m --out results/scaling.json

In: cities in Parquet, the `jihe` command. Out: for every measured point its runs: seconds, processor seconds, peak memory.
Invariant: a point is a process of its own from files to files; points that could not finish in the limit are kept as
stopped; every figure is added to the file as soon as it is known, so that a run broken off loses none.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

HERE = Path(__file__).parent
PEERS = HERE.parent / "peers"
sys.path.insert(0, str(PEERS))

import rules as R  # noqa: E402
from run import machine  # noqa: E402

LIMIT = 600
LONG = 120


def points(cities: list[Path], counts: list[int], threads: int) -> list[tuple[Path, int, int]]:
    """City, rules, threads: lines with the fewest rules on every number of threads, then with more rules on all threads."""
    fewest = [(city, counts[0], used) for used in range(threads, 0, -1) for city in cities]
    return fewest + [(city, rules, threads) for rules in counts[1:] for city in cities]


def once(args, city: Path, rules_folder: Path, threads: int, memory: str | None, scratch: Path) -> dict:
    answer, log, out = scratch / "answer.json", scratch / "log", scratch / "out"
    command = [args.jihe, "audit", "--rules", str(rules_folder), "--data", str(city), "--threads", str(threads),
               "--columns", "needed", "--format", "parquet", "--out", str(out)]
    command += ["--memory", memory] if memory else []
    subprocess.run([sys.executable, str(PEERS / "measure.py"), str(LIMIT), str(answer), str(log), *command], check=True)
    run = json.loads(answer.read_text(encoding="utf-8"))
    if run["status"] != 0 and not run["stopped"]:
        raise SystemExit(f"jihe failed on {city.name}:\n{log.read_text(encoding='utf-8')}")
    if not run["stopped"]:
        run["findings"] = sum(pq.read_metadata(path).num_rows for path in out.glob("findings*.parquet"))
    subprocess.run(["rm", "-r", str(out)], check=False)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jihe", default="jihe")
    parser.add_argument("--cities", type=Path, nargs="+", required=True)
    parser.add_argument("--rules", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", default="4GiB", help="passed on to jihe audit where lines times rules exceed --bounded-from")
    parser.add_argument("--bounded-from", type=float, default=1e9, help="lines times rules whose findings a small machine does not hold")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    report = {"machine": machine(), "points": []}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for city, rules, threads in points(args.cities, args.rules, args.threads):
            folder = written(Path(scratch) / f"rules{rules}", rules)
            lines = pq.read_metadata(city / "item.parquet").num_rows
            memory = args.memory if lines * rules > args.bounded_from else None
            runs = [once(args, city, folder, threads, memory, Path(scratch))]
            wanted = 1 if runs[0]["stopped"] or runs[0]["seconds"] > LONG else args.runs
            runs += [once(args, city, folder, threads, memory, Path(scratch)) for _ in range(wanted - 1)]
            report["points"].append(
                {"lines": lines, "rules": rules, "threads": threads, "memory": memory, "runs": runs})
            args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
            print(f"{lines:>12,} lines {rules:>5} rules {threads} threads: {runs[-1]['seconds']:.2f} s", flush=True)


def written(folder: Path, rules: int) -> Path:
    """The rules of the peers' comparison in a folder of their own."""
    if not folder.is_dir():
        folder.mkdir()
        text, files = R.jihe(rules)
        for name, content in {"rules.jihe": text, **files}.items():
            (folder / name).write_text(content, encoding="utf-8")
    return folder


if __name__ == "__main__":
    main()
