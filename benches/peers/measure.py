"""Runs one command and says how long it took and how much memory it had.

In: a limit in seconds, a file for the answer, a file for what the command prints, the command. Out: the answer as JSON.
Invariant: this process stays small, because a child's peak memory is never less than its parent's was at the fork.
"""
import json
import os
import sys
import time


def main() -> None:
    limit, answer, log, *command = sys.argv[1:]
    with open(log, "wb") as printed:
        start = time.monotonic()
        files = [(os.POSIX_SPAWN_DUP2, printed.fileno(), 1), (os.POSIX_SPAWN_DUP2, printed.fileno(), 2)]
        child = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
        stopped = False
        while (done := os.wait4(child, os.WNOHANG))[0] == 0:
            if time.monotonic() - start > float(limit) and not stopped:
                os.kill(child, 9)
                stopped = True
            time.sleep(0.005)
        seconds = time.monotonic() - start
    _, status, usage = done
    with open(answer, "w", encoding="utf-8") as told:
        json.dump({"seconds": round(seconds, 3), "peak_mib": usage.ru_maxrss // 1024, "stopped": stopped,
                   "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3), "status": status}, told)


if __name__ == "__main__":
    main()
