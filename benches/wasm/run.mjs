// Sizes, start-up and checks of every engine, in Node and in Chromium, printed as JSON lines.
//
// In: target/npm, node_modules. Out: one JSON object a line; exit 1 if the engines do not agree on what fires.
// Invariant: nothing is timed before its answers are seen to be those of the others.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { ENGINES } from "./engines.mjs";
import { measureEngine, measureSession } from "./measure.mjs";
import { claim, history, jihePersonRules, lines } from "./workload.mjs";

/** What to measure: `sizes`, `lines`, `sessions`; by default all. */
const wanted = process.argv.slice(2);
const wants = (what) => wanted.length === 0 || wanted.includes(what);

const here = fileURLToPath(new URL(".", import.meta.url));
const at = (path) => join(here, "node_modules", path);

/** Entry module and wasm of each engine, and what a page must load of it. */
const FILES = {
  jihe: { module: "jihe/index.mjs", wasm: "jihe/native/jihe_native_bg.wasm",
    scripts: ["index", "core", "errors", "input"].map((name) => `jihe/${name}.mjs`).concat("jihe/native/jihe_native.js") },
  cedar: { module: "@cedar-policy/cedar-wasm/web/cedar_wasm.js", wasm: "@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm",
    scripts: ["@cedar-policy/cedar-wasm/web/cedar_wasm.js"] },
  zen: { module: "@gorules/zen-engine-wasm/index.js", wasm: "@gorules/zen-engine-wasm/dist/zen_engine_wasm_bg.wasm",
    scripts: ["@gorules/zen-engine-wasm/dist/zen_engine_wasm.js"] },
  cel: { module: "@marcbachmann/cel-js/lib/index.js",
    scripts: readdirSync(at("@marcbachmann/cel-js/lib")).filter((name) => name.endsWith(".js")).map((name) => `@marcbachmann/cel-js/lib/${name}`) },
  "json-logic": { module: "json-logic-engine/dist/esm/index.js", scripts: ["json-logic-engine/dist/esm/index.js"] },
};

const gzip = (paths) => gzipSync(Buffer.concat(paths.map((path) => readFileSync(at(path)))), { level: 9 }).length;
const say = (line) => console.log(JSON.stringify(line));

function sizes() {
  for (const [engine, { wasm, scripts }] of Object.entries(FILES)) {
    say({ what: "size", engine, wasm_gzip: wasm ? gzip([wasm]) : 0, js_gzip: gzip(scripts) });
  }
  say({ what: "size", engine: "jihe/files", wasm_gzip: gzip(["jihe/native/jihe_files_bg.wasm"]), js_gzip: gzip(["jihe/native/jihe_files.js", "jihe/auditor.mjs"]) });
}

const node = {
  module: (engine) => import(at(FILES[engine].module)),
  bytes: (engine) => readFileSync(at(FILES[engine].wasm)),
};

function agree(place, seen) {
  for (const [engine, { first }] of Object.entries(seen)) {
    assert.deepEqual(first, seen.jihe.first, `${engine} and jihe differ in ${place}`);
    assert.ok(first.length > 0);
  }
  for (const [engine, { first, ...times }] of Object.entries(seen)) say({ what: "lines", place, engine, hits: first.length, ...times });
}

/** 100 rules by person, and the shipped rulebook, over 20 lines with 500 of history. */
function sessions() {
  const folder = fileURLToPath(new URL("../../crates/jihe-rulebook/", import.meta.url));
  const texts = (name, end) => Object.fromEntries(readdirSync(join(folder, name)).filter((file) => file.endsWith(end)).sort()
    .map((file) => [file, readFileSync(join(folder, name, file), "utf8")]));
  const person = { history: history(), claim: claim() };
  return [
    ["100 rules", jihePersonRules(), {}, person],
    ["shipped rulebook", texts("rules", ".jihe"), { tables: texts("tables", ".csv") }, person],
  ];
}

async function inNode() {
  if (wants("lines")) {
    const seen = {};
    for (const [engine, make] of Object.entries(ENGINES)) seen[engine] = await measureEngine(make, node, lines());
    agree("node", seen);
  }
  const jihe = await import(at("jihe/index.mjs"));
  await jihe.default(node.bytes("jihe"));
  for (const [rules, ...one] of wants("sessions") ? sessions() : []) {
    say({ what: "session", place: "node", rules, ...(await measureSession(jihe, ...one)) });
  }
}

const TYPES = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Isolated from other origins, a page's clock is as fine as it gets: 5 µs. */
function answer(request, response) {
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const path = decodeURIComponent(request.url.slice(1));
  if (path === "") {
    response.writeHead(200, { ...headers, "content-type": "text/html" }).end("<!doctype html><title>bench</title>");
    return;
  }
  try {
    const body = readFileSync(join(here, path));
    response.writeHead(200, { ...headers, "content-type": TYPES[extname(path)] ?? "text/plain" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function inChromium() {
  const server = createServer(answer);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const executablePath = process.env.JIHE_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  const open = async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return page;
  };
  const paths = Object.fromEntries(Object.entries(FILES).map(([engine, { module, wasm }]) => [engine, { module, wasm }]));
  const seen = {};
  for (const engine of wants("lines") ? Object.keys(ENGINES) : []) {
    const page = await open();
    seen[engine] = await page.evaluate(async ([engine, paths]) => {
      const [{ ENGINES }, { measureEngine }, { lines }] = await Promise.all(["engines", "measure", "workload"].map((name) => import(`/${name}.mjs`)));
      const url = (path) => `/node_modules/${path}`;
      const tools = {
        module: (name) => import(url(paths[name].module)),
        bytes: async (name) => new Uint8Array(await (await fetch(url(paths[name].wasm))).arrayBuffer()),
      };
      return measureEngine(ENGINES[engine], tools, lines());
    }, [engine, paths]);
    await page.close();
  }
  if (wants("lines")) agree("chromium", seen);
  for (const [rules, ...one] of wants("sessions") ? sessions() : []) {
    const page = await open();
    const found = await page.evaluate(async (one) => {
      const [jihe, { measureSession }] = await Promise.all([import("/node_modules/jihe/index.mjs"), import("/measure.mjs")]);
      await jihe.default();
      return measureSession(jihe, ...one);
    }, one);
    say({ what: "session", place: "chromium", rules, ...found });
    await page.close();
  }
  say({ what: "version", chromium: browser.version(), node: process.version });
  await browser.close();
  server.close();
}

if (wants("sizes")) sizes();
await inNode();
await inChromium();
