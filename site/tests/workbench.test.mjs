// The workbench: examples, diagnostics where they are, tests run in place, a claim and its findings, on to the self-check.
//
// In: the built site. Out: what an author sees. Invariant: what the page says is what the engine says of the same text.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { check } from "jihe";
import { city, complaints, downloaded, drop, FROM_DISK, launch, until } from "./site.mjs";

const THREE = fileURLToPath(new URL("../../examples/three-rules/", import.meta.url));
const RULEBOOK = fileURLToPath(new URL("../../crates/jihe-rulebook/rules/", import.meta.url));

describe("the workbench", () => {
  let browser;
  let page;
  let found;
  before(async () => {
    browser = await launch({ after() {} });
    page = browser.page;
    found = complaints(page);
    await page.goto(`${FROM_DISK}#bench`);
    await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
  });

  after(() => browser?.close());

  const settled = () => until(page, () => document.getElementById("problems-said")?.dataset.busy === "false", null, 60_000);
  const write = async (editor, text) => {
    await page.locator(`[data-editor=${editor}] .cm-content`).focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.keyboard.insertText(text);
  };
  const rules = () => page.locator("[data-editor=rules-editor] .cm-content");

  test("opens with an example, its findings and its tests", async () => {
    const printed = readFileSync(join(THREE, "expected.txt"), "utf8").trim().split("\n");
    assert.equal(await page.textContent("#bench-findings"), `疑点 ${printed.length} 条`);
    const cards = await page.locator(".claims-findings .card").allInnerTexts();
    assert.ok(cards[0].includes("套餐项目分解收费") && cards[0].includes("4.00 元"));
    await page.click("#tab-tests");
    assert.match(await page.textContent("#tests-said"), /1 个测试、2 项期望全部通过/);
    await page.click("#tab-claims");
  });

  test("keywords, kinds, strings, numbers and comments are told apart", async () => {
    const colours = await rules().evaluate((content) => {
      const colour = (word) => [...content.querySelectorAll("span")].filter((span) => span.textContent.trim() === word).map((span) => getComputedStyle(span).color)[0];
      return ["针对", "规则", "明细", '"C1"', "30", "窗口"].map(colour);
    });
    assert.equal(new Set(colours.slice(0, 5)).size, 5, `five colours: ${colours}`);
    assert.equal(colours[5], undefined, "a name of the author's has no colour of its own");
  });

  test("an error is underlined at its word, listed with its place and mended by one click", async () => {
    const source = readFileSync(join(THREE, "rules.jihe"), "utf8").replace("设   累计 = 合计(窗口.供药天数)", "设   累计 = 合计(窗口.供药天)");
    await write("rules-editor", source);
    await page.locator(".problems li.error").first().waitFor();
    const tables = Object.fromEntries(readdirSync(THREE).filter((name) => name.endsWith(".csv")).map((name) => [name, readFileSync(join(THREE, name), "utf8")]));
    const [expected] = check({ "rules.jihe": source }, { tables });
    const listed = await page.locator(".problems li.error").first().innerText();
    assert.ok(listed.includes(expected.code) && listed.includes(expected.message) && listed.includes(`第 ${expected.labels[0].place.line} 行`), listed);
    assert.equal(await rules().locator(".cm-lintRange-error").first().textContent(), "供药天");
    assert.match(await page.textContent(".claims-findings"), /改正后才运行/);
    await page.locator(".problems li.error button").first().click();
    await until(page, () => document.activeElement?.matches("[data-editor=rules-editor]"));
    await rules().locator(".cm-lintRange-error").first().hover();
    await page.getByRole("button", { name: "改正" }).click();
    await page.locator("#bench-findings").waitFor({ timeout: 30_000 });
    assert.equal(await page.locator(".problems li").count(), 0);
  });

  test("a failing test is named, and marked beside its first line", async () => {
    const source = readFileSync(join(THREE, "rules.jihe"), "utf8").replace("期望 一 命中 违规金额 4 元", "期望 一 命中 违规金额 5 元");
    await write("rules-editor", source);
    await settled();
    await page.click("#tab-tests");
    await page.locator("#tests-said", { hasText: "未通过" }).waitFor({ timeout: 30_000 });
    assert.match(await page.locator("#panel-tests .card").first().innerText(), /第二次开药使累计达45天/);
    await page.locator("#panel-tests .card button").first().click();
    await page.locator("[data-editor=rules-editor] .cm-tests .failed").waitFor();
    await page.click("#tab-claims");
  });

  test("typing faster than the page draws loses no letter", async () => {
    await page.selectOption("#example", "blank");
    await settled();
    await page.locator("[data-editor=rules-editor] .cm-content").focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# 规则编号针对明细当金额大于一千元性质可疑说明核查依据名称");
    await page.locator("[data-editor=rules-editor] .cm-line", { hasText: /^# 规则编号针对明细当金额大于一千元性质可疑说明核查依据名称$/ }).waitFor();
    await page.selectOption("#example", "three");
    await settled();
  });

  test("a claim that cannot be read says why", async () => {
    await write("claims-editor", '{ "item": [ { "item_id": "L1", ');
    await page.locator(".claims-findings .trouble").waitFor({ timeout: 30_000 });
    await write("claims-editor", '{ "item": [] }');
    await page.locator("#bench-findings", { hasText: "疑点 0 条" }).waitFor({ timeout: 30_000 });
  });

  test("formats in either language, and saves the file", async () => {
    await page.selectOption("#example", "blank");
    await settled();
    await page.click("#format-en");
    await page.locator("[data-editor=rules-editor] .cm-line", { hasText: /^rule 大额明细/ }).waitFor();
    const file = await downloaded(page, ".toolbar button:nth-of-type(2)");
    assert.equal(file.name, "我的规则.jihe");
    assert.match(file.bytes.toString("utf8"), /for each 明细/);
    await page.click("#format-zh");
    await page.locator("[data-editor=rules-editor] .cm-line", { hasText: /^规则 大额明细/ }).waitFor();
  });

  test("the whole rulebook opens, clean, with its tables", async () => {
    await page.selectOption("#example", "rulebook");
    await settled();
    assert.equal(await page.textContent("#problems-said"), "没有问题。");
    const [first] = readFileSync(join(RULEBOOK, "C.jihe"), "utf8").split("\n");
    await page.getByRole("button", { name: "C.jihe" }).click();
    await page.locator("[data-editor=rules-editor] .cm-line", { hasText: first }).first().waitFor();
    await page.click("#tab-tables");
    assert.ok(await page.locator("#panel-tables option").count() > 20);
  });

  test("the author's rules go on to the self-check", async () => {
    await page.selectOption("#example", "blank");
    await settled();
    await page.click("#use-rules");
    const data = city(20, 5);
    await drop(page, data.files.filter((file) => /(item|visit|run)\.(csv|toml)$/.test(file)));
    await page.click("#run");
    await page.locator("#total-findings").waitFor({ timeout: 60_000 });
    assert.match(await page.textContent(".setup-bar"), /我的规则，1 条规则/);
  });

  test("nothing went wrong behind the page", () => assert.deepEqual(found, []));
});
