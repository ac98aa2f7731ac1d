"""Polars on the rules of `rules.py`: lazy frames, all rules collected together so that it shares what it can.

In: a folder of Parquet, how many rules. Out: findings with evidence in Parquet.
Invariant: a shape's common part (joins, windows) is written once for all its variants.
"""
import os
import sys
from pathlib import Path

if len(sys.argv) > 4:
    os.environ["POLARS_MAX_THREADS"] = sys.argv[4]

import polars as pl  # noqa: E402  (threads are read when it is loaded)

import rules as R  # noqa: E402

MONEY = pl.Decimal(38, 4)
KEYS = pl.List(pl.String)
DAY = pl.col("day")


def days(count: int) -> pl.Expr:
    return pl.duration(days=count)


def findings(hits: pl.LazyFrame, rule: str, subject, amount=None, offending=None, involved=None) -> pl.LazyFrame:
    """Hits, one a finding, in the columns every peer writes."""
    nothing = pl.lit([], dtype=KEYS)
    return hits.select(
        rule_id=pl.lit(rule),
        subject_key=subject,
        amount=(pl.lit(None) if amount is None else amount).cast(MONEY),
        offending=nothing if offending is None else offending,
        offending_amounts=(pl.lit([], dtype=pl.List(MONEY)) if amount is None or offending is None
                           else pl.col("shares") if offending is PER_GROUP else pl.concat_list(amount.cast(MONEY))),
        involved=nothing if involved is None else involved,
    )


PER_GROUP = pl.col("items")
ONE = pl.concat_list("item_id")


def evidence(hits: pl.LazyFrame, others: pl.LazyFrame, keys: list[str], key: str, within: pl.Expr) -> pl.LazyFrame:
    """Hits with the keys of the records that bear them out."""
    pairs = hits.join(others.select(*keys, other="visit_id" if key == "visit_id" else "item_id", other_day="day"),
                      on=keys).filter(within)
    first = [pl.col("amount").first()] if key == "item_id" else []
    return pairs.group_by(key).agg(*first, involved=pl.col("other"))


class Data:
    """The two tables, and what several shapes need of them."""

    def __init__(self, folder: Path) -> None:
        visits = pl.scan_parquet(folder / "visit.parquet").select(
            "visit_id", "person", "institution", "visit_type", "time", day=pl.col("time").dt.date())
        items = pl.scan_parquet(folder / "item.parquet").select(
            "item_id", "visit", "item_code", "generic_name", "fee_type", "quantity", "unit_price", "amount",
            "used_time", "days_of_supply", day=pl.col("used_time").dt.date())
        owners = visits.select("visit_id", "person")
        self.visits = visits
        self.lines = items.join(owners, left_on="visit", right_on="visit_id", how="left")
        self.in_week = self.lines.with_columns(
            week=DAY.dt.truncate("1w"),
            n=pl.len().over("person", "item_code", DAY.dt.truncate("1w")))
        self.upto = self.lines.filter(pl.col("item_code").is_not_null()).sort("used_time", "item_id").with_columns(
            upto=pl.col("quantity").cum_sum().over("visit", "item_code"))
        chronic = visits.filter(pl.col("visit_type") == "14").sort("time", "visit_id")
        self.refills = chronic.with_columns(
            last_visit=pl.col("visit_id").shift(1).over("person", "institution"),
            last_day=DAY.shift(1).over("person", "institution"))
        self.stays = visits.filter(pl.col("visit_type") == "21")
        self.months = visits.group_by("person", month=DAY.dt.strftime("%Y-%m")).agg(
            involved=pl.col("visit_id"), n=pl.len())


