#!/usr/bin/env python3
"""Jihe, DuckDB and Polars on the same rules over the same Parquet: findings compared, then timed.

    jihe synth --variant clean --format parquet --persons 12500 --seed 1 --out DIR
    .venv/bin/python run.py --data DIR --rules 10 --jihe PATH --out results/NAME.json

In: a synthetic city in Parquet, the `jihe` command. Out: seconds, peak memory and findings of every peer as JSON.
Invariant: nothing is timed before the findings, evidence and amounts included, are equal; every run is a process of its
own that reads the Parquet files and writes its findings to Parquet. Medians of five; three above two minutes; a run past
ten minutes is stopped and reported so.
"""
import argparse
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

import rules as R
from compare import Findings

HERE = Path(__file__).parent
LIMIT = 600
LONG = 120


def command(peer: str, args, rules_folder: Path, out: Path) -> list[str]:
    """How a peer is run; it writes below `out`."""
    n, threads = str(args.rules), str(args.threads)
    if peer == "jihe":
        return [args.jihe, "audit", "--rules", str(rules_folder), "--data", str(args.data), "--threads", threads, "--columns", "needed",
                "--format", "parquet", "--out", str(out / "jihe")]
    if peer == "polars":
        return [sys.executable, str(HERE / "peer_polars.py"), str(args.data), n, str(out / "f.parquet"), threads]
    style = peer.removeprefix("duckdb-")
    return [sys.executable, str(HERE / "peer_duckdb.py"), str(args.data), n, style, str(out / "f.parquet"), threads]


def once(peer: str, args, rules_folder: Path, out: Path) -> dict:
    """One run: seconds and peak memory of its process."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    answer, log = out / "answer.json", out / "log"
    subprocess.run([sys.executable, str(HERE / "measure.py"), str(LIMIT), str(answer), str(log),
                    *command(peer, args, rules_folder, out)], check=True)
    run = json.loads(answer.read_text(encoding="utf-8"))
    if run.pop("status") != 0 and not run["stopped"]:
        raise SystemExit(f"{peer} failed:\n{log.read_text()}")
    return run


def found(peer: str, out: Path) -> tuple[bool, str]:
    """Whether the findings are Jihe's, and the files they are in."""
    return (True, f"{out}/jihe/findings*.parquet") if peer == "jihe" else (False, f"{out}/f.parquet")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rules", type=int, choices=[10, 100], default=10)
    parser.add_argument("--jihe", default="jihe")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", default="jihe,duckdb-naive,duckdb-merged,polars")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    peers = args.peers.split(",")
    report = {"data": {kind: pq.read_metadata(args.data / f"{kind}.parquet").num_rows for kind in ("item", "visit")},
              "rules": args.rules, "threads": args.threads, "machine": machine(), "versions": versions(args.jihe),
              "runs": {}, "equal": {}}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        rules_folder = scratch / "rules"
        rules_folder.mkdir()
        text, files = R.jihe(args.rules)
        for name, content in {"rules.jihe": text, **files}.items():
            (rules_folder / name).write_text(content, encoding="utf-8")
        compared, expected = Findings(scratch), None
        for peer in peers:
            first = once(peer, args, rules_folder, scratch / peer)
            report["runs"][peer] = [first]
            if first["stopped"]:
                continue
            here = found(peer, scratch / peer)
            rules = compared.by_rule(*here)
            if expected is None:
                origin, expected = here, rules
                report["findings_by_rule"] = {rule: count for rule, (count, _) in rules.items()}
                report["findings"] = sum(report["findings_by_rule"].values())
            elif rules != expected:
                wrong = next(rule for rule in sorted({*rules, *expected}) if rules.get(rule) != expected.get(rule))
                raise SystemExit(f"{peer} differs from {peers[0]}: {compared.differing(origin, here, wrong)}")
            report["equal"][peer] = True
        for peer in peers:
            report["runs"][peer] = timed(peer, args, rules_folder, scratch / peer, report["runs"][peer][0])
    report["median"] = {peer: median(runs) for peer, runs in report["runs"].items()}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({"findings": report.get("findings"), **report["median"]}, indent=1))


def timed(peer: str, args, rules_folder: Path, out: Path, first: dict) -> list[dict]:
    if first["stopped"]:
        return [first]
    runs = min(args.runs, 3) if first["seconds"] > LONG else args.runs
    return [once(peer, args, rules_folder, out) for _ in range(runs)]


def median(runs: list[dict]) -> dict:
    return {what: statistics.median(run[what] for run in runs) for what in ("seconds", "cpu_seconds", "peak_mib")} | {
        "stopped": any(run["stopped"] for run in runs)}


def machine() -> dict:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {"cpus": os.cpu_count(), "memory_gib": memory, "system": platform.system(), "arch": platform.machine(),
            "load": os.getloadavg()[0]}


def versions(jihe: str) -> dict:
    import duckdb
    import polars

    shown = subprocess.run([jihe, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    binary = hashlib.sha256(Path(shutil.which(jihe) or jihe).read_bytes()).hexdigest()[:16]
    return {"jihe": shown, "jihe_binary": binary, "duckdb": duckdb.__version__, "polars": polars.__version__,
            "python": platform.python_version()}


if __name__ == "__main__":
    main()
