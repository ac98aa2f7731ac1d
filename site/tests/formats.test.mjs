// Files as they come: every format, the inspection layout, rows and files that cannot be read, rules that do not compile, a run cancelled.
//
// In: small files made here. Out: what the page says of each. Invariant: what can be read is audited, whatever lies beside it.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import writeXlsx from "write-excel-file/node";
import { audited, city, downloaded, csvRows, drop, FROM_DISK, launch, number, run, scratch } from "./site.mjs";

const SAMPLES = fileURLToPath(new URL("../../bindings/wasm/tests/data/", import.meta.url));
const RULES = '规则包 "示例" 版本 "1"\n规则 大额 { 编号 "X1" 名称 "大额" 针对 明细 当 金额 > 10 元 性质 可疑 违规金额 金额 - 10 元 说明 "单笔{金额}" }\n';

async function open(t) {
  const { page } = await launch(t);
  await page.goto(FROM_DISK);
  return page;
}

const cells = (page) => page.locator("#files tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

function written(folder, name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function ownRules(page, folder, text = RULES) {
  await page.getByRole("radio", { name: "我的规则" }).check();
  await page.setInputFiles("#own-rules", written(folder, "own.jihe", text));
  await page.locator(".progress").waitFor({ state: "detached", timeout: 60_000 });
}

test("an Excel workbook is read like CSV", async (t) => {
  const folder = scratch();
  const page = await open(t);
  const sheet = [["明细号", "就诊", "项目名称", "金额", "使用时间", "自编列"], ["L1", "V1", "血常规", "25.50", "2024-03-01", "x"], ["L2", "V1", "尿常规", "8", "2024-03-02", "y"]];
  await writeXlsx(sheet).toFile(join(folder, "明细.xlsx"));
  await drop(page, [join(folder, "明细.xlsx"), written(folder, "visit.csv", "visit_id,person,time\nV1,P1,2024-03-01\n")]);
  const rows = Object.fromEntries((await cells(page)).map(([file, ...rest]) => [file.split(/[!#:]/)[0].replace(/\.xlsx.*/, ".xlsx"), rest]));
  assert.deepEqual(rows["明细.xlsx"].slice(0, 4), ["明细", "2", "2", "0"]);
  assert.match(rows["明细.xlsx"][4], /自编列/, "a column of no known name is said to be left out");
  await ownRules(page, folder);
  await run(page);
  assert.equal(await page.textContent("#total-findings"), "1");
  assert.equal(await page.textContent("#total-amount"), "15.50 元");
});

test("a Parquet file is read", async (t) => {
  const folder = scratch();
  const page = await open(t);
  copyFileSync(join(SAMPLES, "item.parquet"), join(folder, "item.parquet"));
  await drop(page, join(folder, "item.parquet"));
  const [[, kind, all, accepted, rejected]] = await cells(page);
  assert.equal(kind, "明细");
  assert.ok(number(all) > 0 && number(accepted) + number(rejected) === number(all));
});

test("the inspection layout is read under its own names", async (t) => {
  const folder = scratch();
  const page = await open(t);
  const stay = written(folder, "SETTLE_ZY.csv", "HISID,PATIENT_ID,HOSPITAL_ID,HOSPITAL_NAME,CLAIM_TYPE,BENEFIT_TYPE,ADMISSION_DATE,DISCHARGE_DATE,DOCTOR_ID,DOCTOR_NAME,BILL_DATE\n"
    + "Z1,P1,H1,某院,住院,城镇职工,2024-03-01 08:00:00,2024-03-05 10:00:00,D1,医师甲,2024-03-05 11:00:00\n");
  await drop(page, stay);
  assert.equal((await cells(page))[0][1], "未识别");
  await page.locator(".options summary").click();
  await page.locator(".options select").selectOption("feijian2024");
  await page.locator("#files td", { hasText: "就诊" }).first().waitFor({ timeout: 60_000 });
  const [[, kinds, ...counts]] = await cells(page);
  assert.deepEqual([kinds, ...counts.slice(0, 3)], ["参保人、机构、医师、就诊、结算", "1", "1", "0"]);
});

test("rows and files that cannot be read are listed with the reason, and the rest is audited", async (t) => {
  const folder = join(scratch(), "data");
  mkdirSync(folder);
  const item = "item_id,visit,item_name,amount,used_time\nL1,V1,甲,25,2024-03-01\nL2,V1,乙,二十五,2024-03-01\nL3,V1,丙,12,2024-13-01\n,V1,丁,12,2024-03-01\nL5,V1,戊,30,2024-03-02\n";
  written(folder, "item.csv", item);
  written(folder, "visit.csv", "visit_id,person,time\nV1,P1,2024-03-01\n");
  const rules = written(scratch(), "own.jihe", RULES);
  const expected = audited(folder, ["--rules", rules]);
  const others = scratch();
  const page = await open(t);
  await drop(page, [join(folder, "item.csv"), join(folder, "visit.csv"), written(others, "settlement.xlsx", "this is no workbook"),
    written(others, "person.csv", ""), written(others, "备忘.txt", "x"), written(others, "trace.parquet", "PAR1 no")]);
  const rows = Object.fromEntries((await cells(page)).map(([file, ...rest]) => [file, rest]));
  assert.deepEqual(rows["item.csv"].slice(0, 4), ["明细", "5", "2", "3"]);
  for (const broken of ["settlement.xlsx", "备忘.txt", "trace.parquet"]) assert.ok(rows[broken][4].length > 4, `${broken}: ${rows[broken]}`);
  const listed = async (table) => {
    await page.locator(`${table} tbody tr`).first().waitFor();
    const rows = await page.locator(`${table} tbody tr`).evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
    return rows.map(([, line, column, value, reason]) => [line, column, value, reason]);
  };
  const reasons = expected.rejects.map((reject) => [reject.line, reject.column, reject.value, reject.reason]);
  await page.locator(".rejected summary", { hasText: "未读入的 3 行" }).click();
  assert.deepEqual(await listed("#rejected"), reasons, "before anything runs");
  await ownRules(page, folder);
  await run(page);
  assert.equal(number(await page.textContent("#total-findings")), expected.findings.length);
  assert.equal(number(await page.textContent("#total-rejects")), expected.rejects.length);
  await page.click("#tab-rejects");
  assert.deepEqual(await listed("#rejects"), reasons);
});

test("rules that do not compile say where, and mended ones run", async (t) => {
  const folder = scratch();
  const page = await open(t);
  await drop(page, [written(folder, "item.csv", "item_id,visit,amount,used_time\nL1,V1,25,2024-03-01\n")]);
  await ownRules(page, folder, RULES.replace("金额 > 10 元", "金钱 > 10 元"));
  await page.locator(".trouble li", { hasText: "金钱" }).waitFor();
  assert.match(await page.innerText(".trouble"), /E0\d+[\s\S]*own\.jihe 第 2 行/);
  await ownRules(page, folder);
  await run(page);
  assert.equal(await page.textContent("#total-findings"), "1");
});

test("a run can be cancelled and run again; more files can be added after a run", async (t) => {
  const data = city(300, 9);
  const page = await open(t);
  await drop(page, data.files.filter((path) => !path.endsWith("trace.csv")));
  await page.click("#run");
  await page.click("#cancel");
  await page.locator(".note", { hasText: "已取消" }).waitFor();
  await run(page);
  await page.click("#open-setup");
  await drop(page, data.files.filter((path) => path.endsWith("trace.csv")));
  await run(page);
  assert.equal(number(await page.textContent("#total-findings")), audited(data.folder).findings.length);
});

test("no text of the data becomes a formula in a spreadsheet", async (t) => {
  const folder = scratch();
  const page = await open(t);
  await drop(page, [written(folder, "item.csv", 'item_id,visit,item_name,amount,used_time\nL1,V1,"=HYPERLINK(""http://x"",""a"")",25,2024-03-01\n')]);
  await ownRules(page, folder, RULES.replace('说明 "单笔{金额}"', '说明 "{项目名称}"'));
  await run(page);
  await page.click("#tab-list");
  const [head, row] = csvRows((await downloaded(page, "#export-csv")).bytes.toString("utf8"));
  assert.match(row[head.indexOf("说明")], /^'=HYPERLINK/);
  assert.equal(readFileSync(join(folder, "item.csv"), "utf8").includes("=HYPERLINK"), true);
});
