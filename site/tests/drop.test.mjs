// Files and folders dragged onto the page with the mouse.
//
// In: files on disk, the browser's own drag-and-drop events. Out: what the page says it read.
// Invariant: the browser itself hands the files over, as it does when a hand lets go of them.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { audited, city, FROM_DISK, launch, number, run, scratch, until, writer } from "./site.mjs";

const RULES = '规则包 "示例" 版本 "1"\n规则 大额 { 编号 "X1" 名称 "大额" 针对 明细 当 金额 > 100 元 性质 可疑 违规金额 金额 - 100 元 说明 "单笔{金额}" }\n';

const rowsOf = (page) => page.locator("#files tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

/** A hand with files: over the page, away from it, or let go. */
async function hand(page) {
  const session = await page.context().newCDPSession(page);
  return (type, files) => session.send("Input.dispatchDragEvent", { type, x: 600, y: 300, data: { items: [], files, dragOperationsMask: 1 } });
}

async function dropped(page, files) {
  const drag = await hand(page);
  for (const type of ["dragEnter", "dragOver"]) await drag(type, files);
  await until(page, () => document.querySelector(".validator.dragging") !== null);
  await drag("drop", files);
  await page.locator("#files-total").waitFor();
  await page.locator(".progress").waitFor({ state: "detached", timeout: 120_000 });
  assert.equal(await page.locator(".validator.dragging").count(), 0, "the page no longer waits for a drop");
}

test("a folder let go over the page is read as the command line reads it", async (t) => {
  const data = city(20, 5);
  const expected = audited(data.folder);
  const { page } = await launch(t);
  await page.goto(FROM_DISK);
  await dropped(page, [data.folder]);
  const rows = (await rowsOf(page)).filter(([file]) => file in data.rows);
  const counts = Object.fromEntries(rows.map(([file, , ...counts]) => [file, counts.slice(0, 3).map(number)]));
  assert.deepEqual(counts, Object.fromEntries(Object.entries(data.rows).map(([file, all]) => [file, [all, all, 0]])));
  await run(page);
  assert.equal(number(await page.textContent("#total-findings")), expected.findings.length);
});

test("single files let go one after the other are added up", async (t) => {
  const written = writer();
  const { page } = await launch(t);
  await page.goto(FROM_DISK);
  await dropped(page, [written("item.csv", "item_id,visit,amount,used_time\nL1,V1,125,2024-03-01\n")]);
  await dropped(page, [written("visit.csv", "visit_id,person,time\nV1,P1,2024-03-01\n"), written("备忘.txt", "x")]);
  const rows = await rowsOf(page);
  assert.deepEqual(rows.map(([file, kind, ...counts]) => [file, kind, ...counts.slice(0, 3)]).filter(([file]) => file.endsWith(".csv")),
    [["item.csv", "明细", "1", "1", "0"], ["visit.csv", "就诊", "1", "1", "0"]]);
  assert.ok(rows.some(([file, , , , , why]) => file === "备忘.txt" && why.length > 0), "what cannot be read is listed with the reason");
});

test("the extraction list with its sub-folders gives the findings of the command line", async (t) => {
  const folder = join(scratch(), "extract");
  const files = {
    "SETTLE_MZ.csv": "HISID,HOSPITAL_ID,PATIENT_ID,BILL_DATE,ADMISSION_DATE,TOTAL_AMOUNT\nB1,H1,P1,2024-01-01,2024-01-01,200.55\n",
    "SETTLE_MZ_DETAIL/1.csv": "FEEDETL_SN,HISID,ITEM_ID,NUM,UNIT_PRICE,COST,USAGE_DATE\nL1,B1,A,1,150.55,150.55,2024-01-01\n",
    "SETTLE_MZ_DETAIL/2.csv": "FEEDETL_SN,HISID,ITEM_ID,NUM,UNIT_PRICE,COST,USAGE_DATE\nL2,B1,B,1,50,50,2024-01-01\nL3,B1,C,3,40,120,2024-01-01\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const rules = writer()("own.jihe", RULES);
  const expected = audited(folder, ["--layout", "feijian2024", "--rules", rules]);
  assert.deepEqual(expected.findings.map((finding) => [finding.subject_key, finding.amount]).sort(), [["L1", "50.5500"], ["L3", "20.0000"]]);
  const { page } = await launch(t);
  await page.goto(FROM_DISK);
  await dropped(page, [folder]);
  await page.locator(".options summary").click();
  await page.locator(".options select").selectOption("feijian2024");
  await page.locator("#files td", { hasText: "SETTLE_MZ_DETAIL/2.csv" }).waitFor({ timeout: 60_000 });
  await page.locator(".progress").waitFor({ state: "detached", timeout: 60_000 });
  await page.getByRole("radio", { name: "我的规则" }).check();
  await page.setInputFiles("#own-rules", rules);
  await page.locator("#rule-count", { hasText: "1 条规则" }).waitFor({ timeout: 60_000 });
  await page.locator(".progress").waitFor({ state: "detached", timeout: 60_000 });
  await run(page);
  assert.equal(await page.textContent("#total-amount"), "70.55 元");
  await page.click("#tab-list");
  await page.locator("#row-1 .cell-message").waitFor();
  const messages = await page.locator("[id^=row-] .cell-message").allTextContents();
  assert.deepEqual(messages, expected.findings.map((finding) => finding.message));
});
