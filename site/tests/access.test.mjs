// The pages for everyone: by keyboard alone, with enough contrast, named for a screen reader, on a small screen.
//
// In: the built site. Out: axe's findings, and flows without a mouse. Invariant: both languages, light and dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { before, describe, test } from "node:test";
import { audited, city, drop, FROM_DISK, launch, run, until, writer } from "./site.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe holds against the page as it stands, short enough to read. */
async function faults(page) {
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`).join(" | ")}`);
  }, RULES);
}

let data;
let expected;
before(() => {
  data = city(20, 5);
  expected = audited(data.folder);
});

for (const [language, scheme] of [["zh", "light"], ["zh", "dark"], ["en", "light"], ["en", "dark"]]) {
  test(`axe finds nothing, ${language}, ${scheme}`, async (t) => {
    const { page } = await launch(t, { colorScheme: scheme });
    await page.goto(FROM_DISK);
    if (language === "en") await page.getByRole("button", { name: "English" }).click();
    const seen = { first: await faults(page) };
    await drop(page, data.files);
    await page.locator(".options summary").click();
    seen.setup = await faults(page);
    await run(page);
    await page.locator(".chart-person tbody tr").first().waitFor();
    seen.overview = await faults(page);
    await page.click("#tab-list");
    await page.locator("#row-0").click();
    await page.locator("#sentence").waitFor();
    await page.click("#mark-justified");
    seen.list = await faults(page);
    await page.click("#mark-verified");
    await page.click("#tab-rules");
    seen.rules = await faults(page);
    await page.click("#tab-rejects");
    seen.rejects = await faults(page);
    await page.locator("nav a").nth(1).click();
    await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
    seen.bench = await faults(page);
    await page.click("#tab-tests");
    seen.tests = await faults(page);
    await page.click("#tab-tables");
    seen.tables = await faults(page);
    assert.deepEqual(Object.entries(seen).filter(([, list]) => list.length > 0), []);
  });
}

for (const [language, scheme] of [["zh", "dark"], ["en", "light"]]) {
  test(`axe finds nothing where things went wrong, ${language}, ${scheme}`, async (t) => {
    const written = writer();
    const { page } = await launch(t, { colorScheme: scheme });
    await page.goto(FROM_DISK);
    if (language === "en") await page.getByRole("button", { name: "English" }).click();
    await drop(page, [written("visit.csv", ""), written("item.csv", "item_id,visit,amount,used_time\nL1,V1,x,2024-03-01\nL2,V1,9,2024-03-01\n")]);
    await page.locator(".rejected summary").click();
    await page.locator("#rejected tbody tr").first().waitFor();
    const seen = { files: await faults(page) };
    await page.locator("input[name=which]").nth(1).check();
    const own = written("own.jihe", '规则包 "坏" 版本 "1"\n规则 坏 { 编号 "X1" 针对 明细 当 金钱 > 1 元 性质 可疑 说明 "x" }\n');
    await page.setInputFiles("#own-rules", own);
    await page.locator(".trouble li").first().waitFor({ timeout: 60_000 });
    seen.trouble = await faults(page);
    assert.ok(await page.locator(".trouble li").count() > 0, "what is wrong with the rules stays on the page");
    await page.locator("nav a").nth(1).click();
    await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
    await page.setInputFiles("#open-rules", own);
    await page.locator(".problems .fix").first().waitFor({ timeout: 30_000 });
    seen.bench = await faults(page);
    assert.deepEqual(Object.entries(seen).filter(([, list]) => list.length > 0), []);
  });
}

/** The words of buttons, links, tiles and headings that do not fit their boxes, or stand outside the page. */
function cutOff() {
  const named = [...document.querySelectorAll("button, nav a, dt, dd, h2, h3, h4, thead th, [role=columnheader]")].filter((one) => one.getClientRects().length > 0);
  const inside = (box) => box.left >= -1 && box.right <= innerWidth + 1;
  const scrolls = (one) => one.closest(".scroll, .grid-body, .bars tbody, .hidden, .table-text") !== null;
  return named.filter((one) => !scrolls(one))
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && getComputedStyle(one).overflow !== "visible" || !inside(one.getBoundingClientRect()))
    .map((one) => `${one.id || one.className} ${one.textContent.slice(0, 30)}`);
}

