"""One claim, ten conditions a line: Jihe in a session against the engines people embed from Python.

In: nothing. Out: microseconds a claim of 20 lines, printed and in `results/`; nothing, and exit 1, if an engine finds other
lines.
Invariant: every engine compiles its rules before it is timed, gets the claim as Python dicts and gives (rule, line) pairs.

    python single.py

These engines decide one record at a time: lines are joined with their person by hand for them (not timed), and they name
no evidence, amount or message. Rules over a person's other records, which Jihe's sessions are for, cannot be asked of them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import cedarpy
import cel
import celpy
import record
import rule_engine
import zen

import jihe

LINES = 20
RULES = [
    {"id": f"R{number}", "codes": [f"C{number}", f"C{number + 5}", "C3"], "over": 100 * number, "sex": "12"[number % 2]}
    for number in range(10)
]
Hits = list[tuple[str, str]]


def claim() -> dict[str, list[dict[str, Any]]]:
    """A visit with lines of codes and amounts that some rules hit."""
    lines = [
        {
            "item_id": f"L{number:02d}",
            "visit": "V1",
            "used_time": "2024-03-01",
            "item_code": f"C{number % 12}",
            "amount": 37 * number,
        }
        for number in range(LINES)
    ]
    person = {"person_id": "P1", "sex": "1"}
    return {"person": [person], "visit": [{"visit_id": "V1", "person": "P1", "time": "2024-03-01"}], "item": lines}


def joined() -> list[dict[str, Any]]:
    """What the others take: a line with the sex of its person."""
    given = claim()
    return [{**line, "sex": given["person"][0]["sex"]} for line in given["item"]]


def with_jihe() -> Callable[[], Hits]:
    text = '规则包 "单笔" 版本 "1"\n'
    for rule in RULES:
        codes = ", ".join(f'"{code}"' for code in rule["codes"])
        text += (
            f'规则 {rule["id"]} {{ 编号 "{rule["id"]}" 针对 明细 当 项目编码 属于 {{ {codes} }} 且 金额 > {rule["over"]} 元 '
            f'且 就诊.参保人.性别 = "{rule["sex"]}" 性质 可疑 违规金额 金额 说明 "{{金额}}" }}\n'
        )
    session = jihe.compile(text).session({"person": [], "visit": [], "item": []}, as_of="2024-12-31")
    given = claim()
    return lambda: [(found.rule_id, found.subject_key) for found in session.check(given)["findings"]]


def by_expression(compiled: list[tuple[str, Callable[[dict[str, Any]], Any]]]) -> Callable[[], Hits]:
    lines = joined()
    return lambda: [(rule, line["item_id"]) for rule, holds in compiled for line in lines if holds(line)]


def with_zen() -> Callable[[], Hits]:
    def holds(expression: Any) -> Callable[[dict[str, Any]], Any]:
        return lambda line: expression.evaluate(line)

    return by_expression(
        [
            (
                rule["id"],
                holds(
                    zen.compile_expression(
                        f"item_code in {json.dumps(rule['codes'])} and amount > {rule['over']} and sex == '{rule['sex']}'"
                    )
                ),
            )
            for rule in RULES
        ]
    )


def cel_text(rule: dict[str, Any]) -> str:
    return f"item_code in {json.dumps(rule['codes'])} && amount > {rule['over']} && sex == \"{rule['sex']}\""


def with_cel() -> Callable[[], Hits]:
    def holds(program: Any) -> Callable[[dict[str, Any]], Any]:
        return lambda line: program.execute(line)

    return by_expression([(rule["id"], holds(cel.compile(cel_text(rule)))) for rule in RULES])


def with_celpy() -> Callable[[], Hits]:
    environment = celpy.Environment()

    def holds(program: Any) -> Callable[[dict[str, Any]], Any]:
        return lambda line: program.evaluate({name: celpy.json_to_cel(value) for name, value in line.items()})

    return by_expression(
        [(rule["id"], holds(environment.program(environment.compile(cel_text(rule))))) for rule in RULES]
    )


def with_rule_engine() -> Callable[[], Hits]:
    return by_expression(
        [
            (
                rule["id"],
                rule_engine.Rule(
                    f"item_code in {json.dumps(rule['codes'])} and amount > {rule['over']} and sex == '{rule['sex']}'"
                ).matches,
            )
            for rule in RULES
        ]
    )


def with_cedar() -> Callable[[], Hits]:
    """A policy a rule; the ids of the policies that forbid a line are its hits."""
    policies = "permit(principal, action, resource);\n"
    for rule in RULES:
        codes = json.dumps(rule["codes"])
        policies += (
            f'@id("{rule["id"]}") forbid(principal, action, resource) when {{ {codes}.contains(context.item_code) '
            f'&& context.amount > {rule["over"]} && context.sex == "{rule["sex"]}" }};\n'
        )
    lines = joined()
    requests = [
        {"principal": 'U::"a"', "action": 'A::"b"', "resource": 'L::"c"', "context": line} for line in lines
    ]
    compiled = cedarpy.PolicySet.from_str(policies) if hasattr(cedarpy.PolicySet, "from_str") else policies

    def run() -> Hits:
        answers = cedarpy.is_authorized_batch(requests, compiled, [])
        hits = [(named(reason), line["item_id"]) for line, answer in zip(lines, answers) for reason in answer.diagnostics.reasons]
        return [(rule, line) for rule, line in hits if rule]

    order = ["", *(rule["id"] for rule in RULES)]

    def named(reason: str) -> str:
        # Policies are numbered in the order written, or go by their @id.
        return order[int(reason[6:])] if reason.startswith("policy") else reason

    return run


def main() -> int:
    makers = {
        "jihe session": with_jihe,
        "zen-engine": with_zen,
        "cel (Rust)": with_cel,
        "cel-python": with_celpy,
        "rule-engine": with_rule_engine,
        "cedarpy": with_cedar,
    }
    engines = {name: make() for name, make in makers.items()}
    expected = sorted(engines["jihe session"]())
    for name, run in engines.items():
        if sorted(run()) != expected:
            print(f"{name} finds {sorted(run())}, jihe {expected}", file=sys.stderr)
            return 1
    print(f"a claim of {LINES} lines, {len(RULES)} conditions a line, {len(expected)} hits, the same of each")
    times = {name: record.microseconds(run, 1_000) for name, run in engines.items()}
    for name, found in times.items():
        print(f"{name:<14} median {found['median_us']:8.0f} µs   p99 {found['p99_us']:8.0f} µs")
    record.write("single", {"bench": "single", "lines": LINES, "conditions": len(RULES), "hits": len(expected), "engines": times})
    return 0


if __name__ == "__main__":
    sys.exit(main())
