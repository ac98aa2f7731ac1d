"""The four rules written by hand in polars.

In: frames and limits. Out: rule id, subject key and amount of every finding.
Invariant: one lazy plan, collected once, with whatever polars optimises; amounts are decimals.
"""

from __future__ import annotations

import polars
from polars import col

MONEY = polars.Decimal(18, 4)


def findings(tables: dict[str, polars.DataFrame], known: dict[str, polars.DataFrame]) -> polars.DataFrame:
    """All findings of the four rules."""
    item = tables["item"].lazy()
    visit = tables["visit"].lazy().select("visit_id", "person")
    person = tables["person"].lazy()
    limit = known["限价"].lazy().select(item_code="项目编码", limit=col("上限价").cast(polars.Decimal(16, 2)))
    sex = known["性别限定"].lazy().select(item_code="项目编码", only="限定性别")
    daily = known["限定频次"].lazy().select(item_code="项目编码", most=col("日上限").cast(polars.Int64))

    over = item.join(limit, on="item_code").filter(col("unit_price") > col("limit"))
    over = over.select(rule=polars.lit("P1"), key="item_id", amount=_money((col("unit_price") - col("limit")) * col("quantity")))

    other = item.join(sex, on="item_code").join(visit, left_on="visit", right_on="visit_id")
    other = other.join(person, left_on="person", right_on="person_id").filter(col("sex") != col("only"))
    other = other.select(rule=polars.lit("P2"), key="item_id", amount=_money(col("amount")))

    often = item.join(daily, on="item_code").sort("item_id")
    often = often.group_by("visit", "item_code", "used_time").agg(
        times=col("quantity").sum(),
        most=col("most").first(),
        # What lies beyond the limit, line by line in order of time and key, at each line's own price.
        amount=_beyond(),
    )
    often = often.filter(col("times") > col("most"))
    key = polars.format("{}|{}|{}", "visit", "item_code", col("used_time").dt.to_string("%Y-%m-%d"))
    often = often.select(rule=polars.lit("P3"), key=key, amount=_money(col("amount")))

    drug = item.filter(col("days_of_supply") > 0).join(visit, left_on="visit", right_on="visit_id")
    # Of equal days the line with the smaller key is earlier: a window ends at the line itself.
    drug = drug.sort("person", "generic_name", "used_time", "item_id")
    running = drug.with_columns(total=col("days_of_supply").cum_sum().over("person", "generic_name"))
    before = running.group_by("person", "generic_name", "used_time", maintain_order=True).agg(
        upto=col("total").last()
    )
    left = running.with_columns(earliest=col("used_time").dt.offset_by("-30d")).sort("earliest")
    joined = left.join_asof(
        before.sort("used_time"), left_on="earliest", right_on="used_time", by=["person", "generic_name"],
        strategy="backward", check_sortedness=False,
    )  # fmt: skip
    held = joined.filter(col("total") - col("upto").fill_null(0) > 30)
    held = held.select(rule=polars.lit("P4"), key="item_id", amount=polars.lit(None, MONEY))
    return polars.concat([over, other, often, held]).collect().sort("rule", "key")


def _money(value: polars.Expr) -> polars.Expr:
    return value.cast(MONEY)


def _beyond() -> polars.Expr:
    upto = col("quantity").cum_sum()
    part = polars.min_horizontal(col("quantity").cast(polars.Int64), upto - col("most")).clip(lower_bound=0)
    return (col("unit_price") * part).sum()
