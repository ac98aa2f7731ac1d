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

/** What `otherLayouts` must see: 150.55 yuan is 50.55 above 100; with 80 yuan the next day it is 30.55 above 200. */
const found = (name) => [
  ["X1", name(1), "P1", "B1", "H1", "suspicious", "50.5500", "A单笔150.55元", []],
  ["X2", name(3), "P1", null, "H1", "likely", "30.5500", "三天共230.55元", [name(1)]],
];
export const OTHER_LAYOUTS = {
  extract: {
    read: [
      ["SETTLE_MZ.csv", "person+institution+practitioner+visit+diagnosis+settlement", 2, 2, 0, null],
      ["SETTLE_MZ_DETAIL/1.csv", "practitioner+item", 4, 3, 1, null],
    ],
    rejects: [["amount", "eighty"]],
    amount: "81.1000",
    findings: found((number) => `L${number}`),
  },
  local: {
    read: [["jz.csv", "visit", 2, 2, 0, null], ["zyfy2024.csv", "item", 4, 4, 0, null]],
    rejects: [],
    amount: "81.1000",
    findings: found((number) => `H1-${number}`),
  },
};

/** The extraction list of the national inspection, and a mapping of local files: the findings of two rules over each. */
export function otherLayouts({ Auditor }) {
  const rules = `规则包 "示例" 版本 "1"
规则 大额 { 编号 "X1" 针对 明细 当 金额 > 100 元 性质 可疑 违规金额 金额 - 100 元 说明 "{项目编码}单笔{金额}" }
规则 累计 {
  编号 "X2" 针对 明细 设 近期 = 明细 同一(就诊.参保人, 项目编码) 最近 3 天
  当 合计(近期.金额) > 200 元 性质 高度可疑 违规金额 合计(近期.金额) - 200 元 涉及 近期 说明 "三天共{合计(近期.金额)}"
}`;
  const extract = {
    "SETTLE_MZ.csv": "HISID,HOSPITAL_ID,PATIENT_ID,BILL_DATE,ADMISSION_DATE,TOTAL_AMOUNT\n"
      + "B1,H1,P1,2024-01-01,2024-01-01,200.55\nB2,H1,P1,2024-01-02,2024-01-02,80\n",
    "SETTLE_MZ_DETAIL/1.csv": "FEEDETL_SN,HISID,ITEM_ID,NUM,UNIT_PRICE,COST,USAGE_DATE\n"
      + "L1,B1,A,1,150.55,150.55,2024-01-01\nL2,B1,B,1,50,50,2024-01-01\nL3,B2,A,2,40,80,2024-01-02\nL4,B2,A,2,40,eighty,2024-01-02\n",
  };
  const local = {
    "jz.csv": "ZYH,YYDM,RYH,RYSJ\nB1,H1,P1,2024-01-01\nB2,H1,P1,2024-01-02\n",
    "zyfy2024.csv": "YYDM,LSH,ZYH,JE,BM,SYRQ,ZT\n"
      + "H1,1,B1,150.55,A,2024-01-01,正常\nH1,2,B1,50,B,2024-01-01,正常\nH1,3,B2,80,A,2024-01-02,正常\nH1,4,B2,900,A,2024-01-02,作废\n",
  };
  const mapping = `version = 1
[[file]]
name = "zyfy*"
kind = "明细"
only = { ZT = ["正常"] }
[file.fields]
item_id = { join = ["YYDM", "LSH"], with = "-" }
"就诊" = "ZYH"
"金额" = "JE"
item_code = "BM"
used_time = "SYRQ"
[[file]]
name = "jz"
kind = "visit"
[file.fields]
visit_id = "ZYH"
institution = "YYDM"
person = "RYH"
time = "RYSJ"
`;
  const audited = (texts, options) => {
    const auditor = new Auditor(rules);
    const bytes = Object.entries(texts).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }));
    const read = auditor.read(bytes, options);
    const summary = auditor.audit({ asOf: "2024-01-31", coverage: ["2023-12-01", "2024-01-31"] });
    const seen = {
      read: read.files.map(({ file, kind, rows, accepted, rejected, problem }) => [file, kind, rows, accepted, rejected, problem]),
      rejects: auditor.rejects(0, 10).map((one) => [one.column, one.value]),
      amount: summary.coverage.totals.amount,
      findings: auditor.findings(0, 10).map((one) =>
        [one.rule_id, one.subject_key, one.person, one.visit, one.institution, one.nature, one.amount, one.message, one.involved.map((line) => line.key)]),
    };
    auditor.free();
    return seen;
  };
  return { extract: audited(extract, { layout: "feijian2024" }), local: audited(local, { mapping }) };
}
