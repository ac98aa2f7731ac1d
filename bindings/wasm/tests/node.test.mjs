// The package in Node: the golden corpus, also through sessions, and the calls on one small rule.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as jihe from "jihe";
import { explain } from "jihe/explain";
import { calls } from "./calls.mjs";
import { bySession, cases } from "./corpus.mjs";

for (const one of cases()) {
  const { name, rules, tables, params, claims, options, expected } = one;
  test(`golden ${name}`, () => {
    const ruleset = jihe.compile(rules, { tables, params });
    assert.deepEqual(ruleset.audit(claims, options).findings, expected);
    ruleset.free();
  });
  test(`golden ${name}, through a session`, () => {
    const seen = bySession(jihe, one);
    assert.deepEqual(seen.findings, seen.expected);
  });
}

test("the calls", () => {
  const seen = calls(jihe);
  assert.deepEqual(seen.findings, [["X1", "L1", "500.0000"]]);
  assert.deepEqual(seen.refused, { name: "CompileError", file: "bad.jihe", line: 2, alike: true });
  assert.equal(seen.claims, "ClaimsError");
  assert.deepEqual(seen.tests, { tests: 1, expectations: 1, failures: [] });
  assert.ok(seen.formatIsIdempotent && seen.sameAsText && seen.deep);
  assert.deepEqual(seen.checked, ["L1", "L2"]);
  assert.deepEqual(seen.open, [{ rule_id: "X9", needs: ["机构均价"] }]);
  assert.deepEqual(seen.withdrawn, ["L1", "L2"]);
  assert.deepEqual(seen.spoilt, ["someday"]);
  assert.deepEqual(seen.lookBack, { days: 30 });
  assert.equal(seen.freed, "UsageError");
  assert.equal(seen.tooLarge, "usage");
});

test("a code is explained", () => {
  assert.match(explain("E0102"), /保留字/);
  assert.equal(explain("E9999"), null);
});
