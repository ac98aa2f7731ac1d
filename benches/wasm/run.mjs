// Sizes, start-up and checks of every engine, in Node and in Chromium: printed, kept, and written into README.md.
//
// In: target/npm, node_modules; words `sizes`, `lines`, `sessions` for a part, which is only printed. Out: one JSON object a
// line; of a whole run results.json and the tables of README.md; exit 1 if the answers differ.
// Invariant: nothing is reported before its answers are seen to be those of the others.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { openChromium } from "./chromium.mjs";
import { ENGINES } from "./engines.mjs";
import { measureEngine, measureSession } from "./measure.mjs";
import { tables } from "./tables.mjs";
import { claim, history, jihePersonRules, lines } from "./workload.mjs";

const wanted = process.argv.slice(2);
const wants = (what) => wanted.length === 0 || wanted.includes(what);
const CLAIMS = 10;

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

const version = (name) => JSON.parse(readFileSync(at(`${name}/package.json`), "utf8")).version;
const VERSIONS = {
  jihe: version("jihe"), cedar: version("@cedar-policy/cedar-wasm"), zen: version("@gorules/zen-engine-wasm"),
  cel: version("@marcbachmann/cel-js"), "json-logic": version("json-logic-engine"),
};

const gzip = (paths) => gzipSync(Buffer.concat(paths.map((path) => readFileSync(at(path)))), { level: 9 }).length;

const kept = [];
function say(line) {
  kept.push(line);
  console.log(JSON.stringify(line));
}

function sizes() {
  for (const [engine, { wasm, scripts }] of Object.entries(FILES)) {
    say({ what: "size", engine, version: VERSIONS[engine], wasm_gzip: wasm ? gzip([wasm]) : 0, js_gzip: gzip(scripts) });
  }
  say({ what: "size", engine: "jihe/files", version: VERSIONS.jihe, wasm_gzip: gzip(["jihe/native/jihe_files_bg.wasm"]), js_gzip: gzip(["jihe/native/jihe_files.js", "jihe/auditor.mjs"]) });
}

const node = {
  module: (engine) => import(at(FILES[engine].module)),
  bytes: (engine) => readFileSync(at(FILES[engine].wasm)),
};

function agree(place, seen) {
  const hits = seen.jihe.found.flat().length;
  assert.ok(hits > 0, "something fires");
  for (const [engine, { found }] of Object.entries(seen)) assert.deepEqual(found, seen.jihe.found, `${engine} and jihe differ in ${place}`);
  for (const [engine, { found, ...times }] of Object.entries(seen)) say({ what: "lines", place, engine, hits, ...times });
}

const claims = Array.from({ length: CLAIMS }, (_, person) => lines(person));

/** 100 rules by person, and the shipped rulebook, over 20 lines with 500 of history. */
function sessions() {
  const folder = fileURLToPath(new URL("../../crates/jihe-rulebook/", import.meta.url));
  const texts = (name, end) => Object.fromEntries(readdirSync(join(folder, name)).filter((file) => file.endsWith(end)).sort()
    .map((file) => [file, readFileSync(join(folder, name, file), "utf8")]));
  const persons = Array.from({ length: CLAIMS }, (_, person) => ({ history: history(person), claim: claim(person) }));
  return [
    ["100 rules", jihePersonRules(), {}, persons],
    ["shipped rulebook", texts("rules", ".jihe"), { tables: texts("tables", ".csv") }, persons],
  ];
}

function saySession(place, rules, { found, ...times }) {
  for (const { live, whole } of found) assert.deepEqual(live, whole, `a session and an audit differ in ${place}, ${rules}`);
  say({ what: "session", place, rules, findings: found.flatMap(({ live }) => live).length, ...times });
}

async function inNode() {
  if (wants("lines")) {
    const seen = {};
    for (const [engine, make] of Object.entries(ENGINES)) seen[engine] = await measureEngine(make, node, claims);
    agree("node", seen);
  }
  const jihe = await import(at("jihe/index.mjs"));
  await jihe.default(node.bytes("jihe"));
  for (const [rules, ...one] of wants("sessions") ? sessions() : []) saySession("node", rules, await measureSession(jihe, ...one));
}

async function inChromium() {
  const chromium = await openChromium(here);
  const paths = Object.fromEntries(Object.entries(FILES).map(([engine, { module, wasm }]) => [engine, { module, wasm }]));
  const seen = {};
  for (const engine of wants("lines") ? Object.keys(ENGINES) : []) {
    seen[engine] = await chromium.inPage(async ([engine, paths, claims]) => {
      const [{ ENGINES }, { measureEngine }] = await Promise.all(["engines", "measure"].map((name) => import(`/${name}.mjs`)));
      const url = (path) => `/node_modules/${path}`;
      const tools = {
        module: (name) => import(url(paths[name].module)),
        bytes: async (name) => new Uint8Array(await (await fetch(url(paths[name].wasm))).arrayBuffer()),
      };
      return measureEngine(ENGINES[engine], tools, claims);
    }, [engine, paths, claims]);
  }
  if (wants("lines")) agree("chromium", seen);
  for (const [rules, ...one] of wants("sessions") ? sessions() : []) {
    saySession("chromium", rules, await chromium.inPage(async (one) => {
      const [jihe, { measureSession }] = await Promise.all([import("/node_modules/jihe/index.mjs"), import("/measure.mjs")]);
      await jihe.default();
      return measureSession(jihe, ...one);
    }, one));
  }
  await chromium.close();
  return chromium.version;
}

const load = loadavg()[0];
if (wants("sizes")) sizes();
await inNode();
const browser = await inChromium();
say({ what: "machine", day: new Date().toISOString().slice(0, 10), cpu: cpus()[0].model, cores: cpus().length, load_before: Math.round(load * 10) / 10, node: process.version, chromium: browser });
if (wanted.length === 0) {
  writeFileSync(join(here, "results.json"), `${JSON.stringify(kept, null, 1)}\n`);
  const readme = readFileSync(join(here, "README.md"), "utf8");
  const written = readme.replace(/(<!-- tables begin -->\n)[^]*(<!-- tables end -->)/, (_, begin, end) => `${begin}${tables(kept)}${end}`);
  writeFileSync(join(here, "README.md"), written);
}
