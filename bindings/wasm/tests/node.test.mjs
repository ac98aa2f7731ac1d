// The package in Node: the golden corpus, and the calls on one small rule.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as jihe from "jihe";
import { calls } from "./calls.mjs";
import { cases } from "./corpus.mjs";

for (const { name, rules, tables, params, claims, options, expected } of cases()) {
  test(`golden ${name}`, () => {
    const ruleset = jihe.compile(rules, { tables, params });
    assert.deepEqual(ruleset.audit(claims, options).findings, expected);
  });
}

test("the calls", () => {
  const seen = calls(jihe);
  assert.deepEqual(seen.findings, [["X1", "L1", "500.0000"]]);
  assert.deepEqual(seen.refused, { name: "CompileError", file: "bad.jihe", line: 2, alike: true });
  assert.equal(seen.claims, "ClaimsError");
  assert.deepEqual(seen.tests, { tests: 1, expectations: 1, failures: [] });
  assert.ok(seen.formatIsIdempotent && seen.sameAsText && seen.deep);
});
