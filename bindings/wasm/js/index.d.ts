// The calls of the package; what they give is in wire.d.ts.
//
// In: the calls of core.mjs. Out: their types. Invariant: tests/types.ts uses each of them.

import type {
  Check, Diagnostic, Finding, Reject, Report, Requirements, TestReport,
} from "./wire.js";

export type * from "./wire.js";

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
  /** First and last day the data cover, for all kinds or by kind. */
  coverage?: [string, string] | Record<string, [string, string]>;
}

/** Claims: an array a record kind. */
export type Claims = Record<string, object[]>;

/** The most a call takes, in bytes: rule texts, claims, files of an `Auditor`. */
export declare const LIMITS: { readonly rules: number; readonly claims: number; readonly files: number };

/** What the library refuses. */
export declare class JiheError extends Error {
  readonly kind: "rules" | "claims" | "usage" | "internal";
  readonly code: string | null;
  readonly messageEn: string;
  readonly diagnostics: Diagnostic[];
}
/** The rules do not compile; `diagnostics` says where and why. */
export declare class CompileError extends JiheError {}
/** The claims are not what the schema says. */
export declare class ClaimsError extends JiheError {}
/** The call itself is wrong: an unknown option, an input beyond its limit, a handle already freed. */
export declare class UsageError extends JiheError {}
/** The module broke (out of memory, or a fault of ours) and was started afresh; earlier handles are refused. */
export declare class InternalError extends JiheError {}

/** Compiled rules; make them with `compile`. */
export declare class Ruleset {
  private constructor();
  /** Names the rule texts; the same texts have the same hash everywhere. */
  readonly hash: string;
  /** What compilation had to say without refusing. */
  readonly warnings: Diagnostic[];
  /** The plan in words. */
  explain(): string;
  /** What a host must fetch for these rules: kinds, fields, how far back. */
  requirements(): Requirements;
  /** Audits claims, given as an object or as JSON text. */
  audit(claims: Claims | string, options?: AuditOptions): Report;
  /** Opens a session over one person's history. */
  session(history: Claims | string, options?: AuditOptions): Session;
  /** Gives the memory back at once. */
  free(): void;
}

/** One person's records, ready for claims. */
export declare class Session {
  private constructor();
  static open(ruleset: Ruleset, history: Claims | string, options?: AuditOptions): Session;
  /** Rows of the history that could not be read. */
  readonly rejects: Reject[];
  /** Adds a claim and says what it changes. A refused claim changes nothing. */
  check(claim: Claims | string): Check;
  /** Everything that holds now. */
  findings(): Finding[];
  /** Gives the memory back at once. */
  free(): void;
}

/** Loads the module: once, before any other call. In Node it has nothing to do. */
export default function init(module?: string | URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;
export declare function compile(rules: Rules, options?: CompileOptions): Ruleset;
/** Every diagnostic of rules, errors and warnings. */
export declare function check(rules: Rules, options?: CompileOptions): Diagnostic[];
/** Runs the test blocks of rules. */
export declare function test(rules: Rules, options?: CompileOptions): TestReport;
/** What a host must fetch for rules. */
export declare function requirements(rules: Rules, options?: CompileOptions): Requirements;
/** The canonical text of a rule file; without a language, keywords stay as written. */
export declare function format(text: string, language?: "zh" | "en"): string;
export declare function version(): string;
