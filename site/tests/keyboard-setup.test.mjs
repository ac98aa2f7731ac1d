// Setting up by keyboard alone: the layout, a mapping, parameters, a file put right or taken out, the author's own files and claims.
//
// In: the built site. Out: flows by keys alone, and where the focus is after each. Invariant: the focus is never lost.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { brokenOff, choose, given, idle, opened, press, tabTo } from "./keys.mjs";
import { city, FROM_DISK, until, writer } from "./site.mjs";

const RULES = '规则包 "示例" 版本 "1"\n参数 起点 = 100 元\n规则 大额 { 编号 "X1" 名称 "大额" 针对 明细 当 金额 > 起点 性质 可疑 违规金额 金额 - 起点 说明 "单笔{金额}" }\n';

function made(files) {
  const written = writer();
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, written(name, text)]));
}

const rowsOf = (page) => page.locator("#files tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].slice(0, 6).map((cell) => cell.textContent)));
const focus = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || document.activeElement?.tagName);
const focusOn = (page, selector) => until(page, (wanted) => document.activeElement?.matches(wanted) ?? false, selector);

test("the layout of the inspections", async (t) => {
  const { "SETTLE_ZY.csv": stay } = made({
    "SETTLE_ZY.csv": "HISID,PATIENT_ID,HOSPITAL_ID,HOSPITAL_NAME,CLAIM_TYPE,BENEFIT_TYPE,ADMISSION_DATE,DISCHARGE_DATE,DOCTOR_ID,DOCTOR_NAME,BILL_DATE\n"
      + "Z1,P1,H1,某院,住院,城镇职工,2024-03-01 08:00:00,2024-03-05 10:00:00,D1,医师甲,2024-03-05 11:00:00\n",
  });
  const page = await opened(t);
  await given(page, stay);
  await focusOn(page, "#files-title");
  await press(page, ".options summary");
  await tabTo(page, "#layout");
  await page.keyboard.press("ArrowDown");
  await page.locator("#files td", { hasText: "就诊" }).first().waitFor({ timeout: 60_000 });
  await idle(page);
  assert.deepEqual((await rowsOf(page))[0].slice(1, 5), ["参保人、机构、医师、就诊、结算", "1", "1", "0"]);
  await focusOn(page, "#layout");
});

test("a mapping, own rules with parameters of the region, and back to the files after a run", async (t) => {
  const paths = made({
    "费用.csv": "流水,单号,钱,何时\nL1,V1,150,2024-03-01\nL2,V1,90,2024-03-01\n",
    "map.toml": 'version = 1\n[[file]]\nname = "费用"\nkind = "item"\n[file.fields]\nitem_id = "流水"\nvisit = "单号"\namount = "钱"\nused_time = "何时"\n',
    "own.jihe": RULES,
    "region.jihe": '规则包 "地区" 版本 "1"\n参数 起点 = 50 元\n',
  });
  const page = await opened(t);
  await given(page, paths["费用.csv"]);
  assert.equal((await rowsOf(page))[0][1], "未识别");
  await press(page, ".options summary");
  await choose(page, "button:has(~ #mapping)", paths["map.toml"]);
  await page.locator(".file-field", { hasText: "map.toml" }).waitFor();
  await idle(page);
  assert.deepEqual((await rowsOf(page))[0].slice(0, 5), ["费用.csv", "明细", "2", "2", "0"]);
  await focusOn(page, "button:has(~ #mapping)");
  await tabTo(page, "input[name=which]", "Shift+Tab");
  await page.keyboard.press("ArrowDown");
  await choose(page, "button:has(~ #own-rules)", paths["own.jihe"]);
  await page.locator("#rule-count", { hasText: "1 条规则" }).waitFor({ timeout: 60_000 });
  await idle(page);
  await press(page, "#run");
  await page.locator("#total-findings", { hasText: /^1$/ }).waitFor({ timeout: 60_000 });
  assert.equal(await page.textContent("#total-amount"), "50.00 元");
  assert.equal(await focus(page), "results-title");
  await press(page, "#open-setup", "Enter", "Shift+Tab");
  await focusOn(page, "#files-title");
  if (!await page.evaluate(() => document.querySelector(".options").open)) await press(page, ".options summary");
  await choose(page, "button:has(~ #params)", paths["region.jihe"]);
  await page.locator(".file-field", { hasText: "region.jihe" }).waitFor();
  await idle(page);
  await focusOn(page, "button:has(~ #params)");
  await press(page, "#run");
  await page.locator("#total-findings", { hasText: /^2$/ }).waitFor({ timeout: 60_000 });
  assert.equal(await page.textContent("#total-amount"), "140.00 元");
});

