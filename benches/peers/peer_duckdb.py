"""DuckDB on the rules of `rules.py`.

In: a folder of Parquet, how many rules, `naive` (a query a rule) or `merged` (a query a shape over one joined table).
Out: findings with evidence in Parquet.
Invariant: both styles give the same findings; a rule is never left out.
"""
import sys
from pathlib import Path

import duckdb

import rules as R

VIEWS = """
create view visits as select visit_id, person, institution, visit_type, time, time::date as day
  from read_parquet('{data}/visit.parquet');
create {what} lines as select i.item_id, i.visit, v.person, i.item_code, i.generic_name, i.fee_type, i.quantity,
    i.unit_price, i.amount, i.used_time, i.used_time::date as day, i.days_of_supply
  from read_parquet('{data}/item.parquet') i left join read_parquet('{data}/visit.parquet') v on v.visit_id = i.visit;
"""

# Every query gives rule_id, subject_key, amount, offending, offending_amounts, involved. {P} is a list of parameters:
# one row for a naive query, a row a variant for a merged one.
ITEM = "[item_id] as offending, [amount::decimal(38,4)] as offending_amounts"
NONE = "null::decimal(38,4) as amount, []::varchar[] as offending, []::decimal(38,4)[] as offending_amounts"
SHAPES = {
    1: """select 'R01-' || p.v as rule_id, item_id as subject_key,
            ((unit_price - c.price) * quantity)::decimal(38,4) as amount, [item_id] as offending,
            [((unit_price - c.price) * quantity)::decimal(38,4)] as offending_amounts, []::varchar[] as involved
          from lines join ceilings c on c.item_code = lines.item_code join {P} p on p.v = c.v
          where unit_price > c.price""",
    2: """select 'R02-' || p.v as rule_id, item_id as subject_key, (amount * 0.5)::decimal(38,4) as amount,
            [item_id] as offending, [(amount * 0.5)::decimal(38,4)] as offending_amounts, []::varchar[] as involved
          from lines join {P} p on hour(used_time) = p.hour where fee_type = '09' and quantity >= 2""",
    3: """with counted as (
            select *, count(*) over (partition by person, item_code, date_trunc('week', day)) as n from lines
            where fee_type in (select week_fee from {P} p)),
          hits as (select c.*, p.v from counted c join {P} p on p.week_fee = c.fee_type and c.n > p.week_least)
          select 'R03-' || h.v as rule_id, h.item_id as subject_key, any_value(h.amount)::decimal(38,4) as amount,
            [h.item_id] as offending, [any_value(h.amount)::decimal(38,4)] as offending_amounts,
            list(o.item_id) as involved
          from hits h join lines o on o.person = h.person and o.item_code = h.item_code
            and date_trunc('week', o.day) = date_trunc('week', h.day) and o.item_id <> h.item_id
          group by h.v, h.item_id""",
    4: """with summed as (
            select l.*, p.v, p.supply_days, p.supply_limit, sum(days_of_supply) over (
              partition by p.v, person, generic_name order by day
              range between to_days((p.supply_days - 1)::int) preceding and current row) as held
            from lines l join {P} p on p.drug = l.generic_name),
          hits as (select * from summed where held > supply_limit)
          select 'R04-' || h.v as rule_id, h.item_id as subject_key, any_value(h.amount)::decimal(38,4) as amount,
            [h.item_id] as offending, [any_value(h.amount)::decimal(38,4)] as offending_amounts,
            coalesce(list(o.item_id) filter (o.item_id <> h.item_id), []) as involved
          from hits h join lines o on o.person = h.person and o.generic_name = h.generic_name
            and o.day <= h.day and o.day > h.day - h.supply_days::int
          group by h.v, h.item_id""",
    5: """with summed as (
            select *, sum(quantity) over (partition by visit, item_code order by used_time, item_id) as upto
            from lines where item_code is not null),
          hits as (
            select p.v, s.*, greatest(least(upto - p.units, quantity), 0) as excess
            from summed s join {P} p on s.upto > p.units)
          select 'R05-' || v as rule_id, visit || '|' || item_code as subject_key,
            sum(unit_price * excess)::decimal(38,4) as amount, list(item_id) as offending,
            list((unit_price * excess)::decimal(38,4)) as offending_amounts, []::varchar[] as involved
          from hits group by v, visit, item_code""",
    6: """with before as (
            select *, lag(visit_id) over w as last_visit, lag(day) over w as last_day
            from visits where visit_type = '14' window w as (partition by person, institution order by time, visit_id))
          select 'R06-' || p.v as rule_id, visit_id as subject_key, {NONE}, [last_visit] as involved
          from before join {P} p on month(day) = p.refill_month and day - last_day <= p.refill_days""",
    7: """select 'R07-' || p.v as rule_id, s.visit_id as subject_key, {NONE}, list(b.visit_id) as involved
          from visits s cross join {P} p join visits b on b.person = s.person and b.visit_type = '21'
            and b.day < s.day and b.day >= s.day - p.readmission_days::int
          where s.visit_type = '21' group by p.v, s.visit_id""",
    8: """with months as (
            select person, strftime(day, '%Y-%m') as month, list(visit_id) as ids, count(*) as n
            from visits group by all)
          select 'R08-' || p.v as rule_id, person || '|' || month as subject_key, {NONE}, ids as involved
          from months join {P} p on n >= p.visits""",
    9: """select 'R09-' || p.v as rule_id, s.visit_id as subject_key, {NONE},
            list(o.visit_id) as involved
          from visits s cross join {P} p join visits o on o.person = s.person
            and o.day <= s.day and o.day > s.day - p.places_days::int
          group by p.v, p.places, s.visit_id having count(distinct o.institution) >= p.places""",
    10: """select 'R10-' || p.v as rule_id, s.visit_id as subject_key, {NONE}, list(a.visit_id) as involved
          from visits s cross join {P} p join visits a on a.person = s.person and a.visit_type = '21'
            and a.day > s.day and a.day <= s.day + p.ahead_days::int
          where s.visit_type = '41' group by p.v, s.visit_id""",
}


def values(parameters: list[dict]) -> str:
    """Parameters as a table."""
    quote = lambda value: f"'{value}'" if isinstance(value, str) else str(value)
    rows = ", ".join("(" + ", ".join(map(quote, row.values())) + ")" for row in parameters)
    return f"(select * from (values {rows}) t({', '.join(parameters[0])}))"


def run(data: Path, rules: int, style: str, out: Path, threads: int) -> None:
    db = duckdb.connect()
    db.execute(f"set threads to {threads}")
    db.execute("set preserve_insertion_order = false")
    what = "view" if style == "naive" else "temp table"
    db.execute(VIEWS.format(data=data, what=what))
    db.execute("create temp table ceilings(v int, item_code varchar, price decimal(18,6))")
    all_parameters = [R.parameters(v) for v in R.variants(rules)]
    for v in R.variants(rules):
        db.executemany("insert into ceilings values (?, ?, ?)", [(v, *row) for row in R.ceilings(v)])
    bundles = [[p] for p in all_parameters] if style == "naive" else [all_parameters]
    db.execute("create temp table findings(rule_id varchar, subject_key varchar, amount decimal(38,4), "
               "offending varchar[], offending_amounts decimal(38,4)[], involved varchar[])")
    for bundle in bundles:
        for query in SHAPES.values():
            db.execute("insert into findings " + query.format(P=values(bundle), NONE=NONE))
    db.execute(f"copy (select * from findings order by rule_id, subject_key) to '{out}' (format parquet)")


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]), int(sys.argv[5]))
