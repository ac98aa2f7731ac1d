// The package in a page of a real Chromium and in a module worker of it: the golden corpus, the calls, files.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./browser.mjs";
import { calls } from "./calls.mjs";
import { bySession, cases } from "./corpus.mjs";
import { exhaust } from "./exhaust.mjs";
import { OTHER_LAYOUTS, otherLayouts, readAll, samples } from "./files.mjs";

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

test("the golden corpus through sessions", async () => {
  const all = cases().map(({ expected, ...one }) => one);
  const seen = await browser.page.evaluate(`${JSON.stringify(all)}.map((one) => (${bySession})(globalThis.jihe, one))`);
  for (const [at, one] of seen.entries()) assert.deepEqual(one.findings, one.expected, all[at].name);
});

test("the calls, as in Node", async () => {
  const seen = await browser.page.evaluate(`(${calls})(globalThis.jihe)`);
  assert.deepEqual(seen, calls(await import("jihe")));
});

test("the calls in a module worker", async () => {
  const work = `import * as jihe from "ORIGIN/jihe/index.mjs";
    await jihe.default();
    postMessage((${calls})(jihe));`;
  const seen = await browser.page.evaluate((text) => new Promise((done, fail) => {
    const source = new Blob([text.replace("ORIGIN", location.origin)], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(source), { type: "module" });
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = (event) => fail(new Error(event.message));
  }), work);
  assert.deepEqual(seen, calls(await import("jihe")));
});

test("files read and audited, as in Node", async () => {
  const here = readAll(await import("jihe/files"), samples());
  const seen = await browser.page.evaluate(`(async () => {
    const files = await import("/jihe/files.mjs");
    await files.default();
    return (${readAll})(files, ${JSON.stringify(samples())});
  })()`);
  assert.deepEqual(seen, here);
});

test("the extraction list and a mapping of local files: exactly these findings", async () => {
  const seen = await browser.page.evaluate(`(async () => {
    const files = await import("/jihe/files.mjs");
    await files.default();
    return (${otherLayouts})(files);
  })()`);
  assert.deepEqual(seen, OTHER_LAYOUTS);
});

test("running out of memory does not take the page down", async () => {
  const rules = '规则包 "示例" 版本 "1"\n';
  const seen = await browser.page.evaluate(`(async () => {
    const { initSync } = await import("/jihe/native/jihe_native.js");
    return (${exhaust})(globalThis.jihe, initSync, ${JSON.stringify(rules)});
  })()`);
  assert.deepEqual(seen, { name: "InternalError", kind: "internal", cause: true, again: 64 });
});
