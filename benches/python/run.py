"""All benches of this folder, one after the other, and the tables they give.

In: nothing. Out: `results/*.json`, and the tables of `README.md`.
Invariant: a bench that fails, or whose contenders differ, ends the run with its exit code.

    python run.py                      # frames at 200 k, 1 M and 5 M lines, boundary at 200 k and 1 M, one claim
    python run.py --lines 200000       # the smallest of each
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--lines", type=int, nargs="*", default=[200_000, 1_000_000, 5_000_000])
    given = arguments.parse_args()
    commands = [["frames.py", "--lines", str(lines)] for lines in given.lines]
    commands += [["boundary.py", "--lines", str(lines)] for lines in given.lines if lines <= 1_000_000]
    commands += [["single.py"], ["table.py"]]
    for command in commands:
        print("==", *command, flush=True)
        done = subprocess.run([sys.executable, *command], cwd=HERE, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
