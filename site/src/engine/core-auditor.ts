// A run over CSV files with the core module.
//
// In: rules, CSV files named by record kind. Out: the calls of api.ts.
// Invariant: every row the file holds is either handed to the engine or reported by it as rejected.

import { compile, type Finding, type Reject, type Ruleset } from "jihe";
import { KINDS, type Kind } from "../generated/kinds.js";
import type { Auditor, FileInput, FileRead, Manifest, Progress, RuleInfo, RuleSource, Summary } from "./api.js";

type Row = Record<string, string>;

export class CoreAuditor implements Auditor {
  #ruleset: Ruleset;
  #rules: RuleInfo[];
  #rows = new Map<string, Row[]>();
  #findings: Finding[] = [];
  #rejects: Reject[] = [];

  constructor(source: RuleSource) {
    const rules = source.rules ?? {};
    this.#ruleset = compile(rules, source.options);
    this.#rules = ruleTexts(typeof rules === "string" ? { "rules.jihe": rules } : rules);
  }

  get warnings() {
    return this.#ruleset.warnings;
  }
  get hash() {
    return this.#ruleset.hash;
  }

  read(files: FileInput[]) {
    return { files: files.map((file) => this.#readOne(file)), rejects: 0 };
  }

  #readOne(file: FileInput): FileRead {
    const stem = file.name.replace(/^.*\//, "").replace(/\.[^.]+$/, "");
    const kind = KINDS.find((one) => one.en === stem || one.zh === stem);
    const empty = { file: file.name, kind: null, rows: 0, accepted: 0, rejected: 0, columns: [] };
    if (!kind || !file.name.endsWith(".csv")) {
      return { ...empty, problem: `${file.name} 不是已知种类的 CSV`, problem_en: `${file.name} is no CSV of a known kind` };
    }
    const [header = [], ...rows] = parseCsv(new TextDecoder().decode(file.bytes));
    const columns = header.map((name) => ({ header: name, field: fieldOf(kind, name) }));
    const kept = rows.map((row) => record(columns, row));
    this.#rows.set(kind.en, [...(this.#rows.get(kind.en) ?? []), ...kept]);
    return { ...empty, kind: kind.en, rows: rows.length, accepted: rows.length, columns, problem: null, problem_en: null };
  }

  rejects(offset: number, limit: number) {
    return this.#rejects.slice(offset, offset + limit);
  }

  audit(options: { asOf?: string; coverage?: [string, string]; onProgress?: Progress }): Summary {
    const report = this.#ruleset.audit(JSON.stringify(Object.fromEntries(this.#rows)), options);
    this.#findings = report.findings;
    this.#rejects = report.rejects;
    return { findings: report.findings.length, coverage: report.coverage as unknown as Manifest };
  }

  findings(offset: number, limit: number) {
    return this.#findings.slice(offset, offset + limit);
  }

  records(kind: string, keys: string[]) {
    const declared = KINDS.find((one) => one.en === kind);
    const wanted = new Set(keys);
    const found = (this.#rows.get(kind) ?? []).map((row) => ({ row, key: (declared?.key ?? []).map((field) => row[field] ?? "").join("|") }));
    const byKey = new Map(found.filter(({ key }) => wanted.has(key)).map(({ key, row }) => [key, row]));
    return keys.map((key) => byKey.get(key) ?? {});
  }

  rules() {
    return this.#rules;
  }
  free() {
    this.#ruleset.free();
  }
}

function fieldOf(kind: Kind, name: string): string | null {
  return kind.fields.find((field) => field.en === name || field.zh === name)?.en ?? null;
}

function record(columns: FileRead["columns"], row: string[]): Row {
  const made: Row = {};
  columns.forEach(({ field }, at) => {
    const value = row[at] ?? "";
    if (field && value !== "") made[field] = value;
  });
  return made;
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    if (end === "" && quoted === undefined && plain === "" && row.length === 0) break;
    row.push(quoted === undefined ? plain ?? "" : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

function ruleTexts(files: Record<string, string>): RuleInfo[] {
  return Object.values(files).flatMap((text) => text.split(/\n(?=规则 |rule )/).slice(1)).map((text) => ({
    id: /编号 "([^"]+)"/.exec(text)?.[1] ?? "", name: /名称 "([^"]+)"/.exec(text)?.[1] ?? "",
    nature: null, scope: null, basis: null, text: text.split(/\n\}/)[0] + "\n}",
  }));
}