def line_rules(data: Data, p: dict) -> list[pl.LazyFrame]:
    v, lines = p["v"], data.lines
    prices = pl.LazyFrame({"item_code": [code for code, _ in R.ceilings(v)],
                           "price": [price for _, price in R.ceilings(v)]}
                          ).with_columns(pl.col("price").cast(pl.Decimal(18, 6)))
    over = lines.join(prices, on="item_code").filter(pl.col("unit_price") > pl.col("price"))
    over = over.with_columns(over=((pl.col("unit_price") - pl.col("price")) * pl.col("quantity")).cast(MONEY))
    at_hour = lines.filter((pl.col("fee_type") == "09") & (pl.col("quantity") >= 2)
                           & (pl.col("used_time").dt.hour() == p["hour"]))
    half = (pl.col("amount") * pl.lit("0.5").cast(pl.Decimal(18, 4))).cast(MONEY)
    week = data.in_week.filter((pl.col("fee_type") == p["week_fee"]) & (pl.col("n") > p["week_least"]))
    others = data.in_week.select("person", "item_code", "week", other="item_id")
    week = week.join(others, on=["person", "item_code", "week"]).filter(pl.col("other") != pl.col("item_id"))
    week = week.group_by("item_id").agg(pl.col("amount").first(), involved=pl.col("other"))
    item, amount = pl.col("item_id"), pl.col("amount")
    return [
        findings(over, f"R01-{v}", item, pl.col("over"), ONE),
        findings(at_hour, f"R02-{v}", item, half, ONE),
        findings(week, f"R03-{v}", item, amount, ONE, pl.col("involved")),
        supply(data, p),
        units(data, p),
    ]


def supply(data: Data, p: dict) -> pl.LazyFrame:
    drug = data.lines.filter(pl.col("generic_name") == p["drug"]).sort("day")
    held = drug.rolling("day", period=f"{p['supply_days']}d", group_by="person").agg(
        pl.col("item_id").last(), held=pl.col("days_of_supply").sum())
    # Lines of one day have one window.
    hits = held.filter(pl.col("held") > p["supply_limit"]).select("person", "day").unique()
    hits = drug.join(hits, on=["person", "day"])
    near = (pl.col("other_day") <= DAY) & (pl.col("other_day") > DAY - days(p["supply_days"]))
    told = evidence(hits, drug, ["person"], "item_id", near)
    involved = pl.col("involved").list.set_difference(pl.concat_list("item_id"))
    return findings(told, f"R04-{p['v']}", pl.col("item_id"), pl.col("amount"), ONE, involved)


def units(data: Data, p: dict) -> pl.LazyFrame:
    limit = pl.lit(p["units"]).cast(pl.Decimal(18, 6))
    excess = pl.min_horizontal(pl.col("upto") - limit, pl.col("quantity"))
    hits = data.upto.filter(pl.col("upto") > limit).with_columns(share=(pl.col("unit_price") * excess).cast(MONEY))
    hits = hits.group_by("visit", "item_code").agg(
        items=pl.col("item_id"), shares=pl.col("share"), total=pl.col("share").sum())
    return findings(hits, f"R05-{p['v']}", pl.col("visit") + "|" + pl.col("item_code"), pl.col("total"), PER_GROUP)


def visit_rules(data: Data, p: dict) -> list[pl.LazyFrame]:
    v, visits, visit = p["v"], data.visits, pl.col("visit_id")
    refill = data.refills.filter((DAY.dt.month() == p["refill_month"])
                                 & (DAY - pl.col("last_day") <= days(p["refill_days"])))
    told = pl.col("involved")
    other = pl.col("other_day")
    again = evidence(data.stays, data.stays, ["person"], "visit_id",
                     (other < DAY) & (other >= DAY - days(p["readmission_days"])))
    frequent = data.months.filter(pl.col("n") >= p["visits"])
    many = visits.sort("day").rolling("day", period=f"{p['places_days']}d", group_by="person").agg(
        places=pl.col("institution").n_unique())
    many = many.filter(pl.col("places") >= p["places"]).select("person", "day").unique()
    many = evidence(visits.join(many, on=["person", "day"]), visits, ["person"], "visit_id",
                    (other <= DAY) & (other > DAY - days(p["places_days"])))
    ahead = evidence(visits.filter(pl.col("visit_type") == "41"), data.stays, ["person"], "visit_id",
                     (other > DAY) & (other <= DAY + days(p["ahead_days"])))
    return [
        findings(refill, f"R06-{v}", visit, involved=pl.concat_list("last_visit")),
        findings(again, f"R07-{v}", visit, involved=told),
        findings(frequent, f"R08-{v}", pl.col("person") + "|" + pl.col("month"), involved=told),
        findings(many, f"R09-{v}", visit, involved=told),
        findings(ahead, f"R10-{v}", visit, involved=told),
    ]


def run(folder: Path, rules: int, out: Path) -> None:
    data = Data(folder)
    frames = []
    for v in R.variants(rules):
        p = R.parameters(v)
        frames += line_rules(data, p) + visit_rules(data, p)
    pl.concat(pl.collect_all(frames)).sort("rule_id", "subject_key").write_parquet(out)


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
