// The auditor's desk in the worker: rules, files, one run, and what is asked about its findings.
//
// In: the calls of the validator. Out: their answers. Invariant: findings never leave whole; a new reading drops the old run.

import init, { Auditor, type FileRead, type Finding, type ReadOptions, type RuleText } from "jihe/files";
import type { RuleSource, Tell } from "../engine/api.js";
import { unpack } from "../engine/parts.js";
import { departments } from "./departments.js";
import { parseAmount, shownAmount } from "./money.js";
import type { Detail, Dimension, EvidenceRecord, ExportOptions, Groups, Mark, NamedFile, Overview, View } from "./protocol.js";
import { FindingTable } from "./table.js";
import { exportFindings } from "./export.js";
import { unreadable, withRemedy } from "./mend.js";

const BATCH = 5_000;
const EVIDENCE_SHOWN = 400;

let started: Promise<void> | null = null;

export class Desk {
  #auditor: Auditor | null = null;
  #rules = new Map<string, RuleText>();
  #table: FindingTable | null = null;
  #overview: Overview | null = null;
  #marks = new Map<string, Mark>();

  async prepare(packed: string, source: RuleSource) {
    started ??= unpack(packed).then((bytes) => init(bytes.buffer as ArrayBuffer));
    await started;
    this.#auditor?.free();
    this.#auditor = null;
    this.#table = null;
    const auditor = new Auditor(source.rules, source.options);
    this.#auditor = auditor;
    const rules = auditor.rules();
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    return { hash: auditor.hash, warnings: auditor.warnings, rules };
  }

  async read(files: NamedFile[], options: ReadOptions, tell: Tell) {
    const auditor = this.#need();
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    const read: FileRead[] = [];
    let [done, rejects] = [0, 0];
    for (const { name, file } of files) {
      tell({ stage: name, done, total });
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const answer = auditor.read([{ name, bytes }], options);
        read.push(...answer.files.map((report) => withRemedy(report, name, bytes)));
        rejects = answer.rejects;
      } catch (error) {
        read.push(unreadable(name, error));
      }
      done += file.size;
    }
    tell({ stage: "", done: total, total });
    return { files: read, rejects };
  }

  rejects(offset: number, limit: number) {
    return this.#need().rejects(offset, limit);
  }

  audit(options: { asOf: string | null; coverage: [string, string] | null }, tell: Tell): Overview {
    const auditor = this.#need();
    const start = performance.now();
    const summary = auditor.audit({
      ...(options.asOf ? { asOf: options.asOf } : {}),
      ...(options.coverage ? { coverage: options.coverage } : {}),
      onProgress: (done, total) => tell({ stage: "audit", done, total }),
    });
    const findings: Finding[] = [];
    for (let from = 0; from < summary.findings; from += BATCH) {
      findings.push(...auditor.findings(from, BATCH));
      tell({ stage: "collect", done: findings.length, total: summary.findings });
    }
    this.#table = new FindingTable(findings, departments(auditor, findings), this.#marks);
    this.#overview = {
      findings: findings.length,
      amount: shownAmount(parseAmount(summary.coverage.totals.amount) ?? 0n),
      manifest: summary.coverage,
      milliseconds: performance.now() - start,
    };
    return this.#overview;
  }

  marks(marks: Mark[]): void {
    this.#marks.clear();
    for (const mark of marks) this.#marks.set(mark.finding_id, mark);
    this.#table?.refresh();
  }

  rows(view: View, offset: number, limit: number) {
    return this.#found().rows(view, offset, limit);
  }

  groups(view: View, dimension: Dimension, limit: number): Groups {
    const answer = this.#found().groups(view, dimension, limit);
    if (dimension !== "person" && dimension !== "practitioner") return answer;
    const records = this.#need().records(dimension, answer.groups.map((group) => group.key));
    const groups = answer.groups.map((group, at) => ({ ...group, label: [group.key, records[at]?.["name"]].filter(Boolean).join(" ") }));
    return { ...answer, groups };
  }

  detail(at: number): Detail {
    const table = this.#found();
    const finding = table.findings[at];
    if (!finding) throw new Error(`没有第 ${at + 1} 条疑点 / there is no finding ${at + 1}`);
    const name = (kind: string, key: string | null) => (key ? this.#need().records(kind, [key])[0]?.["name"] ?? null : null);
    return {
      finding,
      amount: table.shown(at),
      department: table.departments[at] ?? null,
      names: {
        person: name("person", finding.person),
        practitioner: name("practitioner", finding.practitioner),
        institution: name("institution", finding.institution),
      },
      records: this.#evidence(finding),
      rule: this.#rules.get(finding.rule_id) ?? null,
    };
  }

  export(options: ExportOptions): Promise<Blob> {
    const table = this.#found();
    const overview = this.#overview;
    if (!overview) throw new Error("尚未运行 / nothing has run yet");
    return exportFindings({ table, overview, marks: this.#marks, rejects: () => this.rejects(0, 100_000), options });
  }

  #evidence(finding: Finding): EvidenceRecord[] {
    const named = new Set<string>();
    const lines: Omit<EvidenceRecord, "fields">[] = [];
    const take = (role: EvidenceRecord["role"], list: { kind: string; key: string; amount?: string | null }[]) => {
      for (const { kind, key, amount } of list) {
        const place = `${kind}|${key}`;
        if (named.has(place)) continue;
        named.add(place);
        const value = parseAmount(amount ?? null);
        lines.push({ kind, key, role, amount: value === null ? null : shownAmount(value) });
      }
    };
    take("offending", finding.offending);
    take("involved", finding.involved);
    const shown = lines.slice(0, EVIDENCE_SHOWN);
    const records = this.#withFields(shown);
    const subject = this.#withFields([{ kind: finding.subject_kind, key: finding.subject_key, role: "subject", amount: null }])
      .filter((record) => record.fields && !named.has(`${record.kind}|${record.key}`));
    return [...records, ...subject];
  }

  #withFields(lines: Omit<EvidenceRecord, "fields">[]): EvidenceRecord[] {
    const fields = new Map<string, Record<string, string | null>>();
    for (const kind of new Set(lines.map((line) => line.kind))) {
      const keys = lines.filter((line) => line.kind === kind).map((line) => line.key);
      this.#need().records(kind, keys).forEach((record, at) => fields.set(`${kind}|${keys[at]}`, record));
    }
    return lines.map((line) => {
      const record = fields.get(`${line.kind}|${line.key}`);
      return { ...line, fields: record && Object.keys(record).length > 0 ? record : null };
    });
  }

  #need(): Auditor {
    if (!this.#auditor) throw new Error("规则尚未就绪 / the rules are not ready");
    return this.#auditor;
  }

  #found(): FindingTable {
    if (!this.#table) throw new Error("尚未运行 / nothing has run yet");
    return this.#table;
  }
}
