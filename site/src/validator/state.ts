// What the self-check knows, and what the user can do to it.
//
// In: files, rules, options, clicks. Out: signals the components read.
// Invariant: `phase` says what is under way; findings shown always belong to the files and rules shown.

import { computed, signal } from "@preact/signals";
import type { Diagnostic, FileRead, ReadOptions, RuleText } from "jihe/files";
import { load } from "../engine/parts.js";
import { keepFocus } from "../shell/focus.js";
import type { RuleSource } from "../engine/api.js";
import { WorkerError, type Step } from "../worker/client.js";
import type { NamedFile, Overview, View } from "../worker/protocol.js";
import { client } from "./client.js";
import { marks } from "./marks.js";
import { runOptionsOf } from "./run-file.js";

export type Phase = "idle" | "reading" | "auditing";
export type Tab = "overview" | "list" | "rules" | "rejects";

export interface Trouble {
  message: string;
  english: string;
  diagnostics: Diagnostic[];
}

export const EMPTY_VIEW: View = { text: "", only: {}, mark: "", sort: null };

export const files = signal<readonly NamedFile[]>([]);
export const reports = signal<readonly FileRead[]>([]);
export const rejectCount = signal(0);
export const phase = signal<Phase>("idle");
export const step = signal<Step | null>(null);
export const trouble = signal<Trouble | null>(null);
export const notice = signal<"cancelled" | null>(null);
/** Names of files that files of the same name took the place of. */
export const replaced = signal<readonly string[]>([]);
export const ownRules = signal<{ names: string[]; rules: Record<string, string>; tables: Record<string, string> } | null>(null);
export const useOwn = signal(false);
export const params = signal<{ name: string; text: string } | null>(null);
export const readOptions = signal<ReadOptions>({ layout: "folder" });
export const mappingName = signal<string | null>(null);
export const asOf = signal("");
export const from = signal("");
export const to = signal("");
export const rules = signal<readonly RuleText[]>([]);
export const overview = signal<Overview | null>(null);
/** Counts the runs, so that nothing of an earlier run stays on show. */
export const runs = signal(0);
/** Whether files and rules are shown whole, or as one line above the results. */
export const setupOpen = signal(true);
export const tab = signal<Tab>("overview");
export const view = signal<View>(EMPTY_VIEW);
export const opened = signal<number | null>(null);
/** Whether the finding being opened takes the focus: it does when it was opened by key. */
export const focusDetail = signal(false);
export const undecided = computed(() => overview.value?.manifest.rules.reduce((sum, rule) => sum + rule.undecided, 0) ?? 0);

let prepared = false;
let audited = false;

export function fail(error: unknown): void {
  if (error instanceof WorkerError) {
    if (!error.cancelled) trouble.value = { message: error.message, english: error.english, diagnostics: error.diagnostics };
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  trouble.value = { message, english: message, diagnostics: [] };
}

function source(): RuleSource {
  const own = useOwn.value ? ownRules.value : null;
  const overrides = params.value ? { params: params.value.text } : {};
  return own ? { rules: own.rules, options: { tables: own.tables, ...overrides } } : { rules: null, options: overrides };
}

function forgetRun(): void {
  setupOpen.value = true;
  overview.value = null;
  opened.value = null;
  view.value = EMPTY_VIEW;
  notice.value = null;
  replaced.value = [];
}

/** Compiles the rules and reads the files named, all of them if the worker is new. */
async function ready(added: readonly NamedFile[]): Promise<void> {
  // After a run the engine takes no more files, so more files mean a fresh reading of all.
  if (added.length > 0 && audited) prepared = false;
  const known = prepared;
  if (!known) {
    // A worker that begins anew knows of no rows yet, and of none at all if the rules are refused.
    rejectCount.value = 0;
    const answer = await client.call("prepare", [await load("files"), source()]);
    rules.value = answer.rules;
    await client.call("marks", [[...marks.value.values()]]);
    prepared = true;
    audited = false;
  }
  const wanted = known ? added : files.value;
  if (wanted.length === 0) return;
  const read = await client.call("read", [[...wanted], readOptions.value], (now) => { step.value = now; });
  reports.value = known ? [...reports.value, ...read.files] : read.files;
  rejectCount.value = read.rejects;
}

/** What the worker is doing, done when it is idle. */
let doing: Promise<void> = Promise.resolve();

function during(what: Phase, work: () => Promise<void>): Promise<void> {
  doing = alone(what, work);
  return doing;
}

async function alone(what: Phase, work: () => Promise<void>): Promise<void> {
  const held = document.activeElement;
  phase.value = what;
  step.value = null;
  trouble.value = null;
  try {
    await work();
  } catch (error) {
    fail(error);
  } finally {
    phase.value = "idle";
    step.value = null;
    // What is disabled or gone meanwhile loses the focus; whoever had it goes on from there.
    if (held !== null && held !== document.body) keepFocus(["files-title", "run"], held);
  }
}

export async function addFiles(dropped: readonly NamedFile[]): Promise<void> {
  // Files dropped while the worker is busy wait for it: none is lost.
  while (phase.value !== "idle") await doing;
  const settings = dropped.find(({ name }) => name === "run.toml");
  const data = dropped.filter((file) => file !== settings);
  if (settings) applyRunFile(await settings.file.text());
  if (data.length === 0) return;
  forgetRun();
  const names = new Set(data.map(({ name }) => name));
  const kept = files.value.filter(({ name }) => !names.has(name));
  const before = files.value.filter(({ name }) => names.has(name));
  // A file of a name that is known is that file mended, so all are read afresh.
  if (before.length > 0) prepared = false;
  replaced.value = before.map(({ name }) => name);
  files.value = [...kept, ...data];
  await during("reading", () => ready(data));
}

function applyRunFile(toml: string): void {
  const found = runOptionsOf(toml);
  asOf.value = found.asOf ?? asOf.value;
  [from.value, to.value] = found.coverage ?? [from.value, to.value];
}

export function clearFiles(): void {
  client.stop();
  prepared = false;
  files.value = [];
  reports.value = [];
  rejectCount.value = 0;
  forgetRun();
  trouble.value = null;
  keepFocus(["first-title"]);
}

/** The file a report is about; of a workbook there may be a report a sheet. */
export const fileOf = (report: FileRead): NamedFile | undefined =>
  files.value.find(({ name }) => report.file === name) ?? files.value.find(({ name }) => report.file.startsWith(name));

export async function removeFile(file: NamedFile): Promise<void> {
  const rest = files.value.filter((one) => one !== file);
  if (rest.length === 0) return clearFiles();
  files.value = rest;
  await readAgain();
}

/** Reads everything again: the rules or the way to read have changed. */
export async function readAgain(): Promise<void> {
  while (phase.value !== "idle") await doing;
  prepared = false;
  forgetRun();
  if (files.value.length > 0 || useOwn.value) await during("reading", () => ready([]));
}

export async function run(): Promise<void> {
  forgetRun();
  await during("auditing", async () => {
    await ready([]);
    const coverage: [string, string] | null = from.value && to.value ? [from.value, to.value] : null;
    const options = { asOf: asOf.value || null, coverage };
    overview.value = await client.call("audit", [options], (now) => { step.value = now; });
    audited = true;
    runs.value += 1;
    tab.value = "overview";
    setupOpen.value = false;
  });
}

/** Stops at once; the files are read again before the next run. */
export function cancel(): void {
  client.stop();
  prepared = false;
  // The worker knew which rows were not read; the next one will know again.
  rejectCount.value = 0;
  notice.value = "cancelled";
}
