"""The four rules written by hand in DuckDB's SQL.

In: frames and limits. Out: rule id, subject key and amount of every finding.
Invariant: one query; the frames are scanned where they are.
"""

from __future__ import annotations

import duckdb
import polars

QUERY = """
with lines as (
  select i.*, v.person, p.sex from item i join visit v on v.visit_id = i.visit join person p on p.person_id = v.person
),
ordered as (
  select *, sum(quantity) over (partition by visit, item_code, used_time order by item_id rows unbounded preceding) as upto
  from item join daily using (item_code)
),
windowed as (
  select item_id, used_time,
    sum(days_of_supply) over (partition by person, generic_name order by used_time, item_id rows unbounded preceding)
    - coalesce(sum(days_of_supply) over (partition by person, generic_name order by used_time
        range between unbounded preceding and interval 30 days preceding), 0) as held
  from lines where days_of_supply > 0
)
select 'P1' as rule, item_id as key, ((unit_price - "limit") * quantity)::decimal(18, 4) as amount
from item join price using (item_code) where unit_price > "limit"
union all
select 'P2', item_id, amount::decimal(18, 4) from lines join sexes using (item_code) where sex <> allowed
union all
select 'P3', visit || '|' || item_code || '|' || strftime(used_time, '%Y-%m-%d'),
  sum(unit_price * greatest(least(quantity, upto - most), 0))::decimal(18, 4)
from ordered group by visit, item_code, used_time having sum(quantity) > any_value(most)
union all
select 'P4', item_id, null from windowed where held > 30
order by rule, key
"""


def findings(tables: dict[str, polars.DataFrame], known: dict[str, polars.DataFrame], threads: int) -> polars.DataFrame:
    """All findings of the four rules."""
    connection = duckdb.connect()
    connection.execute(f"set threads to {threads}")
    for name, table in tables.items():
        connection.register(name, table)
    connection.register("限价", known["限价"])
    connection.register("性别限定", known["性别限定"])
    connection.register("限定频次", known["限定频次"])
    connection.execute(
        'create temp table price as select "项目编码" as item_code, "上限价"::decimal(16, 2) as "limit" from "限价"'
    )
    connection.execute('create temp table sexes as select "项目编码" as item_code, "限定性别" as allowed from "性别限定"')
    connection.execute('create temp table daily as select "项目编码" as item_code, "日上限"::bigint as most from "限定频次"')
    return polars.DataFrame(connection.sql(QUERY))
