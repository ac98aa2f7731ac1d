// What access.test.mjs does not do yet, without a mouse: own rules, options, cancel, charts, filters, sorting, every tab and export, the workbench's tools.
//
// In: the built site. Out: flows by keys alone. Invariant: nothing here is clicked; a file dialogue is opened by a key and answered.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { brokenOff, choose, given, idle, opened, press, saved, tabTo } from "./keys.mjs";
import { audited, city, number, until, writer } from "./site.mjs";

const RULES = '规则包 "示例" 版本 "1"\n规则 大额 { 编号 "X1" 名称 "大额" 针对 明细 当 金额 > 300 元 性质 可疑 违规金额 金额 - 300 元 说明 "单笔{金额}" }\n';

let data;
let rules;
let expected;
before(() => {
  data = city(20, 5);
  rules = writer()("own.jihe", RULES);
  expected = audited(data.folder, ["--rules", rules]);
  assert.ok(expected.findings.length > 2, "the city has findings to look at");
});

test("own rules, dates, a name of a chart, filters, sorting, every tab, every export, marks brought back", async (t) => {
  const page = await opened(t);
  await given(page, data.files);
  await tabTo(page, "input[name=which]");
  await page.keyboard.press("ArrowDown");
  await choose(page, ".file-field button", rules);
  await page.locator("#rule-count", { hasText: "1 条规则" }).waitFor({ timeout: 60_000 });
  await idle(page);
  await press(page, ".options summary");
  await tabTo(page, ".options input[type=date]");
  const asOf = await page.inputValue(".options input[type=date]");
  await page.keyboard.press("ArrowUp");
  assert.notEqual(await page.inputValue(".options input[type=date]"), asOf, "a day can be set by key");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.inputValue(".options input[type=date]"), asOf);
  await press(page, "#run");
  await page.locator("#total-findings").waitFor({ timeout: 120_000 });
  assert.equal(number(await page.textContent("#total-findings")), expected.findings.length);

  await press(page, ".chart-practitioner tbody button");
  await page.locator(".chip").waitFor();
  await press(page, ".chip");
  await page.locator("#shown", { hasText: `${expected.findings.length} 条` }).waitFor();
  await tabTo(page, "#search", "Shift+Tab");
  await page.keyboard.type(expected.findings[0].subject_key);
  await page.locator("#shown", { hasText: "1 条" }).waitFor();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.locator("#shown", { hasText: `${expected.findings.length} 条` }).waitFor();
  await tabTo(page, "#filter-mark");
  await page.keyboard.press("ArrowDown");
  await until(page, () => document.getElementById("filter-mark").value === "none");
  await page.keyboard.press("ArrowUp");
  await until(page, () => document.getElementById("filter-mark").value === "");
  await press(page, "[role=columnheader].cell-amount button");
  const largest = Math.max(...expected.findings.map((finding) => Number(finding.amount)));
  await until(page, (most) => Number(document.querySelector("#row-0 .cell-amount")?.textContent.replaceAll(",", "")) === most, largest);

  await tabTo(page, "#grid");
  await page.keyboard.press("3");
  await page.locator("#row-0 .mark-open").waitFor();
  await page.keyboard.press("1");
  await page.locator("#row-0 .mark-verified").waitFor();
  const marks = await saved(page, "#export-marks", "Shift+Tab");
  assert.equal(JSON.parse(marks.bytes.toString("utf8")).marks.length, 1);
  const kept = writer()("marks.json", marks.bytes);
  await tabTo(page, "#grid");
  await page.keyboard.press("0");
  await page.locator("#row-0 .mark-verified").waitFor({ state: "detached" });
  await choose(page, "button:has(+ #import-marks)", kept, "Shift+Tab");
  await page.locator("#row-0 .mark-verified").waitFor();
  assert.match((await saved(page, "#export-xlsx", "Shift+Tab")).name, /\.xlsx$/);

  await tabTo(page, "#tab-list", "Shift+Tab");
  await page.keyboard.press("ArrowRight");
  await page.locator("#coverage tbody tr").first().waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator("#tab-rejects[aria-selected=true]").waitFor();
});

