// The sums by rule, department, practitioner, person and month: each name, each count, each amount.
//
// In: a dozen lines written here and their sums worked out by hand; a city and what the command line finds in it.
// Out: what the charts show. Invariant: none of the expected figures comes from the site's own code.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { audited, city, csvRecords, csvRows, drop, FROM_DISK, launch, number, run, writer } from "./site.mjs";

// X1 holds the part of a line above 100 yuan against it, X2 the part above 300 yuan: a line of 500 costs 400 once, not 600.
const RULES = `规则包 "示例" 版本 "1"
规则 大额 { 编号 "X1" 名称 "大额" 针对 明细 当 金额 > 100 元 性质 可疑 违规金额 金额 - 100 元 说明 "单笔{金额}" }
规则 巨额 { 编号 "X2" 名称 "巨额" 针对 明细 当 金额 > 300 元 性质 可疑 违规金额 金额 - 300 元 说明 "单笔{金额}" }
`;
const VISITS = "visit_id,person,time,department\nV1,P1,2024-03-01,内科\nV2,P2,2024-04-01,外科\nV3,P3,2024-04-02,\n";
const ITEMS = `item_id,visit,item_name,amount,used_time,ordering_department,ordering_practitioner
L1,V1,甲,500.00,2024-03-01,内科,D1
L2,V1,乙,150.25,2024-03-02,内科,D2
L3,V1,丙,100.00,2024-03-02,内科,D2
L4,V2,丁,400.10,2024-04-01,外科,D1
L5,V2,戊,101.00,2024-04-01,,D3
L6,V3,己,200.00,2024-04-02,,
`;
/** By hand: L1 400 (X1 400, X2 200), L2 50.25, L4 300.10 (X1 300.10, X2 100.10), L5 1, L6 100. L3 is not above 100. */
const BY_HAND = {
  rule: [["X1 大额", 5, "851.35"], ["X2 巨额", 2, "300.10"]],
  department: [["内科", 3, "450.25"], ["外科", 3, "301.10"]],
  practitioner: [["D1 医师一", 4, "700.10"], ["D2", 1, "50.25"], ["D3", 1, "1.00"]],
  person: [["P1 张某", 3, "450.25"], ["P2", 3, "301.10"], ["P3", 1, "100.00"]],
};

const chart = (page, dimension) => page.locator(`.chart-${dimension} tbody tr`)
  .evaluateAll((rows) => rows.map(({ cells }) => [cells[0].textContent, Number(cells[2].textContent.replaceAll(",", "")), cells[3].textContent]));

test("the sums of a dozen lines are those worked out by hand", async (t) => {
  const written = writer();
  const { page } = await launch(t);
  await page.goto(FROM_DISK);
  await drop(page, [written("visit.csv", VISITS), written("item.csv", ITEMS), written("person.csv", "person_id,name\nP1,张某\n"),
    written("practitioner.csv", "practitioner_id,name\nD1,医师一\n")]);
  await page.getByRole("radio", { name: "我的规则" }).check();
  await page.setInputFiles("#own-rules", written("own.jihe", RULES));
  await page.locator(".progress").waitFor({ state: "detached", timeout: 60_000 });
  await run(page);
  assert.equal(await page.textContent("#total-findings"), "7");
  assert.equal(await page.textContent("#total-amount"), "851.35 元");
  for (const [dimension, expected] of Object.entries(BY_HAND)) {
    await page.locator(`.chart-${dimension} tbody tr`).first().waitFor();
    assert.deepEqual(await chart(page, dimension), expected, dimension);
  }
  const months = await page.locator(".month").evaluateAll((all) => all.map((one) => one.title));
  assert.deepEqual(months, ["2024-03：疑点 3 条，450.25 元", "2024-04：疑点 4 条，401.10 元"]);
  await page.locator(".chart-department button", { hasText: "外科" }).click();
  await page.locator("#shown", { hasText: "3 条，301.10 元" }).waitFor();
});

/** The department as docs/site.md says: of the offending lines where they agree, else of the visit, else of the involved records. */
function departmentsOf(folder) {
  const table = (name, key, field) => Object.fromEntries(csvRecords(readFileSync(join(folder, `${name}.csv`), "utf8")).map((row) => [row[key], row[field]]));
  const of = { item: table("item", "item_id", "ordering_department"), visit: table("visit", "visit_id", "department"), diagnosis: {} };
  const agreed = (lines) => {
    const named = new Set(lines.filter(({ kind }) => kind in of).map(({ kind, key }) => of[kind][key] ?? ""));
    return named.size === 1 ? [...named][0] : "";
  };
  return (finding) => agreed(JSON.parse(finding.offending)) || of.visit[finding.visit] || agreed(JSON.parse(finding.involved));
}

const field = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Gives every visit one of seven departments, its lines the same, but one line in eleven another. (The city has two.) */
function spread(folder) {
  const rewrite = (name, column, departmentOf) => {
    const path = join(folder, name);
    const [head, ...rows] = csvRows(readFileSync(path, "utf8"));
    for (const row of rows) row[head.indexOf(column)] = departmentOf(row[head.indexOf("visit_id")] ?? row[head.indexOf("visit")], row[0]);
    writeFileSync(path, `${[head, ...rows].map((row) => row.map(field).join(",")).join("\n")}\n`);
  };
  const ward = (visit) => `科室${Number(visit.slice(1)) % 7}`;
  rewrite("visit.csv", "department", ward);
  rewrite("item.csv", "ordering_department", (visit, item) => (Number(item.slice(-3)) % 11 === 0 ? "检验科" : ward(visit)));
}

test("the counts of a city are those of the command line's findings", async (t) => {
  const data = city(60, 7);
  spread(data.folder);
  const { findings } = audited(data.folder);
  const department = departmentsOf(data.folder);
  const { page } = await launch(t);
  await page.goto(FROM_DISK);
  await drop(page, data.files);
  await run(page);
  const counted = (keyOf) => {
    const counts = new Map();
    for (const finding of findings) if (keyOf(finding)) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
    return [...counts].sort(([left, one], [right, other]) => other - one || (left < right ? -1 : 1)).slice(0, 12);
  };
  const ways = { department, practitioner: (finding) => finding.practitioner, person: (finding) => finding.person };
  for (const [dimension, keyOf] of Object.entries(ways)) {
    await page.locator(`.chart-${dimension} tbody tr`).first().waitFor();
    const shown = (await chart(page, dimension)).map(([name, count]) => [dimension === "department" ? name : name.split(" ")[0], count]);
    assert.ok(shown.length > 6, dimension);
    assert.deepEqual(shown, counted(keyOf), dimension);
  }
  assert.equal(number(await page.textContent("#total-findings")), findings.length);
});
