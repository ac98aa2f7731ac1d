#!/usr/bin/env python3
"""Rule engines on one claim: line rules over a claim's lines, hits compared, then timed.

    .venv/bin/pip install -r requirements.txt JIHE_WHEEL
    cargo build --release --manifest-path regorus/Cargo.toml
    .venv/bin/python engines.py --rules 100 --regorus regorus/target/release/jihe-peers-regorus --out results/NAME.json

In: how many rules. Out: per engine the median and the 99th percentile of microseconds a claim.
Invariant: rules are compiled before the clock starts; a call begins with the claim as each engine takes it from Python
(Regorus, which has no Python package, from Rust) and ends with the hits; every engine finds the same hits. Jihe
also writes findings with evidence and message, which no other engine does.
"""
import argparse
import json
import platform
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

FEES = ["09", "05", "01", "02"]


def rules(count: int) -> list[tuple[str, int, int]]:
    """Fee type, an amount in yuan to exceed, a least quantity."""
    return [(FEES[n % 4], 275 + n // 4, 1 + n % 3) for n in range(count)]


def claims(count: int, lines: int) -> list[list[dict]]:
    """Lines with amounts in whole fen, written so that every engine can take them."""
    made = random.Random(1)
    line = lambda claim, n: {"id": f"L{claim}-{n}", "fee": made.choice(FEES), "fen": made.randrange(100, 30_000, 25),
                             "quantity": made.randrange(1, 5)}
    return [[line(claim, n) for n in range(lines)] for claim in range(count)]


class Jihe:
    """A session opened and checked a claim: typed claims in, findings with evidence out."""

    def __init__(self, all_rules):
        import jihe

        text = ['规则包 "同台" 版本 "1"']
        for n, (fee, yuan, quantity) in enumerate(all_rules):
            text.append(f'规则 规则{n} {{ 编号 "{n}" 针对 明细 其中 费用类别 = "{fee}" '
                        f'当 金额 > {yuan} 元 且 数量 ≥ {quantity} 性质 可疑 说明 "{{金额}}" }}')
        self.ruleset = jihe.compile("\n".join(text))

    def take(self, lines):
        items = [{"item_id": line["id"], "visit": "V1", "fee_type": line["fee"], "quantity": str(line["quantity"]),
                  "amount": f"{line['fen'] / 100:.2f}", "used_time": "2024-03-01 08:00:00"} for line in lines]
        return {"visit": [{"visit_id": "V1", "person": "P1", "time": "2024-03-01 08:00:00"}], "item": items}

    def run(self, taken):
        return self.ruleset.session({"visit": [], "item": []}).check(taken)["findings"]

    def hits(self, found):
        return {(int(finding["rule_id"]), finding["subject_key"]) for finding in found}


class Zen:
    """A decision table that collects, once a line."""

    def __init__(self, all_rules):
        import zen

        rows = [{"_id": str(n), "a": f'"{fee}"', "b": f"> {yuan * 100}", "c": f">= {quantity}", "o": str(n)}
                for n, (fee, yuan, quantity) in enumerate(all_rules)]
        field = lambda name, at: {"id": at, "name": name, "field": name}
        node = lambda name, kind, content=None: {"id": name, "type": kind, "name": name, "position": {"x": 0, "y": 0},
                                                 **({"content": content} if content else {})}
        table = {"hitPolicy": "collect", "inputField": "lines", "outputPath": "found", "executionMode": "loop",
                 "passThrough": False, "inputs": [field("fee", "a"), field("fen", "b"), field("quantity", "c")],
                 "outputs": [field("rule", "o")], "rules": rows}
        graph = {"nodes": [node("in", "inputNode"), node("t", "decisionTableNode", table), node("out", "outputNode")],
                 "edges": [{"id": "1", "sourceId": "in", "targetId": "t", "type": "edge"},
                           {"id": "2", "sourceId": "t", "targetId": "out", "type": "edge"}]}
        self.decision = zen.ZenEngine().create_decision(json.dumps(graph))

    def take(self, lines):
        return {"lines": lines}

    def run(self, taken):
        return taken, self.decision.evaluate(taken)

    def hits(self, found):
        taken, told = found
        return {(hit["rule"], line["id"]) for line, hits in zip(taken["lines"], told["result"]["found"]) for hit in hits}


class Cel:
    """A program a rule over the list of lines."""

    def __init__(self, all_rules):
        import cel

        self.programs = [cel.compile(f'lines.filter(l, l.fee == "{fee}" && l.fen > {yuan * 100} && l.quantity >= '
                                     f"{quantity}).map(l, l.id)") for fee, yuan, quantity in all_rules]

    def take(self, lines):
        return {"lines": lines}

    def run(self, taken):
        return [program.execute(taken) for program in self.programs]

    def hits(self, found):
        return {(n, key) for n, keys in enumerate(found) for key in keys}


class Cedar:
    """Policies parsed once, a request a line in one batch; the policies that hold are the hits."""

    def __init__(self, all_rules):
        import cedarpy

        self.cedar = cedarpy
        self.policies = cedarpy.PolicySet.from_str("\n".join(
            f'permit(principal, action, resource) when {{ context.fee == "{fee}" && context.fen > {yuan * 100} && '
            f"context.quantity >= {quantity} }};" for fee, yuan, quantity in all_rules))
        self.entities = cedarpy.Entities.from_json_str("[]")

    def take(self, lines):
        return [{"principal": 'P::"p"', "action": 'A::"a"', "resource": 'L::"l"',
                 "context": {name: line[name] for name in ("fee", "fen", "quantity")}} for line in lines], lines

    def run(self, taken):
        return taken[1], self.cedar.is_authorized_batch(taken[0], self.policies, self.entities)

    def hits(self, found):
        return {(int(reason.removeprefix("policy")), line["id"]) for line, result in zip(*found)
                for reason in result.diagnostics.reasons}


class Datalogic:
    """A compiled rule each over the list of lines, the data parsed once."""

    def __init__(self, all_rules):
        import datalogic_py

        self.lib, engine = datalogic_py, datalogic_py.Engine()
        self.session = engine.session()
        self.rules = [engine.compile({"map": [{"filter": [{"var": "lines"}, {"and": [
            {"==": [{"var": "fee"}, fee]}, {">": [{"var": "fen"}, yuan * 100]},
            {">=": [{"var": "quantity"}, quantity]}]}]}, {"var": "id"}]}) for fee, yuan, quantity in all_rules]

    def take(self, lines):
        return json.dumps({"lines": lines})

    def run(self, taken):
        data = self.lib.DataHandle(taken)
        return [rule.evaluate_data(data) for rule in self.rules]

    def hits(self, found):
        return {(n, key) for n, keys in enumerate(found) for key in (json.loads(keys) if isinstance(keys, str) else keys)}


def rego(all_rules) -> str:
    one = lambda n, fee, yuan, quantity: (
        f'hit contains {{"rule": {n}, "line": line.id}} if {{\n  some line in input.lines\n  line.fee == "{fee}"\n'
        f"  line.fen > {yuan * 100}\n  line.quantity >= {quantity}\n}}\n")
    return "package rules\n\nimport rego.v1\n\n" + "\n".join(one(n, *rule) for n, rule in enumerate(all_rules))


def regorus(binary: str, all_rules, all_claims, expected) -> dict:
    with tempfile.NamedTemporaryFile("w", suffix=".rego", encoding="utf-8") as policy:
        policy.write(rego(all_rules))
        policy.flush()
        text = "\n".join(json.dumps({"lines": lines}) for lines in all_claims)
        told = subprocess.run([binary, policy.name], input=text, capture_output=True, text=True, check=True).stdout
    rows = [row.split("\t") for row in told.splitlines()]
    found = [{(hit["rule"], hit["line"]) for hit in json.loads(hits)} for _, hits in rows]
    same("regorus", found, expected)
    return summary([int(nanoseconds) for nanoseconds, _ in rows])


def same(name: str, found, expected) -> None:
    for at, (left, right) in enumerate(zip(found, expected, strict=True)):
        if left != right:
            raise SystemExit(f"{name} differs on claim {at}: {sorted(left - right)[:3]} and {sorted(right - left)[:3]}")


def timed(engine, all_claims, passes: int) -> dict:
    taken = [engine.take(lines) for lines in all_claims]
    times = []
    for _ in range(passes):
        for one in taken:
            start = time.perf_counter_ns()
            engine.run(one)
            times.append(time.perf_counter_ns() - start)
    return summary(times)


def summary(times: list[int]) -> dict:
    ordered = sorted(times)
    return {"median_us": round(statistics.median(ordered) / 1000, 1),
            "p99_us": round(ordered[len(ordered) * 99 // 100] / 1000, 1), "calls": len(ordered)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--lines", type=int, default=20, help="of a claim")
    parser.add_argument("--claims", type=int, default=200)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--regorus", required=True, help="the program built from regorus/")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    all_rules, all_claims = rules(args.rules), claims(args.claims, args.lines)
    plain = [{(n, line["id"]) for n, (fee, yuan, quantity) in enumerate(all_rules) for line in lines
              if line["fee"] == fee and line["fen"] > yuan * 100 and line["quantity"] >= quantity}
             for lines in all_claims]
    report = {"rules": args.rules, "lines": args.lines, "hits": sum(map(len, plain)), "python": platform.python_version(),
              "engines": {}}
    engines = {name: build(all_rules) for name, build in
               {"jihe": Jihe, "zen": Zen, "cel": Cel, "cedar": Cedar, "datalogic": Datalogic}.items()}
    for name, engine in engines.items():
        same(name, [engine.hits(engine.run(engine.take(lines))) for lines in all_claims], plain)
    for name, engine in engines.items():
        report["engines"][name] = timed(engine, all_claims, args.passes)
    report["engines"]["regorus"] = regorus(args.regorus, all_rules, all_claims, plain)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(report["engines"], indent=1))


if __name__ == "__main__":
    main()