test("a folder chosen; a month, a filter, a page of the list, a line's fields, the rule's text, a rule's own findings, each by key", async (t) => {
  const page = await opened(t);
  await given(page, data.folder, "button:has(+ #choose-folder)");
  await press(page, "#run");
  await page.locator("#total-findings").waitFor({ timeout: 120_000 });
  await page.locator(".month").first().waitFor();
  await press(page, ".month");
  await page.locator(".chip").waitFor();
  await press(page, ".chip", "Enter", "Shift+Tab");
  const all = audited(data.folder).findings;
  await page.locator("#shown", { hasText: `${all.length} 条` }).waitFor();
  await tabTo(page, "#filter-nature", "Shift+Tab");
  await page.keyboard.press("ArrowDown");
  await until(page, () => document.getElementById("filter-nature").value === "violation");
  await page.keyboard.press("ArrowUp");
  await tabTo(page, "#filter-rule", "Shift+Tab");
  await page.keyboard.press("ArrowDown");
  await until(page, () => document.getElementById("filter-rule").value !== "");
  const rule = await page.inputValue("#filter-rule");
  await page.locator("#shown", { hasText: `${all.filter((finding) => finding.rule_id === rule).length} 条` }).waitFor();
  await page.keyboard.press("ArrowUp");
  await page.locator("#shown", { hasText: `${all.length} 条` }).waitFor();
  await tabTo(page, "#grid");
  await page.locator("#row-0 .badge").first().waitFor();
  await page.keyboard.press("PageDown");
  assert.notEqual(await page.getAttribute("#grid", "aria-activedescendant"), "row-0");
  await page.keyboard.press("PageUp");
  assert.equal(await page.getAttribute("#grid", "aria-activedescendant"), "row-0");
  await page.keyboard.press("Enter");
  await page.locator("#sentence").waitFor();
  await press(page, ".evidence button[aria-expanded=false]");
  await page.locator(".evidence button[aria-expanded=true]").first().waitFor();
  await press(page, ".detail details summary");
  await page.locator(".detail details[open] pre").waitFor();
  await press(page, "#close-detail", "Enter", "Shift+Tab");
  await until(page, () => document.activeElement?.id === "grid");
  await tabTo(page, "#tab-list", "Shift+Tab");
  await page.keyboard.press("ArrowRight");
  await press(page, "#coverage tbody button");
  await until(page, () => document.activeElement?.id === "grid" && document.getElementById("filter-rule").value !== "");
});

test("a run is cancelled and run again", async (t) => {
  const large = city(300, 9);
  const page = await opened(t);
  await given(page, large.files);
  await brokenOff(page);
  await press(page, "#run", "Enter", "Shift+Tab");
  await page.locator("#total-findings").waitFor({ timeout: 120_000 });
});

test("language and colours", async (t) => {
  const page = await opened(t);
  await press(page, ".bar-end button");
  await page.locator("nav a", { hasText: /^[A-Z]/ }).first().waitFor();
  await tabTo(page, ".bar-end select");
  const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  for (const key of ["ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  await until(page, (was) => getComputedStyle(document.body).backgroundColor !== was, before);
});

test("the workbench: an example, both spellings, save, tests, tables, on to the self-check", async (t) => {
  const page = await opened(t);
  await press(page, 'nav a[href="#bench"]');
  await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
  await tabTo(page, "#example");
  await page.keyboard.press("ArrowDown");
  await until(page, () => document.getElementById("problems-said")?.dataset.busy === "false", null, 60_000);
  await press(page, "#format-en");
  await page.locator("[data-editor=rules-editor] .cm-line", { hasText: /^rule / }).first().waitFor();
  await press(page, "#format-zh", "Enter", "Shift+Tab");
  await page.locator("[data-editor=rules-editor] .cm-line", { hasText: /^规则 / }).first().waitFor();
  assert.match((await saved(page, ".toolbar button:has(+ #format-zh)", "Shift+Tab")).name, /\.jihe$/);
  await tabTo(page, "#tab-claims");
  await page.keyboard.press("ArrowRight");
  await page.locator("#tests-said").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator("#panel-tables").waitFor();
  await press(page, "#use-rules", "Enter", "Shift+Tab");
  await page.locator("#first-title").waitFor();
});