test("a file put right takes the place of the broken one; a file is taken out; all are", async (t) => {
  const paths = made({ "item.csv": "", "备忘.txt": "x" });
  const page = await opened(t);
  await given(page, Object.values(paths));
  assert.match((await rowsOf(page)).find(([file]) => file === "item.csv")[5], /空文件.*请重新导出/);
  writeFileSync(paths["item.csv"], "item_id,visit,amount,used_time\nL1,V1,125,2024-03-01\n");
  await choose(page, "button:has(+ #add-files)", paths["item.csv"]);
  await page.locator("#replaced", { hasText: "item.csv" }).waitFor();
  await idle(page);
  assert.deepEqual((await rowsOf(page)).find(([file]) => file === "item.csv").slice(1, 5), ["明细", "1", "1", "0"]);
  await focusOn(page, "button:has(+ #add-files)");
  await press(page, '.remove[aria-label="移除 备忘.txt"]');
  await until(page, () => document.querySelectorAll("#files tbody tr").length === 1);
  await idle(page);
  await focusOn(page, "#files-title");
  await tabTo(page, "button:has(+ #add-files)");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await focusOn(page, "#first-title");
});

test("after a cancel the focus is where it was; after a name of a chart, on the list; after a mark is taken back, on the marks", async (t) => {
  const data = city(100, 9);
  const page = await opened(t);
  await given(page, data.files);
  await brokenOff(page);
  await focusOn(page, "#run");
  await page.keyboard.press("Enter");
  await page.locator("#total-findings").waitFor({ timeout: 120_000 });
  await press(page, ".chart-department tbody button");
  await focusOn(page, "#grid");
  await press(page, ".chip", "Enter", "Shift+Tab");
  await focusOn(page, "#grid");
  await page.locator("#row-0 .badge").first().waitFor();
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await page.locator("#sentence").waitFor();
  await press(page, "#mark-clear");
  await focusOn(page, "#mark-verified");
});

test("the workbench: one's own files opened, the claim changed, the finding gone", async (t) => {
  const own = RULES.replace("大额 {", "贵 {");
  const { "own.jihe": path } = made({ "own.jihe": own });
  const page = await opened(t, `${FROM_DISK}#bench`);
  await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
  const settled = () => until(page, () => document.getElementById("problems-said")?.dataset.busy === "false", null, 60_000);
  await choose(page, ".toolbar button:has(+ input[type=file])", path);
  await page.locator("[data-editor=rules-editor] .cm-line", { hasText: "规则 贵" }).waitFor();
  await settled();
  assert.equal(await page.textContent(".file-name"), "own.jihe");
  await tabTo(page, "[data-editor=claims-editor]");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  const claim = (amount) => JSON.stringify({ visit: [{ visit_id: "V1", person: "P1", time: "2024-03-01" }], item: [{ item_id: "L1", visit: "V1", used_time: "2024-03-01", amount }] });
  await page.keyboard.insertText(claim("123456"));
  await page.locator("#bench-findings", { hasText: "疑点 1 条" }).waitFor({ timeout: 30_000 });
  assert.match(await page.textContent(".claims-findings"), /123,356\.00/);
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(claim("99"));
  await page.locator("#bench-findings", { hasText: "疑点 0 条" }).waitFor({ timeout: 30_000 });
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.matches("[data-editor=claims-editor]")), false, "Tab leaves the claim");
});

test("the workbench: what a diagnostic proposes is done by key, a rule file is chosen among several, a failing test is gone to", async (t) => {
  const wrong = `${RULES.replace("当 金额 > 起点", "当 金钱 > 起点")}测试 "错" 规则 大额 {\n  就诊 甲 { 参保人 乙; 时间 2024-03-01 }\n  参保人 乙 { 性别 男 }\n  明细 一 { 就诊 甲; 使用时间 2024-03-01; 金额 150 元 }\n  期望 一 命中 违规金额 60 元\n}\n`;
  const paths = made({ "a.jihe": wrong, "b.jihe": '编码集 检查化验 : 费用类别 = { "检查费", "化验费" }\n' });
  const page = await opened(t, `${FROM_DISK}#bench`);
  await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
  await choose(page, ".toolbar button:has(+ #open-rules)", Object.values(paths));
  await press(page, ".problems .fix");
  await focusOn(page, "[data-editor=rules-editor]");
  await page.locator("[data-editor=rules-editor] .cm-line", { hasText: "当 金额 > 起点" }).waitFor();
  await page.locator(".problems li.error").first().waitFor({ state: "detached", timeout: 30_000 });
  await press(page, "#tab-claims");
  await page.keyboard.press("ArrowRight");
  await page.locator("#tests-said", { hasText: "未通过" }).waitFor({ timeout: 30_000 });
  await press(page, "#panel-tests .card button");
  await focusOn(page, "[data-editor=rules-editor]");
  await press(page, '.file-tabs button[aria-pressed="false"]', "Enter", "Shift+Tab");
  await page.locator("[data-editor=rules-editor] .cm-line", { hasText: "编码集 检查化验" }).waitFor();
});
