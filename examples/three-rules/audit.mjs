// The three rules from JavaScript: `npm install jihe`, then `node audit.mjs`.

import { readFileSync } from "node:fs";
import { compile } from "jihe";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const names = ["适应症.csv", "组套.csv", "套餐价.csv"];
const tables = Object.fromEntries(names.map((name) => [name, read(name)]));

const ruleset = compile({ "rules.jihe": read("rules.jihe") }, { tables });
const report = ruleset.audit(read("claims.json"), { coverage: ["2024-01-01", "2024-12-31"] });
for (const finding of report.findings) {
  console.log(finding.rule_id, finding.subject_key, finding.amount, finding.message);
}
