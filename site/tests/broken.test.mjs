// Files that cannot be read, as they come from hospitals: what is wrong, where, and what would mend it.
//
// In: an empty file, files cut off or damaged, old and renamed workbooks, texts in GB18030 and UTF-16. Out: what the page says of each.
// Invariant: each is named with a reason and a remedy, in either language, and what can be read is audited beside it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { drop, FROM_DISK, launch, run, writer } from "./site.mjs";

const SAMPLES = fileURLToPath(new URL("../../bindings/wasm/tests/data/", import.meta.url));
const RULES = '规则包 "示例" 版本 "1"\n规则 大额 { 编号 "X1" 名称 "大额" 针对 明细 当 金额 > 10 元 性质 可疑 违规金额 金额 - 10 元 说明 "{项目名称}单笔{金额}" }\n';

const encoded = (text, encoding) => execFileSync("iconv", ["-f", "UTF-8", "-t", encoding], { input: text });
const hollow = (bytes, from, length) => Buffer.concat([bytes.subarray(0, from), Buffer.alloc(length), bytes.subarray(from + length)]);

/** Name, bytes, and what has to be said of it in Chinese and in English. */
function broken() {
  const workbook = readFileSync(join(SAMPLES, "item.xlsx"));
  const parquet = readFileSync(join(SAMPLES, "item.parquet"));
  const half = workbook.subarray(0, workbook.length / 2);
  const cutParquet = parquet.subarray(0, parquet.length - 20);
  const count = (bytes) => bytes.length.toLocaleString("en-US");
  return [
    ["visit.csv", "", /空文件.*请重新导出/, /is empty.*Export it again/],
    ["settlement.xlsx", half, new RegExp(`没有结尾，只到第 ${count(half)} 个字节.*请重新复制`), /has no end.*copy it again/],
    ["trace.parquet", cutParquet, new RegExp(`没有结尾，只到第 ${count(cutParquet)} 个字节.*请重新复制`), /has no end.*copy it again/],
    ["refund.parquet", hollow(parquet, 100, 200), /损坏.*请重新复制或重新导出/, /damaged.*copy it again/i],
    ["enrolment.xlsx", hollow(workbook, 400, 300), /中间有损坏；请重新复制或重新导出/, /damaged inside; copy it again/],
    ["diagnosis.xlsx", "<html><table><tr><td>1</td></tr></table></html>", /改了扩展名的网页或文本；.*另存为 \.xlsx/, /under another name; .*save it as \.xlsx/],
    ["registration.xlsx", Buffer.from("D0CF11E0A1B11AE1", "hex"), /旧版 Excel.*密码.*另存为 \.xlsx/, /old Excel.*password.*save it as \.xlsx/],
    ["person.xls", Buffer.from("D0CF11E0A1B11AE1", "hex"), /另存为 \.xlsx/, /save it as \.xlsx/],
    ["practitioner.csv", encoded("编码,姓名\nD1,甲\n", "UTF-16"), /UTF-16.*另存为 UTF-8/, /UTF-16.*save it as UTF-8/],
    ["operation.csv", "甲,乙\n1,2\n", /没有主键列.*现有列：甲, 乙/, /no column for the key.*甲, 乙/],
    ["无名.csv", "a,b\n1,2\n", /请以记录种类命名.*映射/, /name it for one.*mapping/],
  ];
}

test("every broken file is named with what is wrong and what would mend it; a text in GB18030 is read", async (t) => {
  const written = writer();
  const cases = broken();
  const item = encoded("明细号,就诊,项目名称,金额,使用时间\nL1,V1,氨溴索㐂,25.50,2024-03-01\n", "GB18030");
  const { page } = await launch(t);
  await page.goto(FROM_DISK);
  await drop(page, [...cases.map(([name, bytes]) => written(name, bytes)), written("明细.csv", item)]);
  const rows = () => page.locator("#files tbody tr").evaluateAll((all) => Object.fromEntries(all.map((row) => [row.cells[0].textContent, [...row.cells].slice(1, 6).map((cell) => cell.textContent)])));
  const chinese = await rows();
  for (const [name, , says] of cases) assert.match(chinese[name][4], says, name);
  assert.deepEqual(chinese["明细.csv"], ["明细", "1", "1", "0", "无"]);
  await page.getByRole("button", { name: "English" }).click();
  const english = await rows();
  for (const [name, , , says] of cases) {
    assert.match(english[name][4], says, name);
    assert.ok(!/[。；]/.test(english[name][4]), `${name} is said in English: ${english[name][4]}`);
  }
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("radio", { name: "我的规则" }).check();
  await page.setInputFiles("#own-rules", written("own.jihe", RULES));
  await page.locator(".progress").waitFor({ state: "detached", timeout: 60_000 });
  await run(page);
  assert.equal(await page.textContent("#total-amount"), "15.50 元");
  await page.click("#tab-list");
  await page.locator("#row-0 .cell-message", { hasText: "氨溴索㐂单笔25.50元" }).waitFor();
});

test("a file that goes away between the drop and the reading is said so", async (t) => {
  const path = writer()("item.csv", "item_id,visit,amount,used_time\nL1,V1,25,2024-03-01\n");
  const { page } = await launch(t);
  await page.goto(FROM_DISK);
  await drop(page, [path]);
  writeFileSync(path, "item_id,visit,amount,used_time\nL1,V1,25,2024-03-01\nL2,V1,26,2024-03-01\n");
  await page.locator(".options summary").click();
  await page.selectOption("#layout", "feijian2024");
  await page.locator("#files td.problem", { hasText: "浏览器读不到它" }).waitFor({ timeout: 60_000 });
});
