// Findings as a file for Excel: .xlsx with four sheets, or CSV.
//
// In: the findings of a view, their marks, the run. Out: the bytes. Invariant: every finding of the view is one row, in the view's
// order, with all columns of docs/contract.md; no text becomes a formula.

import type { Finding, Reject } from "jihe/files";
import writeXlsx, { type Row as SheetRow, type Sheet } from "write-excel-file/universal";
import { en } from "../text/en.js";
import { zh } from "../text/zh.js";
import { parseAmount } from "./money.js";
import type { ExportOptions, Mark, Overview } from "./protocol.js";
import type { FindingTable } from "./table.js";

export interface ExportInput {
  table: FindingTable;
  overview: Overview;
  marks: Map<string, Mark>;
  rejects: () => Reject[];
  options: ExportOptions;
}

/** Rows of a sheet in an .xlsx file; further findings would not open in Excel. */
const MOST_ROWS = 1_048_575;
const BOM = "\uFEFF";

const COLUMNS = ["finding_id", "rule_id", "rule_name", "rule_version", "nature", "subject_kind", "subject_key", "person",
  "institution", "practitioner", "visit", "service_date", "amount", "message", "verify", "basis", "offending", "involved",
  "values"] as const;
const ADDED = ["department", "mark", "reason", "marked_at"] as const;
type Words = typeof zh;

function cells(input: ExportInput, at: number, words: Words): (string | null)[] {
  const finding = input.table.findings[at] as Finding;
  const mark = input.marks.get(finding.finding_id);
  const own = COLUMNS.map((column) => {
    const value = finding[column];
    if (column === "nature") return words.natures[finding.nature];
    return value === null || typeof value === "string" ? value : JSON.stringify(value);
  });
  return [...own, input.table.departments[at] ?? null, mark ? words.markStates[mark.state] : null, mark?.reason || null, mark?.at ?? null];
}

const titles = (words: Words): string[] => [...COLUMNS, ...ADDED].map((column) => words.columns[column]);

/** A field of RFC 4180; a text that a spreadsheet would calculate is given a quote it shows instead. */
function csvField(text: string | null): string {
  if (text === null) return "";
  const safe = /^[=+\-@\t\r]/.test(text) && parseAmount(text) === null ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csv(input: ExportInput, words: Words): Blob {
  const pieces: string[] = [BOM, titles(words).map(csvField).join(","), "\r\n"];
  for (const at of input.table.order(input.options.view)) {
    pieces.push(cells(input, at, words).map(csvField).join(","), "\r\n");
  }
  return new Blob(pieces, { type: "text/csv;charset=utf-8" });
}

const head = (names: string[]): SheetRow => names.map((value) => ({ value, fontWeight: "bold" as const, backgroundColor: "#e8eef4" }));

/** A number where Excel can hold it exactly, so that it adds up; else the text. */
function amountCell(text: string | null) {
  const exact = parseAmount(text);
  if (exact === null || text === null) return null;
  const magnitude = exact < 0n ? -exact : exact;
  return magnitude < 100_000_000_000_000n ? { value: Number(text), format: "#,##0.00" } : text;
}

function findingsSheet(input: ExportInput, words: Words): Sheet<Blob> {
  const amount = COLUMNS.indexOf("amount");
  const order = input.table.order(input.options.view);
  if (order.length > MOST_ROWS) {
    throw new Error(`疑点 ${order.length} 条，超过一张工作表的 ${MOST_ROWS} 行；请先筛选，或导出 CSV / too many rows for one sheet: filter, or export CSV`);
  }
  const rows = [...order].map((at) => cells(input, at, words).map((text, column) => (column === amount ? amountCell(text) : text)));
  const width = [...COLUMNS, ...ADDED].map((column) => ({ width: column === "message" || column === "basis" ? 40 : 16 }));
  return { data: [head(titles(words)), ...rows], sheet: words.sheets.findings, columns: width, stickyRowsCount: 1 };
}

function rulesSheet(input: ExportInput, words: Words): Sheet<Blob> {
  const columns = ["rule_id", "rule_name", "status", "seen", "hit", "pass", "not_applicable", "exempt", "undecided"] as const;
  const rows = input.overview.manifest.rules.map((rule) => [...columns.map((column) => rule[column]), amountCell(rule.amount)]);
  const names = [...columns.map((column) => words.columns[column]), words.columns.amount];
  return { data: [head(names), ...rows], sheet: words.sheets.rules, stickyRowsCount: 1, columns: names.map((_, at) => ({ width: at === 1 ? 44 : 12 })) };
}

function rejectsSheet(input: ExportInput, words: Words): Sheet<Blob> {
  const rows = input.rejects().map((reject) =>
    [reject.file, reject.line, reject.column, reject.value, input.options.language === "zh" ? reject.reason : reject.reason_en]);
  const names = [words.columns.file, words.columns.line, words.columns.column, words.columns.value, words.columns.why];
  return { data: [head(names), ...rows], sheet: words.sheets.rejects, stickyRowsCount: 1, columns: names.map((_, at) => ({ width: at === 4 ? 60 : 20 })) };
}

function runSheet(input: ExportInput, words: Words): Sheet<Blob> {
  const { manifest } = input.overview;
  const rows: SheetRow[] = [
    [words.run.rules, `${manifest.ruleset.name} ${manifest.ruleset.version}`],
    [words.run.hash, manifest.ruleset.hash],
    [words.run.engine, manifest.engine_version],
    [words.run.asOf, manifest.as_of],
    [words.run.findings, manifest.totals.findings],
    [words.run.amount, amountCell(manifest.totals.amount)],
    [words.run.note, words.evidenceNotAccusation],
  ];
  return { data: rows, sheet: words.sheets.run, columns: [{ width: 24 }, { width: 80 }] };
}

/** The file for the user to keep. */
export async function exportFindings(input: ExportInput): Promise<Blob> {
  const words = input.options.language === "zh" ? zh : en;
  if (input.options.format === "csv") return csv(input, words);
  const sheets = [findingsSheet(input, words), rulesSheet(input, words), rejectsSheet(input, words), runSheet(input, words)];
  return writeXlsx(sheets).toBlob();
}
