// A file of 200,000 lines: reading, running and scrolling never hold the page for longer than 200 ms.
//
// In: the built site, a file made here. Out: the longest task of the main thread, by the browser's own Long Tasks API.
// Invariant: the same observer is shown to see a task that is too long, so silence means something.

import assert from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { before, test } from "node:test";
import { drop, launch, number, scratch, serve, until } from "./site.mjs";

const LINES = 200_000;
const LONGEST = 200;
const RULES = `规则包 "大文件" 版本 "1"
规则 每条 { 编号 "X1" 名称 "每条费用" 针对 明细 当 金额 > 0 元 性质 可疑 违规金额 金额 说明 "{项目名称}{金额}" }
`;

let folder;
before(async () => {
  folder = scratch();
  const items = createWriteStream(join(folder, "item.csv"));
  const visits = createWriteStream(join(folder, "visit.csv"));
  const rules = createWriteStream(join(folder, "rules.jihe"));
  items.write("item_id,visit,item_code,item_name,quantity,unit_price,amount,used_time,ordering_department,ordering_practitioner\n");
  visits.write("visit_id,person,institution,visit_type,time,department\n");
  for (let at = 0; at < LINES; at += 1) {
    const [visit, day] = [Math.floor(at / 20), 1 + (at % 28)];
    if (at % 20 === 0) visits.write(`V${visit},P${visit % 4000},H1,11,2024-03-01 08:00:00,内科${visit % 9}\n`);
    const cents = 100 + ((at * 7919) % 90_000);
    const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
    items.write(`F${at},V${visit},C${at % 300},项目${at % 300},1,${amount},${amount},2024-03-${String(day).padStart(2, "0")} 09:00:00,内科${at % 9},D${at % 50}\n`);
  }
  rules.end(RULES);
  items.end();
  visits.end();
  await Promise.all([items, visits, rules].map((stream) => finished(stream)));
});

/** Puts every task of more than 50 ms into `longTasks`, with its length. */
function observe() {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map((entry) => Math.round(entry.duration))))
    .observe({ type: "longtask", buffered: true });
}

async function longest(page, during) {
  await page.waitForTimeout(300);
  const tasks = await page.evaluate(() => globalThis.longTasks.splice(0));
  const most = Math.max(0, ...tasks);
  console.log(`${during}: ${tasks.length} tasks above 50 ms, the longest ${most} ms`);
  return most;
}

async function scrollThrough(page) {
  const grid = await page.locator("#grid").boundingBox();
  await page.mouse.move(grid.x + 200, grid.y + 200);
  for (let turned = 0; turned < 60; turned += 1) await page.mouse.wheel(0, 900);
  for (const part of [0.25, 0.5, 0.9]) {
    await page.evaluate((to) => {
      const grid = document.getElementById("grid");
      grid.scrollTop = grid.scrollHeight * to;
    }, part);
    await page.waitForTimeout(150);
  }
  await page.focus("#grid");
  await page.keyboard.press("End");
  await page.locator(`#row-${LINES - 1} .cell-message`, { hasText: "项目" }).waitFor();
  await page.keyboard.press("Home");
  await page.locator("#row-0 .cell-message", { hasText: "项目" }).waitFor();
}

/** The whole way through the page; the longest task of each part of it. */
async function wayThrough(t, address) {
  const { page } = await launch(t);
  await page.addInitScript(observe);
  await page.goto(address);
  const seen = {};
  await drop(page, [join(folder, "item.csv"), join(folder, "visit.csv")]);
  seen.reading = await longest(page, "reading");
  assert.match(await page.textContent("#files-total"), /读入 210,000 行，未读入 0 行/);
  await page.getByRole("radio", { name: "我的规则" }).check();
  await page.setInputFiles("#own-rules", join(folder, "rules.jihe"));
  await page.locator("#rule-count", { hasText: "1 条规则" }).waitFor({ timeout: 60_000 });
  await page.locator(".progress").waitFor({ state: "detached", timeout: 60_000 });
  await page.click("#run");
  await page.locator("#total-findings").waitFor({ timeout: 120_000 });
  assert.equal(number(await page.textContent("#total-findings")), LINES);
  seen.running = await longest(page, "running");
  await page.click("#tab-list");
  await page.locator("#row-0 .cell-message", { hasText: "项目" }).waitFor({ timeout: 30_000 });
  await scrollThrough(page);
  seen.scrolling = await longest(page, "scrolling");
  await page.getByRole("columnheader", { name: "金额" }).getByRole("button").click();
  await page.locator("#row-0 .cell-amount", { hasText: "900.99" }).waitFor({ timeout: 30_000 });
  await page.fill("#search", "内科3");
  await page.locator("#shown", { hasText: "22,222 条" }).waitFor({ timeout: 30_000 });
  seen.filtering = await longest(page, "sorting and filtering");
  await page.evaluate((most) => setTimeout(() => {
    const end = performance.now() + most;
    while (performance.now() < end) { /* hold the page, so that the observer has something to see */ }
  }), LONGEST + 50);
  await until(page, (most) => globalThis.longTasks.some((task) => task > most), LONGEST);
  return seen;
}

test(`${LINES} lines, as many findings, no task above ${LONGEST} ms`, { timeout: 400_000 }, async (t) => {
  const server = await serve();
  t.after(() => server.close());
  const ways = [];
  const tooLong = () => Object.keys(ways[0]).filter((part) => ways.every((seen) => seen[part] > LONGEST));
  // A task of the page's own is long every time; one that another program held up is not.
  do ways.push(await wayThrough(t, server.address)); while (tooLong().length > 0 && ways.length < 3);
  assert.deepEqual(tooLong(), [], JSON.stringify(ways));
});
