// Opens the built site in a real Chromium, and makes the data the tests drop on it.
//
// In: target/site, the `jihe` command. Out: pages, cities of claims, what the command line finds in them.
// Invariant: what a page may show is worked out by the command line, never by the site itself.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const SITE = join(ROOT, "target/site");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

function jihe() {
  const named = process.env.JIHE_BIN ? [process.env.JIHE_BIN] : [];
  const found = [...named, join(ROOT, "target/debug/jihe"), join(ROOT, "target/release/jihe")].find((path) => existsSync(path));
  if (!found) throw new Error("no `jihe` command is built; run `cargo build -p jihe-cli` or set JIHE_BIN");
  return found;
}

const folders = [];
/** A folder that is gone when the tests end. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "jihe-site-"));
  folders.push(folder);
  return folder;
}
/** Writes files into a folder of their own and gives their paths. */
export function writer() {
  const folder = scratch();
  return (name, content) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
}
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Rows of a CSV text, as arrays. */
export function csvRows(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.replace(/^\uFEFF/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "") break;
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || row[0] !== "");
}

/** Rows of a CSV text, as objects. */
export function csvRecords(text) {
  const [head, ...rows] = csvRows(text);
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ""])));
}

/** A synthetic city: its files, what they hold, and what the command line finds there. */
export function city(persons, seed) {
  const folder = join(scratch(), "city");
  execFileSync(jihe(), ["synth", "--persons", String(persons), "--seed", String(seed), "--out", folder]);
  const truth = ["truth.csv", "near_miss.csv", "nature.csv", "data_quality.csv"];
  const names = readdirSync(folder).filter((name) => !truth.includes(name)).sort();
  const rows = Object.fromEntries(names.filter((name) => name.endsWith(".csv"))
    .map((name) => [name, csvRows(readFileSync(join(folder, name), "utf8")).length - 1]));
  return { folder, names, rows, files: names.map((name) => join(folder, name)) };
}

/** What `jihe audit` finds in a folder. */
export function audited(folder, words = []) {
  const out = join(scratch(), "leads");
  execFileSync(jihe(), ["audit", "--data", folder, "--out", out, ...words], { stdio: "ignore" });
  return {
    findings: csvRecords(readFileSync(join(out, "findings.csv"), "utf8")),
    rejects: csvRecords(readFileSync(join(out, "rejects.csv"), "utf8")),
    coverage: JSON.parse(readFileSync(join(out, "coverage.json"), "utf8")),
  };
}

async function answer(request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://site").pathname));
  try {
    const name = path === "/" ? "index.html" : path.slice(1);
    const body = await readFile(join(SITE, name));
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "text/plain" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** A static web server on the loopback address, and every path it was asked for. */
export async function serve() {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    void answer(request, response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { address: `http://127.0.0.1:${server.address().port}/`, asked, close: () => new Promise((done) => server.close(done)) };
}

export const FROM_DISK = pathToFileURL(join(SITE, "index.html")).href;

/** A browser of its own, closed when the test ends: nothing kept from another test, unless a folder for its profile is given. */
export async function launch(test, { profile, ...context } = {}) {
  const options = { executablePath: process.env.JIHE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS };
  const settings = { viewport: { width: 1366, height: 768 }, locale: "zh-CN", colorScheme: "light", ...context };
  const open = async () => {
    if (profile) return chromium.launchPersistentContext(profile, { ...options, ...settings });
    const browser = await chromium.launch(options);
    const made = await browser.newContext(settings);
    made.on("close", () => void browser.close());
    return made;
  };
  const opened = await open();
  test.after(() => opened.close());
  return { page: opened.pages()[0] ?? await opened.newPage(), close: () => opened.close() };
}

/** Errors a page shows to nobody: exceptions, and complaints of the browser. */
export function complaints(page) {
  const found = [];
  page.on("pageerror", (error) => found.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") found.push(message.text());
  });
  return found;
}

/** Chooses files and waits until every one has been read. */
export async function drop(page, files) {
  const first = await page.locator("#choose-files").count();
  await page.setInputFiles(first ? "#choose-files" : "#add-files", files);
  await page.locator("#files-total").waitFor();
  await page.locator(".progress").waitFor({ state: "detached", timeout: 120_000 });
}

/** Runs the rules and waits for the results. */
export async function run(page) {
  await page.click("#run");
  await page.locator("#total-findings").waitFor({ timeout: 120_000 });
}

/** Waits until a function of the page gives true. (Playwright's own waiting needs `eval`, which the page's policy refuses.) */
export async function until(page, holds, argument, milliseconds = 10_000) {
  const end = Date.now() + milliseconds;
  while (!await page.evaluate(holds, argument)) {
    if (Date.now() > end) throw new Error(`still not so after ${milliseconds} ms: ${holds}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Clicks what downloads a file, and gives its bytes and name. */
export async function downloaded(page, selector) {
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: 120_000 }), page.click(selector)]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** `1,234` as a number. */
export const number = (shown) => Number(shown.replaceAll(",", "").replace(/[^\d.-]/g, ""));

/** Four decimals of the contract as people read them. */
export function shown(amount) {
  const ten = BigInt(amount.replace(".", ""));
  const cents = (ten + 50n) / 100n;
  return `${(cents / 100n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",")}.${String(cents % 100n).padStart(2, "0")}`;
}
