// The same claims as CSV, TSV, NDJSON, workbook, Parquet and gzip, read and audited by `jihe/files`.
//
// In: the package's files module, files as base64. Out: what was read and found, as plain data.
// Invariant: `readAll` names nothing outside itself, so that a page can run its text.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("./data/", import.meta.url));

/** Files by name, in base64. */
export function samples() {
  const names = readdirSync(FOLDER).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(FOLDER + name).toString("base64")]));
}

export function readAll({ Auditor, rulebook }, samples) {
  const rules = '规则包 "示例" 版本 "1"\n规则 大额 { 编号 "X1" 针对 明细 当 金额 > 10 元 性质 可疑 说明 "单笔{金额}" }\n';
  const bytes = (name) => Uint8Array.from(atob(samples[name]), (letter) => letter.charCodeAt(0));
  const file = (name) => ({ name, bytes: bytes(name) });
  const thrown = (call) => {
    try {
      call();
      return "nothing thrown";
    } catch (error) {
      return error.name;
    }
  };
  const audited = (item) => {
    const auditor = new Auditor(rules);
    const read = auditor.read([file("visit.csv")]);
    const lines = auditor.read([file(item)]);
    const told = [];
    const summary = auditor.audit({ onProgress: (done, total) => told.push([done, total]) });
    const seen = {
      files: [...read.files, ...lines.files].map(({ file, kind, rows, accepted, rejected, problem }) =>
        ({ file, kind, rows, accepted, rejected, problem })),
      findings: summary.findings,
      keys: auditor.findings(0, 10).map((finding) => [finding.subject_key, finding.message]),
      page: auditor.findings(1, 1).map((finding) => finding.subject_key),
      rejects: auditor.rejects(0, 10).map((one) => [one.line, one.column, one.value]),
      record: auditor.records("item", ["L2", "none"]),
      told,
      late: thrown(() => auditor.read([file(item)])),
      listener: thrown(() => auditor.audit({ onProgress() { throw new EvalError(); } })),
    };
    auditor.free();
    return seen;
  };
  const { files, tables } = rulebook();
  const shipped = new Auditor(null);
  const early = thrown(() => shipped.findings(0, 1));
  const broken = shipped.read([{ name: "item.parquet", bytes: bytes("visit.csv") }, { name: "x.txt", bytes: new Uint8Array() }]);
  return {
    formats: Object.keys(samples).filter((name) => name.startsWith("item")).map((name) => [name, audited(name)]),
    rulebook: Object.keys(files).length > 0 && Object.keys(tables).length > 0,
    rules: shipped.rules().length > 50 && shipped.rules().every((rule) => rule.text.includes(rule.id)),
    early,
    layout: thrown(() => new Auditor(rules).read([file("visit.csv")], { layout: "none" })),
    mapping: thrown(() => new Auditor(rules).read([file("visit.csv")], { mapping: "not = [toml" })),
    broken: broken.files.map((one) => [one.file, one.rows, one.problem !== null, one.problem_en !== null]),
  };
}
