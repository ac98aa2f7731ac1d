"""Whether two peers found the same.

In: the Parquet files of two runs. Out: findings by rule, and what differs.
Invariant: two files are equal only if every finding of one is in the other with rule, subject, amount, offending lines with
their amounts and involved records; findings are compared within a bounded memory, however many they are.
"""
from pathlib import Path

import duckdb

PEER = """
SELECT rule_id AS rule, subject_key AS subject, CAST(amount AS DECIMAL(18, 4)) AS amount,
       list_sort(list_transform(list_zip(offending, offending_amounts),
                                lambda line: line[1] || ' ' || coalesce(CAST(CAST(line[2] AS DECIMAL(18, 4)) AS VARCHAR), '-'))) AS offending,
       list_sort(involved) AS involved
FROM read_parquet('{path}')
"""
# Jihe writes the lines as JSON texts.
JIHE = """
SELECT rule_id AS rule, subject_key AS subject, CAST(amount AS DECIMAL(18, 4)) AS amount,
       list_sort(list_transform(from_json(offending, '[{{"key": "VARCHAR", "amount": "VARCHAR"}}]'),
                                lambda line: line.key || ' ' || coalesce(CAST(CAST(line.amount AS DECIMAL(18, 4)) AS VARCHAR), '-'))) AS offending,
       list_sort(list_transform(from_json(involved, '[{{"key": "VARCHAR"}}]'), lambda record: record.key)) AS involved
FROM read_parquet('{path}')
"""


class Findings:
    """The findings of the first run, to which others are compared."""

    def __init__(self, scratch: Path) -> None:
        self.base = duckdb.connect(str(scratch / "compare.duckdb"))
        self.base.execute(f"SET memory_limit = '8GB'; SET temp_directory = '{scratch}/spilled'")

    def rows(self, jihe: bool, path: str) -> str:
        return (JIHE if jihe else PEER).format(path=path)

    def by_rule(self, jihe: bool, path: str) -> dict[str, tuple[int, int]]:
        """How many findings each rule has, and the sum of 64-bit hashes of all they say."""
        return dict(sorted((rule, (count, int(total))) for rule, count, total in self.base.execute(f"""
            SELECT rule, count(*), sum(CAST(hash(subject, amount, offending, involved) AS HUGEINT))
            FROM ({self.rows(jihe, path)}) GROUP BY rule""").fetchall()))

    def differing(self, first: tuple[bool, str], other: tuple[bool, str], rule: str) -> str:
        """Examples of what one run found for a rule and the other did not."""
        left, right = (f"SELECT * FROM ({self.rows(*side)}) WHERE rule = '{rule}'" for side in (first, other))
        lost, extra = (self.base.execute(f"{one} EXCEPT ALL {two} LIMIT 2").fetchall()
                       for one, two in ((left, right), (right, left)))
        return f"{rule}: missing {lost}, extra {extra}"
