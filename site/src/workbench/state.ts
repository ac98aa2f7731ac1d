// What the workbench holds: rule files, tables, a claim, and what the engine says of them.
//
// In: what is typed and chosen. Out: signals. Invariant: an answer always belongs to the last text sent; older ones are dropped.

import { computed, signal } from "@preact/signals";
import type { Diagnostic } from "jihe";
import { load } from "../engine/parts.js";
import { Client, WorkerError } from "../worker/client.js";
import type { BenchAnswer } from "../worker/protocol.js";

const DELAY = 250;
export const BLANK = `规则包 "我的规则" 版本 "1"

规则 大额明细 {
  编号 "X1"
  名称 "单笔金额过大"
  针对 明细
  当   金额 > 1000 元
  性质 可疑
  违规金额 金额 - 1000 元
  说明 "{项目名称}单笔{金额}"
  核查 "核对收费清单"
}

测试 "一千五百元超出五百元" 规则 大额明细 {
  参保人 甲 { 性别 男 }
  就诊 门诊 { 参保人 甲; 时间 2024-03-01 }
  明细 一 { 就诊 门诊; 使用时间 2024-03-01; 金额 1500 元 }
  期望 一 命中 违规金额 500 元 性质 可疑
}
`;
const BLANK_CLAIMS = `{
  "visit": [{ "visit_id": "V1", "person": "P1", "time": "2024-03-01" }],
  "item": [
    { "item_id": "L1", "visit": "V1", "item_name": "CT", "used_time": "2024-03-01", "quantity": "1", "amount": "1500" }
  ]
}
`;

export type Example = "three" | "rulebook" | "blank";
export interface RuleSet {
  files: Record<string, string>;
  tables: Record<string, string>;
  claims: string | null;
}

export const client = new Client();
export const files = signal<Record<string, string>>({});
export const tables = signal<Record<string, string>>({});
export const claims = signal("");
export const active = signal("");
/** Counts the sets opened, so that editors begin anew. */
export const opening = signal(0);
export const diagnostics = signal<readonly Diagnostic[] | null>(null);
export const answer = signal<BenchAnswer | null>(null);
export const checking = signal(false);
export const trouble = signal<WorkerError | null>(null);
export const hasErrors = computed(() => diagnostics.value?.some((one) => one.severity === "error") ?? false);

let timer = 0;
let round = 0;

/** Asks the engine again, once typing pauses. */
export function changed(): void {
  checking.value = true;
  round += 1;
  clearTimeout(timer);
  timer = window.setTimeout(() => void ask(round), DELAY);
}

async function ask(mine: number): Promise<void> {
  const input = { files: files.value, tables: tables.value, claims: claims.value };
  try {
    const found = await client.call("check", [await load("core"), input]);
    if (mine !== round) return;
    diagnostics.value = found;
    if (found.some((one) => one.severity === "error")) {
      answer.value = null;
    } else {
      const said = await client.call("bench", [input]);
      if (mine !== round) return;
      answer.value = said;
    }
    trouble.value = null;
  } catch (error) {
    if (mine !== round) return;
    if (error instanceof WorkerError) trouble.value = error;
    else throw error;
  }
  checking.value = false;
}

export function openSet(set: RuleSet): void {
  files.value = set.files;
  tables.value = set.tables;
  claims.value = set.claims ?? "";
  active.value = Object.keys(set.files)[0] ?? "";
  opening.value += 1;
  diagnostics.value = null;
  answer.value = null;
  changed();
}

export async function openExample(name: Example): Promise<void> {
  if (name === "blank") return openSet({ files: { "我的规则.jihe": BLANK }, tables: {}, claims: BLANK_CLAIMS });
  try {
    const examples = await client.call("examples", [await load("examples")]);
    const set = examples[name];
    if (set) openSet(set);
  } catch (error) {
    if (error instanceof WorkerError) trouble.value = error;
    else throw error;
  }
}

export async function openFiles(chosen: readonly File[]): Promise<void> {
  const of = async (end: string) => Object.fromEntries(await Promise.all(
    chosen.filter((file) => file.name.endsWith(end)).map(async (file) => [file.name, await file.text()] as const)));
  const [rules, csv, json] = [await of(".jihe"), await of(".csv"), await of(".json")];
  const claim = Object.values(json)[0];
  if (Object.keys(rules).length > 0) openSet({ files: rules, tables: csv, claims: claim ?? claims.value });
  else {
    tables.value = { ...tables.value, ...csv };
    if (claim !== undefined) claims.value = claim;
    changed();
  }
}

export function edit(text: string): void {
  if (files.value[active.value] === text) return;
  files.value = { ...files.value, [active.value]: text };
  changed();
}

export function editClaims(text: string): void {
  if (claims.value === text) return;
  claims.value = text;
  changed();
}

/** Writes the active file the one way the formatter knows. */
export async function formatActive(language: "zh" | "en"): Promise<void> {
  try {
    edit(await client.call("format", [files.value[active.value] ?? "", language]));
  } catch (error) {
    if (error instanceof WorkerError) trouble.value = error;
    else throw error;
  }
}
