/** Rule text, or texts by file name. */
export type Rules = string | Record<string, string>;

export interface CompileOptions {
  /** Knowledge tables: CSV texts by the name rules give them. */
  tables?: Record<string, string>;
  /** A text of regional overrides. */
  params?: string | null;
}

export interface AuditOptions {
  /** 截止日, such as `2024-12-31`. */
  asOf?: string;
  /** First and last day the data cover. */
  coverage?: [string, string];
}

/** Claims: an array a record kind. */
export type Claims = Record<string, object[]>;

export interface Involved {
  kind: string;
  key: string;
}

export interface Evidence extends Involved {
  /** Decimal text with four digits; null where undecided. */
  amount: string | null;
}

/** A lead (疑点), with its evidence. */
export interface Finding {
  finding_id: string;
  rule_id: string;
  rule_name: string;
  rule_version: string;
  nature: "violation" | "likely" | "suspicious" | "data_quality";
  subject_kind: string;
  subject_key: string;
  person: string | null;
  institution: string | null;
  practitioner: string | null;
  visit: string | null;
  service_date: string | null;
  /** Decimal text with four digits; null where undecided. */
  amount: string | null;
  message: string;
  verify: string;
  basis: string;
  offending: Evidence[];
  involved: Involved[];
  values: Record<string, string | null>;
}

export interface Report {
  version: number;
  findings: Finding[];
  coverage: Record<string, unknown>;
  rejects: Reject[];
}

/** A row that could not be read. */
export interface Reject {
  file: string;
  line: number;
  column: string;
  value: string;
  reason: string;
  reason_en: string;
}

/** Where in the rules: byte range, line, column in characters, and in UTF-16 for editors. */
export interface Place {
  file: string | null;
  start: number;
  end: number;
  line: number;
  column: number;
  utf16: number;
  end_line: number;
  end_utf16: number;
}

export interface Diagnostic {
  code: string;
  severity: string;
  message: string;
  message_en: string;
  labels: { place: Place; text: string; text_en: string }[];
  help: string | null;
  help_en: string | null;
  fix: { place: Place; replacement: string } | null;
}

export interface TestReport {
  tests: number;
  expectations: number;
  failures: { test: string; message: string; message_en: string; place: Place }[];
}

export class JiheError extends Error {
  readonly kind: string;
  readonly code: string | null;
  readonly messageEn: string;
  readonly diagnostics: Diagnostic[];
}
export class CompileError extends JiheError {}
export class ClaimsError extends JiheError {}

/** Compiled rules; make one with `compile`. */
export class Ruleset {
  private constructor();
  /** Names the rule texts; the same texts have the same hash everywhere. */
  readonly hash: string;
  /** What compilation had to say without refusing. */
  readonly warnings: Diagnostic[];
  /** The plan in words. */
  explain(): string;
  /** Audits claims, given as an object or as JSON text. */
  audit(claims: Claims | string, options?: AuditOptions): Report;
  /** Gives the memory back at once. */
  free(): void;
}

/** Loads the module: once, before any other call. In Node it has nothing to do. */
export default function init(module?: string | URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;
export function compile(rules: Rules, options?: CompileOptions): Ruleset;
export function check(rules: Rules, options?: CompileOptions): Diagnostic[];
export function test(rules: Rules, options?: CompileOptions): TestReport;
/** The canonical text of a rule file; without a language, keywords stay as written. */
export function format(text: string, language?: "zh" | "en"): string;
export function version(): string;
