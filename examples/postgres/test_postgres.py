"""A real PostgreSQL, started here: claims in, findings out, and no half of a run.

In: PostgreSQL's programs (Debian package `postgresql`), the `jihe` command for a synthetic city. Out: nothing.
Invariant: the server lives in a temporary folder, listens on no network address, and is stopped at the end.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import pytest

import audit
import jihe

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def programs() -> Path:
    """The folder of `initdb`: Debian keeps it out of the search path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    elsewhere = shutil.which("initdb")
    found += [Path(elsewhere).resolve()] if elsewhere else []
    assert found, "no PostgreSQL here: apt-get install postgresql"
    return found[0].parent


def run(*words: "str | Path") -> None:
    """Runs one of PostgreSQL's programs; the server refuses to be root, so root hands over to `postgres`."""
    hand_over = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*hand_over, *map(str, words)], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    binary = os.environ.get("JIHE", str(ROOT / "target/debug/jihe"))
    folder = tmp_path_factory.mktemp("city") / "city"
    subprocess.run([binary, "synth", "--persons", "60", "--seed", "7", "--out", folder], check=True, stdout=subprocess.DEVNULL)
    # The database is not told the days of the run, so the folder does not tell them either.
    (folder / "run.toml").unlink()
    return folder


@pytest.fixture(scope="session")
def database(city: Path) -> Iterator[str]:
    """A server with the city's claims loaded, as a connection string."""
    folder = Path(tempfile.mkdtemp(prefix="jihe-postgres-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    tools, data = programs(), folder / "data"
    run(tools / "initdb", "--pgdata", data, "--username", "jihe", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    run(tools / "pg_ctl", "--pgdata", data, "--wait", "--log", folder / "log", "--options", options, "start")
    try:
        uri = f"postgresql:///postgres?host={folder}&user=jihe"
        psql = [tools / "psql", "-d", uri, "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"]
        subprocess.run([*psql, "-f", HERE / "schema.sql"], check=True)
        for table in sorted(city.glob("*.csv")):
            if f"create table claims.{table.stem} (" in (HERE / "schema.sql").read_text(encoding="utf-8"):
                copy = f"\\copy claims.{table.stem} from '{table}' csv header"
                subprocess.run([*psql, "-c", copy], check=True)
        yield uri
    finally:
        run(tools / "pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")
        shutil.rmtree(folder)


def rows(database: str, query: str) -> list[Any]:
    with postgresql.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def counts(database: str) -> tuple[int, int]:
    (found,) = rows(database, "select (select count(*) from audit.run), (select count(*) from audit.finding)")
    return found[0], found[1]


@pytest.fixture()
def empty(database: str) -> Iterator[str]:
    yield database
    with postgresql.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("alter table audit.finding drop constraint if exists refused")
        cursor.execute("truncate audit.run cascade")
        connection.commit()


@pytest.fixture(scope="session")
def report(database: str) -> jihe.Report:
    with postgresql.connect(database) as connection, connection.cursor() as cursor:
        return jihe.rulebook().audit(audit.claims(cursor))


def test_the_database_gives_what_the_files_give(report: jihe.Report, city: Path) -> None:
    files = jihe.rulebook().audit(city)
    assert len(report.findings) > 50
    assert report.findings.to_dicts() == files.findings.to_dicts()
    assert report.manifest == files.manifest


def test_findings_are_written_exactly(empty: str, report: jihe.Report) -> None:
    audit.main(empty, "annual")
    assert counts(empty) == (1, len(report.findings))
    written = rows(empty, "select finding_id, amount::text, service_date from audit.finding order by rule_id collate \"C\", subject_key collate \"C\"")
    kept = [(one["finding_id"], one["amount"], one["service_date"]) for one in report.findings]
    assert [(key, amount, str(day) if day else None) for key, amount, day in written] == kept
    (total,) = rows(empty, "select coverage->'totals'->>'amount' from audit.run")
    assert total[0] == report.manifest["totals"]["amount"]


def test_a_finding_the_table_refuses_leaves_nothing_of_the_run(empty: str, report: jihe.Report) -> None:
    last = report.findings[len(report.findings) - 1]["finding_id"]
    with postgresql.connect(empty) as connection, connection.cursor() as cursor:
        cursor.execute(f"alter table audit.finding add constraint refused check (finding_id <> '{last}')")
        connection.commit()
    with pytest.raises(postgresql.Error, match="refused"):
        audit.main(empty, "annual")
    assert counts(empty) == (0, 0)


def test_a_connection_cut_before_the_commit_leaves_nothing_of_the_run(empty: str, report: jihe.Report) -> None:
    connection = postgresql.connect(empty)
    cursor = connection.cursor()
    audit.put(cursor, report, "annual")
    cursor.execute("select count(*) from audit.finding")
    assert cursor.fetchone()[0] == len(report.findings), "the writer itself sees its rows"
    rows(empty, "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'")
    with pytest.raises(postgresql.Error):
        connection.commit()
    assert counts(empty) == (0, 0)


def test_the_same_run_twice_is_refused_and_the_first_stays(empty: str, report: jihe.Report) -> None:
    audit.main(empty, "annual")
    with pytest.raises(postgresql.Error, match="run_pkey"):
        audit.main(empty, "annual")
    assert counts(empty) == (1, len(report.findings))
