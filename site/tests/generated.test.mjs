// What is generated is current, and the amounts and the table of findings do what they say.
//
// In: the scripts and sources of the site. Out: their results on small inputs. Invariant: no browser is needed here.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { createServer } from "vite";
import { files, kinds, keywords } from "../scripts/generate.mjs";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
let vite;
before(async () => {
  vite = await createServer({ configFile: false, root: at("."), logLevel: "error", server: { middlewareMode: true, hmr: false, watch: null }, optimizeDeps: { noDiscovery: true } });
});
after(() => vite?.close());
const source = (path) => vite.ssrLoadModule(`/src/${path}`);

test("the generated tables are those of the Rust sources", () => {
  for (const [path, text] of Object.entries(files())) {
    assert.equal(readFileSync(at(path), "utf8"), text, `${path} is out of date; run \`npm run generate\``);
  }
});

test("every word of the grammar's reserved list is a keyword of the editor", () => {
  const grammar = readFileSync(at("../grammar/jihe.pest"), "utf8");
  const list = /reserved_chinese = _\{([\s\S]*?)\n\}/.exec(grammar)[1];
  const known = new Set(keywords().map((word) => word.zh));
  const words = [...list.matchAll(/"([^"]+)"/g)].map(([, word]) => word);
  assert.ok(words.length > 40);
  assert.deepEqual(words.filter((word) => !known.has(word)), []);
});

test("clocks and intervals name fields that exist", () => {
  for (const kind of kinds()) {
    const fields = new Set(kind.fields.map((field) => field.en));
    assert.deepEqual([...kind.key, ...kind.clock, ...kind.interval].filter((name) => !fields.has(name)), [], kind.en);
  }
});

test("amounts are read exactly and shown HALF_UP with separators", async () => {
  const { parseAmount, shownAmount } = await source("worker/money.ts");
  const cases = { "0.0000": "0.00", "4.0050": "4.01", "4.0049": "4.00", "-4.0050": "-4.01", "-0.0010": "0.00", "1234567.8900": "1,234,567.89", "90071992547409.9300": "90,071,992,547,409.93" };
  for (const [text, shown] of Object.entries(cases)) assert.equal(shownAmount(parseAmount(text)), shown);
  for (const text of ["", null, "1e3", "1.23456", "x"]) assert.equal(parseAmount(text), null);
});

test("a charge is counted once, and what is not known is not 0", async () => {
  const { Purse, shownAmount } = await source("worker/money.ts");
  const finding = (amount, lines, nature = "suspicious") => ({ nature, amount, offending: Object.entries(lines).map(([key, value]) => ({ kind: "item", key, amount: value })) });
  const purse = new Purse();
  purse.add(finding(null, {}));
  assert.equal(purse.total, null);
  purse.add(finding("30.0000", { a: "10.0000", b: "20.0000" }));
  purse.add(finding("15.0000", { a: "15.0000" }));
  purse.add(finding("7.0000", {}));
  purse.add(finding("99.0000", { a: "99.0000" }, "data_quality"));
  assert.equal(shownAmount(purse.total), "42.00");
});

test("run.toml gives the dates it carries", async () => {
  const { runOptionsOf } = await source("validator/run-file.ts");
  assert.deepEqual(runOptionsOf('coverage = ["2022-07-01", "2024-12-31"]\nas_of = "2025-01-31"\n'), { asOf: "2025-01-31", coverage: ["2022-07-01", "2024-12-31"] });
  assert.deepEqual(runOptionsOf("persons = 3\n"), { asOf: null, coverage: null });
});
