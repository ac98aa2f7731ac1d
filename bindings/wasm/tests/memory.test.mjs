// What the module does with memory: gives it back, and survives running out of it.
//
// In: the installed package in Node. Out: pass or fail. Invariant: the last test leaves a working module behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as jihe from "jihe";
import { initSync } from "../node_modules/jihe/native/jihe_native.js";
import { exhaust } from "./exhaust.mjs";

const RULES = '规则包 "示例" 版本 "1"\n规则 大额 { 编号 "X1" 针对 明细 当 金额 > 10 元 性质 可疑 说明 "单笔{金额}" }\n';
const CLAIMS = JSON.stringify({
  visit: [{ mdtrt_id: "V1", psn_no: "P1", time: "2024-03-01" }],
  item: [{ feedetl_sn: "L1", visit: "V1", used_time: "2024-03-01", amount: "20" }],
});

function cycle() {
  const ruleset = jihe.compile(RULES);
  const session = ruleset.session("{}");
  const found = session.check(CLAIMS).findings.length + ruleset.audit(CLAIMS).findings.length;
  session.free();
  ruleset.free();
  return found;
}

test("a thousand rulesets and sessions, freed, leave no more memory in use than a few", () => {
  const bytes = () => initSync().memory.buffer.byteLength;
  for (let at = 0; at < 50; at += 1) assert.equal(cycle(), 2);
  const before = bytes();
  for (let at = 0; at < 1000; at += 1) cycle();
  assert.equal(bytes(), before);
});

test("running out of memory is an error, after which the module works as before", () => {
  const held = jihe.compile(RULES);
  const seen = exhaust(jihe, initSync, RULES);
  assert.deepEqual(seen, { name: "InternalError", kind: "internal", cause: true, again: 64 });
  assert.throws(() => held.hash, { name: "UsageError" });
  held.free();
  assert.equal(cycle(), 2);
});
