// How far it is, and the way out: the progress of reading and of running, and a cancel in the middle of each.
//
// In: a city that takes a while. Out: what the progress bar showed, what is left after a cancel. Invariant: a bar never goes back, a
// cancelled run leaves no findings and no worker, and the next run finds what the command line finds.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { audited, city, drop, FROM_DISK, launch, number, run, until } from "./site.mjs";

let data;
before(() => { data = city(300, 9); });

/** Keeps whatever the progress bar shows in `shownSteps`, as [text, value, max]. */
function watch() {
  globalThis.shownSteps = [];
  const note = () => {
    const bar = document.querySelector(".progress progress");
    if (!bar) return;
    const step = [document.querySelector(".progress span").textContent, bar.position < 0 ? null : bar.value, bar.max];
    if (JSON.stringify(step) !== JSON.stringify(globalThis.shownSteps.at(-1))) globalThis.shownSteps.push(step);
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

const steps = (page) => page.evaluate(() => globalThis.shownSteps.splice(0));
const isHalfway = () => globalThis.shownSteps.some(([, value, max]) => value !== null && value > 0 && value < max);

async function opened(t) {
  const { page } = await launch(t);
  await page.addInitScript(watch);
  await page.goto(FROM_DISK);
  return page;
}

function forwards(shown) {
  const values = shown.filter(([, value]) => value !== null).map(([, value]) => value);
  return values.every((value, at) => at === 0 || value >= values[at - 1]);
}

test("reading and running show how far they are", async (t) => {
  const page = await opened(t);
  await drop(page, data.files);
  const reading = await steps(page);
  const named = data.files.map((path) => path.split("/").at(-1)).filter((name) => name.endsWith(".csv"));
  const said = reading.map(([text]) => text);
  assert.ok(named.filter((name) => said.includes(`正在读取 ${name}`)).length > named.length / 2, `the files being read are named: ${said}`);
  assert.ok(forwards(reading), JSON.stringify(reading));
  assert.ok(reading.some(([, value, max]) => value !== null && value > 0 && value < max), "bytes are counted");
  await run(page);
  const running = (await steps(page)).filter(([text]) => text.startsWith("正在运行规则"));
  assert.ok(running.length > 5, JSON.stringify(running));
  assert.ok(forwards(running), JSON.stringify(running));
  for (const [text, value, max] of running) assert.equal(text, `正在运行规则：${value.toLocaleString("en-US")} / ${max.toLocaleString("en-US")}`);
  assert.equal(await page.locator(".progress").count(), 0);
});

test("a run cancelled halfway leaves no findings and no worker; the next finds everything", async (t) => {
  const page = await opened(t);
  await drop(page, data.files);
  const [worker] = page.workers();
  await steps(page);
  await page.click("#run");
  await until(page, isHalfway, null, 60_000);
  // Not only its answer is dropped: the worker itself ends.
  await Promise.all([worker.waitForEvent("close", { timeout: 10_000 }), page.click("#cancel")]);
  await page.locator(".note", { hasText: "已取消；数据还在" }).waitFor();
  assert.equal(await page.locator(".progress").count(), 0);
  await page.waitForTimeout(500);
  assert.equal(await page.locator("#total-findings").count(), 0, "nothing of the cancelled run comes after");
  assert.equal(await page.locator(".trouble").count(), 0, "a cancel is no error");
  await run(page);
  assert.equal(number(await page.textContent("#total-findings")), audited(data.folder).findings.length);
});

test("a reading cancelled halfway is taken up again by a run", async (t) => {
  const page = await opened(t);
  await page.setInputFiles("#choose-files", data.files);
  await until(page, isHalfway, null, 60_000);
  await page.click("#cancel");
  await page.locator(".note", { hasText: "已取消" }).waitFor();
  await run(page);
  assert.equal(number(await page.textContent("#total-findings")), audited(data.folder).findings.length);
});
