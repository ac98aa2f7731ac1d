// The page without a mouse.
//
// In: a page, what to reach. Out: the focus there, a key pressed. Invariant: nothing is clicked and no key is pressed twice for luck.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { FROM_DISK, launch } from "./site.mjs";

/** The built page, opened from disk. */
export async function opened(test, address = FROM_DISK) {
  const { page } = await launch(test);
  // Playwright answers file dialogues only while somebody listens, and begins to only some time after it was asked:
  // a key pressed at once would open a dialogue it never sees. So somebody listens from before the page is there.
  page.on("filechooser", () => undefined);
  await page.goto(address);
  return page;
}

const isAt = (page, selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

/** Presses Tab (or Shift+Tab) until the focus is on what the selector names. */
export async function tabTo(page, selector, key = "Tab", most = 90) {
  for (let pressed = 0; pressed < most; pressed += 1) {
    if (await isAt(page, selector)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`${most} times ${key} did not reach ${selector}`);
}

export async function press(page, selector, key = "Enter", way = "Tab") {
  await tabTo(page, selector, way);
  await page.keyboard.press(key);
}

/** Opens a file dialogue by key and answers it. */
export async function choose(page, selector, files, way = "Tab") {
  await tabTo(page, selector, way);
  const dialogue = page.waitForEvent("filechooser", { timeout: 10_000 });
  await page.keyboard.press("Enter");
  await (await dialogue).setFiles(files);
}

/** Downloads by key. */
export async function saved(page, selector, way = "Tab") {
  await tabTo(page, selector, way);
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: 120_000 }), page.keyboard.press("Enter")]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

export const idle = (page) => page.locator(".progress").waitFor({ state: "detached", timeout: 120_000 });

/** Chooses files by key and waits until every one has been read. */
export async function given(page, files, button = "button.primary") {
  await choose(page, button, files);
  await page.locator("#files-total").waitFor();
  await idle(page);
}

/** Starts a run and breaks it off, both by key. */
export async function brokenOff(page) {
  await press(page, "#run");
  await page.locator("#cancel").waitFor();
  await press(page, "#cancel");
  await page.locator(".note", { hasText: "已取消" }).waitFor();
}
