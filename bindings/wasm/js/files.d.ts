// The calls of `jihe/files`; what they give is in wire.d.ts.
//
// In: the calls of auditor.mjs. Out: their types. Invariant: tests/types.ts uses each of them.

import type { AuditOptions, CompileOptions, Rules } from "./index.js";
import type { Diagnostic, FileRead, Finding, Reject, RuleText, Summary } from "./wire.js";

export { ClaimsError, CompileError, InternalError, JiheError, LIMITS, UsageError } from "./index.js";
export type * from "./wire.js";

/** A file by its name: `item.csv`, `明细.xlsx`, `item/part-0.parquet`, `visit.csv.gz`. */
export interface FileInput {
  name: string;
  bytes: Uint8Array;
}

export interface ReadOptions {
  /** `folder`: one file (or folder of files) a record kind. `feijian2024`: the extraction list of the 2024 inspections. */
  layout?: "folder" | "feijian2024";
  /** A mapping of files that are laid out in another way, TOML (docs/input.md). The first `read` decides for all. */
  mapping?: string;
}

/** Rules compiled once, files added one by one, runs read page by page. */
export declare class Auditor {
  /** `null`: the shipped rulebook; its parameters may still be overridden in `options.params`. */
  constructor(rules: Rules | null, options?: CompileOptions);
  /** What compilation had to say without refusing. */
  readonly warnings: Diagnostic[];
  /** Names the rule texts. */
  readonly hash: string;
  /** Every rule with its text, in the order written. */
  rules(): RuleText[];
  /**
   * Adds files; a file that cannot be read says so in its `problem`, and the others are read. `rejects` is how many rows
   * were rejected in all so far. After the first `audit` no file can be added.
   */
  read(files: FileInput[], options?: ReadOptions): { files: FileRead[]; rejects: number };
  /** A page of the rejected rows. */
  rejects(offset: number, limit: number): Reject[];
  /** Audits what was read. `onProgress` hears how many portions of the work are done, of how many. */
  audit(options?: AuditOptions & { onProgress?: (done: number, total: number) => void }): Summary;
  /** A page of the findings of the last run, in their order. */
  findings(offset: number, limit: number): Finding[];
  /** Records by key as people read them, by English field name; an empty object for a key that no record has. */
  records(kind: string, keys: string[]): Record<string, string | null>[];
  /** Gives the memory back at once. */
  free(): void;
}

/** Loads the module: once, before any other call. In Node it has nothing to do. */
export default function init(module?: string | URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;
/** The texts of the shipped rulebook: rule files and the tables they name. */
export declare function rulebook(): { files: Record<string, string>; tables: Record<string, string> };
