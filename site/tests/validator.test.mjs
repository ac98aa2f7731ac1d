// The self-check, as a clerk uses it: files in, counts, findings, marks, exports, and the same marks the next day.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import readXlsx from "read-excel-file/node";
import { audited, city, complaints, csvRows, downloaded, drop, FROM_DISK, launch, number, run, scratch, serve, shown } from "./site.mjs";

const PERSONS = 60;
let data;
let expected;
before(() => {
  data = city(PERSONS, 7);
  expected = audited(data.folder);
  assert.ok(expected.findings.length > 50, "the city has findings to look at");
});

async function rowsOf(page) {
  return page.locator("#files tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
}

describe("from a static web server", () => {
  let server;
  let browser;
  let page;
  let found;
  before(async () => {
    server = await serve();
    browser = await launch({ after() {} });
    page = browser.page;
    found = complaints(page);
    await page.goto(server.address);
    await drop(page, data.files);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  test("every file is listed with its kind and its exact counts", async () => {
    const rows = await rowsOf(page);
    const counts = Object.fromEntries(rows.map(([file, , all, accepted, rejected]) => [file, [all, accepted, rejected].map(number)]));
    assert.deepEqual(counts, Object.fromEntries(Object.entries(data.rows).map(([file, all]) => [file, [all, all, 0]])));
    assert.ok(rows.some(([file, kind]) => file === "item.csv" && kind === "明细"));
  });

  test("the rulebook finds what the command line finds, to the yuan", async () => {
    await run(page);
    assert.equal(number(await page.textContent("#total-findings")), expected.findings.length);
    assert.equal(await page.textContent("#total-amount"), `${shown(expected.coverage.totals.amount)} 元`);
    const undecided = expected.coverage.rules.reduce((sum, rule) => sum + rule.undecided, 0);
    assert.equal(number(await page.textContent("#total-undecided")), undecided);
  });

  test("the summary by rule counts each rule's findings", async () => {
    const bars = await page.locator(".chart-rule tbody tr").evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent.split(" ")[0], Number(row.cells[2].textContent)]));
    const byRule = {};
    for (const finding of expected.findings) byRule[finding.rule_id] = (byRule[finding.rule_id] ?? 0) + 1;
    assert.deepEqual(Object.fromEntries(bars), byRule);
  });

  test("departments, practitioners and persons are summed, and a name filters the list", async () => {
    const first = page.locator(".chart-practitioner tbody tr").first();
    const [name, count] = [await first.locator("button").textContent(), number(await first.locator("td").nth(1).textContent())];
    const key = name.split(" ")[0];
    assert.equal(count, expected.findings.filter((finding) => finding.practitioner === key).length);
    assert.ok(await page.locator(".chart-department tbody tr").count() > 0);
    await first.locator("button").click();
    await page.locator("#shown", { hasText: `${count} 条` }).waitFor();
    await page.locator(".chip").click();
    await page.locator("#shown", { hasText: `${expected.findings.length} 条` }).waitFor();
  });

  test("filters and sorts give the rows they should", async () => {
    await page.selectOption("#filter-rule", "C1");
    const ofRule = expected.findings.filter((finding) => finding.rule_id === "C1");
    await page.locator("#shown", { hasText: `${ofRule.length} 条` }).waitFor();
    await page.getByRole("columnheader", { name: "金额" }).getByRole("button").click();
    const largest = ofRule.map((finding) => finding.amount).sort((left, right) => Number(right) - Number(left))[0];
    await page.locator("#row-0 .cell-amount", { hasText: shown(largest) }).waitFor();
    for (const state of ["ascending", "none"]) {
      await page.getByRole("columnheader", { name: "金额" }).getByRole("button").click();
      await page.locator(`[role=columnheader].cell-amount[aria-sort=${state}]`).waitFor();
    }
    await page.selectOption("#filter-rule", "");
    await page.fill("#search", expected.findings[3].subject_key);
    const named = expected.findings.filter((finding) => ["message", "rule_id", "rule_name", "subject_key", "person", "practitioner", "institution", "visit"]
      .some((column) => finding[column].includes(expected.findings[3].subject_key)));
    await page.locator("#shown", { hasText: `${named.length} 条` }).waitFor();
    await page.getByRole("button", { name: "清除筛选" }).click();
  });

  test("a finding shows its sentence, basis, hint, values, lines and when they were", async () => {
    const one = expected.findings.find((finding) => finding.rule_id === "C1");
    await page.selectOption("#filter-rule", "C1");
    await page.fill("#search", one.subject_key);
    await page.locator("#shown", { hasText: "1 条" }).waitFor();
    await page.locator("#row-0 .cell-message").click();
    await page.locator("#sentence").waitFor();
    const detail = page.locator("#detail");
    const text = await detail.innerText();
    assert.equal(await page.textContent("#sentence"), one.message);
    for (const part of [one.verify, ...one.basis.split("；"), ...Object.keys(JSON.parse(one.values)), ...Object.values(JSON.parse(one.values))]) {
      assert.ok(text.includes(part), `the panel shows ${part}`);
    }
    for (const line of [...JSON.parse(one.offending), ...JSON.parse(one.involved)]) assert.ok(text.includes(line.key), `the panel lists ${line.key}`);
    const drawn = await detail.locator(".timeline .mark").count();
    assert.equal(drawn, JSON.parse(one.offending).length + JSON.parse(one.involved).length);
    assert.match(await detail.locator("details pre").textContent(), /编号 "C1"/);
  });

  test("a mark with a reason is counted, filters the list and stands in both exports", async () => {
    await page.click("#mark-justified");
    assert.equal(await page.isDisabled("#mark-save"), true, "a justification needs a reason");
    await page.fill("#mark-reason", "长处方备案，见 2024-03 登记");
    await page.click("#mark-save");
    await page.locator("#mark-said", { hasText: "有正当理由：长处方备案" }).waitFor();
    await page.getByRole("button", { name: "清除筛选" }).click();
    assert.equal(await page.textContent("#total-marked"), "1");
    const file = await downloaded(page, "#export-csv");
    const [head, ...rows] = csvRows(file.bytes.toString("utf8"));
    const column = (name) => head.indexOf(name);
    assert.deepEqual(rows.map((row) => row[column("疑点编号")]), expected.findings.map((finding) => finding.finding_id));
    assert.deepEqual(rows.map((row) => row[column("说明")]), expected.findings.map((finding) => finding.message));
    assert.deepEqual(rows.map((row) => row[column("违规金额")]), expected.findings.map((finding) => finding.amount));
    assert.deepEqual(rows.filter((row) => row[column("核实结果")]).map((row) => [row[column("规则编号")], row[column("理由")]]),
      [["C1", "长处方备案，见 2024-03 登记"]]);
    await page.selectOption("#filter-mark", "justified");
    await page.locator("#shown", { hasText: "1 条" }).waitFor();
    await page.selectOption("#filter-mark", "");
  });

  test("the Excel file holds the findings, how each rule ran, and the run", async () => {
    const file = await downloaded(page, "#export-xlsx");
    assert.match(file.name, /^疑点-\d{8}-\d{4}\.xlsx$/);
    const sheets = await readXlsx(file.bytes);
    const sheet = (name) => sheets.find((one) => one.sheet === name).data;
    const [head, ...rows] = sheet("疑点");
    assert.deepEqual(rows.map((row) => row[head.indexOf("疑点编号")]), expected.findings.map((finding) => finding.finding_id));
    const amounts = rows.map((row) => row[head.indexOf("违规金额")]);
    assert.deepEqual(amounts, expected.findings.map((finding) => (finding.amount === "" ? null : Number(finding.amount))));
    assert.equal(sheet("规则运行情况").length, expected.coverage.rules.length + 1);
    assert.ok(sheet("本次运行").some(([name, value]) => name === "规则指纹" && value === expected.coverage.ruleset.hash));
  });

  test("how the rules ran says why some could not decide", async () => {
    await page.click("#tab-rules");
    const rows = await page.locator("#coverage tbody tr").evaluateAll((all) => all.map((row) => [row.cells[0].textContent.split(" ")[0], row.cells[6].textContent, row.cells[8].textContent]));
    assert.deepEqual(rows.map(([id, undecided]) => [id, number(undecided)]), expected.coverage.rules.map((rule) => [rule.rule_id, rule.undecided]));
    assert.ok(rows.filter(([, undecided]) => undecided !== "0").every(([, , why]) => why.length > 0));
  });

  test("nothing went wrong behind the page", () => assert.deepEqual(found, []));
});

