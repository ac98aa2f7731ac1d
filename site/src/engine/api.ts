// What the site asks of the engine.
//
// In: types of the npm package. Out: the face of a run over files. Invariant: the worker names no other call of the engine.

import type { AuditOptions, CompileOptions, Diagnostic, Finding, Reject, Rules } from "jihe";

export interface FileInput {
  name: string;
  bytes: Uint8Array;
}

export interface ReadOptions {
  layout?: "folder" | "feijian2024";
  /** Column names of one's own, as TOML. */
  mapping?: string;
}

/** What became of one file, or of one sheet of a workbook. */
export interface FileRead {
  file: string;
  kind: string | null;
  rows: number;
  accepted: number;
  rejected: number;
  columns: { header: string; field: string | null }[];
  problem: string | null;
  problem_en: string | null;
}

export interface RuleInfo {
  id: string;
  name: string;
  nature: string | null;
  scope: string | null;
  basis: string | null;
  /** The rule as its author wrote it. */
  text: string;
}

/** One rule in the manifest of a run. */
export interface RuleCoverage {
  rule_id: string;
  rule_name: string;
  scope: string;
  status: string;
  reason: string | null;
  seen: number;
  not_applicable: number;
  pass: number;
  hit: number;
  exempt: number;
  undecided: number;
  undecided_by_cause: Record<string, number>;
  exempt_by_reason: Record<string, number>;
  amount: string;
}

/** The manifest of a run: what was looked at, and what came of it. */
export interface Manifest {
  engine_version: string;
  ruleset: { name: string; version: string; hash: string };
  as_of: string | null;
  coverage: Record<string, [string, string][] | [string, string] | null>;
  records: Record<string, number>;
  rejected: number;
  rules: RuleCoverage[];
  totals: { findings: number; amount: string; by_rule: Record<string, string> };
}

export interface Summary {
  findings: number;
  coverage: Manifest;
}

export type Progress = (done: number, total: number) => void;

/** Rules compiled once, files added one by one, one run. */
export interface Auditor {
  readonly warnings: Diagnostic[];
  readonly hash: string;
  read(files: FileInput[], options?: ReadOptions): { files: FileRead[]; rejects: number };
  rejects(offset: number, limit: number): Reject[];
  audit(options: AuditOptions & { onProgress?: Progress }): Summary;
  findings(offset: number, limit: number): Finding[];
  records(kind: string, keys: string[]): Record<string, string | null>[];
  rules(): RuleInfo[];
  free(): void;
}

export interface RuleSource {
  /** null: the shipped rulebook. */
  rules: Rules | null;
  options: CompileOptions;
}