/** Presses Tab until the focus is on what the selector names. */
async function tabTo(page, selector, most = 60) {
  for (let pressed = 0; pressed < most; pressed += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${most} times Tab did not reach ${selector}`);
}

describe("by keyboard alone", () => {
  test("files in, run, open a finding, mark it with a reason, close, export", async (t) => {
    const { page } = await launch(t);
    page.on("filechooser", (chooser) => void chooser.setFiles(data.files));
    await page.goto(FROM_DISK);
    await tabTo(page, "button.primary");
    await page.keyboard.press("Enter");
    await page.locator("#run").waitFor();
    await page.locator(".progress").waitFor({ state: "detached", timeout: 60_000 });
    await tabTo(page, "#run");
    await page.keyboard.press("Enter");
    await page.locator("#total-findings").waitFor({ timeout: 60_000 });
    assert.equal(await page.evaluate(() => document.activeElement?.id), "results-title", "the results take the focus");
    await tabTo(page, "#tab-overview");
    await page.keyboard.press("ArrowRight");
    await tabTo(page, "#grid");
    await page.locator("#row-0").waitFor();
    for (const key of ["End", "Home", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    assert.equal(await page.getAttribute("#grid", "aria-activedescendant"), "row-2");
    await page.keyboard.press("Enter");
    await page.locator("#sentence").waitFor();
    await until(page, () => document.activeElement?.tagName === "H3");
    assert.equal(await page.textContent("#sentence"), expected.findings[2].message);
    await tabTo(page, "#mark-justified");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement?.id === "mark-reason");
    await page.keyboard.type("已有审批单");
    await page.keyboard.press("Enter");
    await page.locator("#mark-said", { hasText: "有正当理由：已有审批单" }).waitFor();
    await page.keyboard.press("Escape");
    await until(page, () => document.activeElement?.id === "grid");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("1");
    await page.locator("#row-3 .mark-verified").waitFor();
    for (let pressed = 0; pressed < 60 && await page.evaluate(() => document.activeElement?.id !== "export-csv"); pressed += 1) await page.keyboard.press("Shift+Tab");
    const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    assert.match(readFileSync(await file.path(), "utf8"), /已有审批单/);
  });

  test("the workbench: type, see the error, go to it, and leave the editor with Tab", async (t) => {
    const { page } = await launch(t);
    await page.goto(`${FROM_DISK}#bench`);
    await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
    await tabTo(page, "[data-editor=rules-editor]");
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n规则 坏 ");
    await page.locator(".problems li.error").first().waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.closest(".problems") !== null), true, "Tab goes on to the problems");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement?.matches("[data-editor=rules-editor]"));
  });
});

for (const [language, scheme] of [["zh", "light"], ["zh", "dark"], ["en", "light"], ["en", "dark"]]) {
  test(`nothing is cut off at 1366 × 768, ${language}, ${scheme}`, async (t) => {
    const { page } = await launch(t, { colorScheme: scheme });
    await page.goto(FROM_DISK);
    if (language === "en") await page.getByRole("button", { name: "English" }).click();
    const fits = async (what) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${what} is ${wide} pixels too wide`);
      const cut = await page.evaluate(cutOff);
      assert.deepEqual(cut, [], `${what}: words of controls that are cut off, or stand outside the page`);
    };
    await fits("the first page");
    await drop(page, data.files);
    const files = await page.locator("#files").boundingBox();
    const start = await page.locator("#run").boundingBox();
    assert.ok(files.y + 5 * 28 < 768 && start.y + start.height < 768, "the files and the button to run are in sight without scrolling");
    await page.locator(".options summary").click();
    await fits("the options");
    await run(page);
    for (const tab of ["#tab-overview", "#tab-list", "#tab-rules", "#tab-rejects"]) {
      await page.click(tab);
      await fits(tab);
    }
    await page.click("#tab-list");
    const grid = await page.locator("#grid").boundingBox();
    assert.ok(grid.y + 12 * 32 < 768, "a dozen findings are in sight without scrolling");
    assert.ok(await page.evaluate(() => document.getElementById("grid").scrollWidth <= document.getElementById("grid").clientWidth), "every column is in sight");
    await page.locator("#row-0").click();
    await page.locator("#sentence").waitFor();
    await fits("an open finding");
    await page.locator("nav a").nth(1).click();
    await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
    await fits("the workbench");
    const panes = await Promise.all(["[data-editor=rules-editor]", "#panel-claims"].map((pane) => page.locator(pane).boundingBox()));
    assert.ok(panes.every((pane) => pane.y < 300) && panes[0].x + panes[0].width <= panes[1].x, "the rules stand beside the claim");
  });
}