test("from a folder on disk, reopened: the marks are still there", async (t) => {
  const profile = scratch();
  let browser = await launch(t, { profile });
  await browser.page.goto(FROM_DISK);
  await drop(browser.page, data.files);
  await run(browser.page);
  await browser.page.click("#tab-list");
  await browser.page.locator("#row-0").click();
  await browser.page.click("#mark-verified");
  await browser.page.locator("#mark-said", { hasText: "已核实" }).waitFor();
  await browser.close();

  browser = await launch(t, { profile });
  await browser.page.goto(FROM_DISK);
  await drop(browser.page, data.files);
  await run(browser.page);
  await browser.page.click("#tab-list");
  await browser.page.selectOption("#filter-mark", "verified");
  await browser.page.locator("#shown", { hasText: "1 条" }).waitFor();
  const marks = JSON.parse((await downloaded(browser.page, "#export-marks")).bytes.toString("utf8"));
  assert.deepEqual(marks.marks.map((mark) => [mark.finding_id, mark.state]), [[expected.findings[0].finding_id, "verified"]]);
  await browser.close();

  const path = join(scratch(), "marks.json");
  writeFileSync(path, JSON.stringify(marks));
  const other = await launch(t);
  await other.page.goto(FROM_DISK);
  await drop(other.page, data.files);
  await run(other.page);
  await other.page.click("#tab-list");
  await other.page.setInputFiles("#import-marks", path);
  await other.page.locator("#export-said", { hasText: "已导入 1 条" }).waitFor();
  await other.page.locator("#row-0 .mark-verified").waitFor();

});
