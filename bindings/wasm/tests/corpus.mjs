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
  const folder = join(CORPUS, name);
  const text = (file, absent) => existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : absent;
  const texts = (end) =>
    Object.fromEntries(readdirSync(folder).sort().filter((file) => file.endsWith(end)).map((file) => [file, text(file)]));
  const { as_of: asOf, coverage } = JSON.parse(text("options.json", "{}"));
  return {
    name,
    rules: texts(".jihe"),
    tables: texts(".csv"),
    params: text("params/params.jihe", null),
    options: { asOf, coverage },
    claims: text("claims.json"),
    expected: JSON.parse(text("findings.json")),
  };
}

/** What a session gives for a case: the whole of it as one claim, of the rules that one person's records can decide. */
export function bySession(jihe, { rules, tables, params, claims, options }) {
  const ruleset = jihe.compile(rules, { tables, params });
  const session = ruleset.session("{}", options);
  session.check(claims);
  const findings = session.findings();
  const whole = ruleset.audit(claims, options);
  const person = new Set(whole.coverage.rules.filter((rule) => rule.scope === "person").map((rule) => rule.rule_id));
  session.free();
  ruleset.free();
  return { findings, expected: whole.findings.filter((finding) => person.has(finding.rule_id)) };
}
