// The package in a page of a real Chromium: the golden corpus, and the calls on one small rule.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./browser.mjs";
import { calls } from "./calls.mjs";
import { cases } from "./corpus.mjs";

let browser;
before(async () => {
  browser = await open();
  await browser.page.evaluate(async () => {
    globalThis.jihe = await import("/jihe/index.mjs");
    await globalThis.jihe.default();
  });
});
after(() => browser?.close());

for (const { expected, ...one } of cases()) {
  test(`golden ${one.name}`, async () => {
    const findings = await browser.page.evaluate(({ rules, tables, params, claims, options }) => {
      return globalThis.jihe.compile(rules, { tables, params }).audit(claims, options).findings;
    }, one);
    assert.deepEqual(findings, expected);
  });
}

test("the calls, as in Node", async () => {
  const seen = await browser.page.evaluate(`(${calls})(globalThis.jihe)`);
  assert.deepEqual(seen, calls(await import("jihe")));
});
