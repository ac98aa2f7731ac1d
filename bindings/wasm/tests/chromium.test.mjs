import { test } from "node:test"; import assert from "node:assert";
import { withPage } from "./browser.mjs";
test("v", () => withPage(async (page) => {
  const v = await page.evaluate(async () => { const j = await import("/jihe/index.mjs"); await j.default(); return j.version(); });
  assert.equal(v, "0.1.0");
}));
