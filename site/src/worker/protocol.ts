// What the page and its workers say to each other.
//
// In, out: plain data that the browser can copy. Invariant: findings stay in the worker; the page gets the rows it shows.

import type { Coverage, Diagnostic, FileRead, Finding, ReadOptions, Reject, RuleText, TestReport } from "jihe/files";
import type { RuleSource } from "../engine/api.js";

export type MarkState = "verified" | "justified" | "open";

export interface Mark {
  finding_id: string;
  state: MarkState;
  reason: string;
  /** When it was set, ISO time. */
  at: string;
  /** What was marked, so that an export of marks reads by itself. */
  rule_id: string;
  message: string;
}

export type Column = "rule" | "nature" | "message" | "department" | "practitioner" | "person" | "date" | "amount" | "mark";
export type Dimension = "rule" | "department" | "practitioner" | "person" | "month" | "nature";

/** Which findings, in which order. */
export interface View {
  text: string;
  only: Partial<Record<Dimension, string>>;
  mark: MarkState | "none" | "";
  sort: { column: Column; descending: boolean } | null;
}

export interface Row {
  /** Place in the contract's order. */
  at: number;
  finding_id: string;
  rule_id: string;
  rule_name: string;
  nature: Finding["nature"];
  message: string;
  department: string | null;
  practitioner: string | null;
  person: string | null;
  date: string | null;
  /** Two decimals with separators; null where undecided or none. */
  amount: string | null;
}

export interface Group {
  key: string;
  label: string;
  count: number;
  /** null where no finding of the group has one. */
  amount: string | null;
  /** Of the largest amount of all groups, 0 to 1, for drawing. */
  share: number;
}

export interface Groups {
  groups: Group[];
  total: number;
}

/** A record of the evidence. */
export interface EvidenceRecord {
  kind: string;
  key: string;
  role: "offending" | "involved" | "subject";
  amount: string | null;
  /** Display texts by English field name; null where the record was not found. */
  fields: Record<string, string | null> | null;
}

export interface Detail {
  finding: Finding;
  amount: string | null;
  department: string | null;
  names: { person: string | null; practitioner: string | null; institution: string | null };
  records: EvidenceRecord[];
  rule: RuleText | null;
}

export interface Overview {
  findings: number;
  amount: string;
  manifest: Coverage;
  milliseconds: number;
}

export interface ExportOptions {
  format: "csv" | "xlsx";
  language: "zh" | "en";
  view: View;
}

export interface BenchInput {
  files: Record<string, string>;
  tables: Record<string, string>;
  /** JSON of claims; empty for none. */
  claims: string;
}

/** What the tests and the claims of rules without errors came to. */
export interface BenchAnswer {
  tests: TestReport;
  /** null without claims. */
  findings: Finding[] | null;
  rejects: Reject[];
  /** Why the claims could not be audited. */
  refusal: { message: string; message_en: string } | null;
  milliseconds: number;
}

/** A file, by the name that says what it holds: `item.csv`, `item/part-0.parquet`. */
export interface NamedFile {
  name: string;
  file: File;
}

/** The calls a worker answers. */
export interface Calls {
  prepare(packed: string, source: RuleSource): { hash: string; warnings: Diagnostic[]; rules: RuleText[] };
  read(files: NamedFile[], options: ReadOptions): { files: FileRead[]; rejects: number };
  rejects(offset: number, limit: number): Reject[];
  audit(options: { asOf: string | null; coverage: [string, string] | null }): Overview;
  marks(marks: Mark[]): void;
  rows(view: View, offset: number, limit: number): { total: number; amount: string | null; rows: Row[] };
  groups(view: View, dimension: Dimension, limit: number): Groups;
  detail(at: number): Detail;
  export(options: ExportOptions): Blob;
  examples(packed: string): Record<string, { files: Record<string, string>; tables: Record<string, string>; claims: string | null }>;
  check(packed: string, input: BenchInput): Diagnostic[];
  bench(input: BenchInput): BenchAnswer;
  format(text: string, language: "zh" | "en" | null): string;
}

export interface Refusal {
  message: string;
  message_en: string;
  diagnostics: Diagnostic[];
}

export type Request = { id: number; call: keyof Calls; args: unknown[] };
export type Answer =
  | { id: number; value: unknown }
  | { id: number; refusal: Refusal }
  | { id: number; progress: { stage: string; done: number; total: number } };
