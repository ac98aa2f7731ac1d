// The cases every language must answer alike: `tests/golden/<case>/`.
//
// In: the folder. Out: each case as plain data. Invariant: an empty corpus is an error, never a green run.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CORPUS = fileURLToPath(new URL("../../../tests/golden/", import.meta.url));

export function cases() {
  const names = existsSync(CORPUS) ? readdirSync(CORPUS).sort() : [];
  const found = names.filter((name) => existsSync(join(CORPUS, name, "rules.jihe"))).map(readCase);
  assert.ok(found.length > 0, `no case in ${CORPUS}`);
  console.log(`${found.length} golden cases`);
  return found;
}

function readCase(name) {
  const text = (file) => readFileSync(join(CORPUS, name, file), "utf8");
  const csv = readdirSync(join(CORPUS, name)).filter((file) => file.endsWith(".csv"));
  const options = existsSync(join(CORPUS, name, "options.json")) ? JSON.parse(text("options.json")) : {};
  return {
    name,
    rules: { "rules.jihe": text("rules.jihe") },
    tables: Object.fromEntries(csv.map((file) => [file, text(file)])),
    params: options.params ?? null,
    options: { asOf: options.as_of, coverage: options.coverage },
    claims: text("claims.json"),
    expected: JSON.parse(text("findings.json")),
  };
}
