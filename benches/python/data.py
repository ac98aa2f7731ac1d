"""Seeded claims as data frames, the same for every library.

In: how many fee lines. Out: polars frames by record kind, and the knowledge tables as CSV text.
Invariant: equal seeds give equal tables; prices have two decimals and quantities none, so that every library is exact.
"""

from __future__ import annotations

import datetime

import numpy
import polars

CODES = 400
NAMES = 60
START = datetime.date(2024, 1, 1)


def tables(lines: int, seed: int = 7) -> dict[str, polars.DataFrame]:
    """People, visits and fee lines of a year; about 25 lines a person and 5 a visit."""
    random = numpy.random.default_rng(seed)
    people, visits = max(lines // 25, 1), max(lines // 5, 1)
    person = polars.DataFrame(
        {
            "person_id": polars.Series([f"P{number:08d}" for number in range(people)]),
            "sex": polars.Series(random.choice(["1", "2"], people)),
        }
    )
    day = random.integers(0, 366, visits)
    owner = random.integers(0, people, visits)
    visit = polars.DataFrame(
        {
            "visit_id": polars.Series([f"V{number:09d}" for number in range(visits)]),
            "person": person["person_id"].gather(owner),
            "time": _dates(polars.Series(day)),
        }
    )
    of = numpy.sort(random.integers(0, visits, lines))
    code = random.integers(0, CODES, lines)
    price = random.integers(100, 50_000, lines)
    count = random.integers(1, 4, lines)
    drug = random.random(lines) < 0.2
    decimal = polars.Decimal(16, 2)
    item = polars.DataFrame(
        {
            "item_id": polars.Series([f"L{number:010d}" for number in range(lines)]),
            "visit": visit["visit_id"].gather(of),
            "used_time": visit["time"].gather(of),
            "item_code": polars.Series([f"C{number:04d}" for number in range(CODES)]).gather(code),
            "generic_name": polars.Series([f"药{number:03d}" for number in range(NAMES)]).gather(code % NAMES),
            "quantity": polars.Series(count.astype("int32")),
            "unit_price": (polars.Series(price) / 100).cast(decimal),
            "amount": (polars.Series(price * count) / 100).cast(decimal),
            "days_of_supply": polars.Series(numpy.where(drug, random.choice([7, 14, 28], lines), 0).astype("int32")),
        }
    )
    return {"person": person, "visit": visit, "item": item}


def _dates(days: polars.Series) -> polars.Series:
    return (days + (START - datetime.date(1970, 1, 1)).days).cast(polars.Int32).cast(polars.Date)


def knowledge() -> dict[str, polars.DataFrame]:
    """Limits for some of the codes."""
    code = [f"C{number:04d}" for number in range(CODES)]
    return {
        "限价": polars.DataFrame({"项目编码": code[:200], "上限价": [f"{450 + number}.00" for number in range(200)][:200]}),
        "性别限定": polars.DataFrame({"项目编码": code[200:230], "限定性别": ["1", "2"] * 15}),
        "限定频次": polars.DataFrame({"项目编码": code[230:300], "日上限": ["3"] * 70}),
    }
