// The pictures of the README and of docs/site.md.
//
// In: the built site and a city. Out: target/site-images/*.png; with UPDATE=1 also docs/images. (Chinese needs a font: fonts-wqy-microhei.)
// Invariant: a picture the documents show is one this test makes, of the same size.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { city, drop, FROM_DISK, launch, run, SITE } from "./site.mjs";

const IMAGES = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const SIZE = { width: 1366, height: 768 };

/** Width and height of a PNG, from its header. */
function sizeOf(path) {
  const header = readFileSync(path).subarray(0, 24);
  assert.equal(header.toString("latin1", 1, 4), "PNG");
  return { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
}

test("the pictures show what the pages are", { timeout: 180_000 }, async (t) => {
  const folder = join(SITE, "../site-images");
  mkdirSync(folder, { recursive: true });
  const data = city(400, 11);
  const { page } = await launch(t, { viewport: SIZE });
  const take = async (name) => {
    const path = join(folder, name);
    await page.waitForTimeout(300);
    await page.screenshot({ path });
    if (process.env.UPDATE) {
      mkdirSync(IMAGES, { recursive: true });
      copyFileSync(path, join(IMAGES, name));
    }
    assert.deepEqual(sizeOf(path), SIZE);
    assert.deepEqual(sizeOf(join(IMAGES, name)), SIZE, `docs/images/${name}: run with UPDATE=1`);
  };
  await page.goto(FROM_DISK);
  await drop(page, data.files);
  await run(page);
  await page.locator(".chart-person tbody tr").first().waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await take("site-overview.png");
  await page.click("#tab-list");
  await page.selectOption("#filter-rule", "C1");
  await page.locator("#row-4 .badge").first().waitFor();
  await page.locator("#row-4").click();
  await page.locator(".timeline svg").waitFor();
  await take("site-finding.png");
  await page.goto(`${FROM_DISK}#bench`);
  await page.reload();
  await page.locator("#bench-findings").waitFor({ timeout: 60_000 });
  await take("site-workbench.png");
});
