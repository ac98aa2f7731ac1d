"""Claims in PostgreSQL: read through ADBC as Arrow, audited, findings written back in one transaction.

In: a connection string; claims in schema `claims` (`schema.sql`). Out: a row in `audit.run` and one a lead in `audit.finding`.
Invariant: a run is there with all its findings, or not at all.

    pip install jihe pyarrow adbc-driver-postgresql
    python audit.py "postgresql:///claims" 2024-annual
"""

from __future__ import annotations

import json
import sys
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import pyarrow as pa

import jihe

KEPT = (
    "finding_id", "rule_id", "rule_name", "nature", "subject_kind", "subject_key", "person", "institution",
    "service_date", "amount", "message", "offending", "involved",
)


def claims(cursor: Any) -> dict[str, pa.Table]:
    """Every table of schema `claims`, as Arrow: PostgreSQL's values arrive without becoming Python objects."""
    cursor.execute("select table_name::text from information_schema.tables where table_schema = 'claims'")
    found = {}
    for (kind,) in cursor.fetchall():
        cursor.execute(f'select * from claims."{kind}"')
        found[kind] = cursor.fetch_arrow_table()
    return found


def put(cursor: Any, report: jihe.Report, run: str) -> None:
    """Writes a run and its findings; nothing is seen by anybody until the caller commits."""
    manifest = report.manifest
    cursor.execute(
        "insert into audit.run (run_id, ruleset, coverage) values ($1, $2, $3::text::json)",
        (run, manifest["ruleset"]["hash"], json.dumps(manifest, ensure_ascii=False)),
    )
    findings = report.findings.to_arrow().select(KEPT)
    named = findings.add_column(0, "run_id", pa.repeat(run, len(findings)))
    cursor.adbc_ingest("finding", named, mode="append", db_schema_name="audit")


def main(database: str, run: str) -> None:
    """Audits with the shipped rulebook."""
    with postgresql.connect(database) as connection, connection.cursor() as cursor:
        report = jihe.rulebook().audit(claims(cursor))
        put(cursor, report, run)
        connection.commit()
    print(f"{run}: {len(report.findings)} leads, {report.manifest['totals']['amount']} yuan")


if __name__ == "__main__":
    main(*sys.argv[1:3])
