// What would mend a file that cannot be read, from what its first and last bytes show.
//
// In: the report of a file, its bytes. Out: the report, its problem ending in what to do. Invariant: what is said of the bytes is so;
// a file whose bytes show nothing keeps the engine's sentence.

import type { FileRead } from "jihe/files";

const OLD_EXCEL = [0xd0, 0xcf, 0x11, 0xe0];
const ZIP = [0x50, 0x4b];
const ZIP_END = [0x50, 0x4b, 0x05, 0x06];
/** The end record of a ZIP file stands at most this far from the end. */
const ZIP_END_WITHIN = 65_557;
const PARQUET = [0x50, 0x41, 0x52, 0x31];

interface Remedy {
  zh: string;
  en: string;
}

const startsWith = (bytes: Uint8Array, mark: readonly number[]) => mark.every((byte, at) => bytes[at] === byte);
const endsWith = (bytes: Uint8Array, mark: readonly number[]) => startsWith(bytes.subarray(-mark.length), mark);

function hasZipEnd(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(-ZIP_END_WITHIN);
  for (let at = tail.indexOf(ZIP[0] as number); at >= 0; at = tail.indexOf(ZIP[0] as number, at + 1)) {
    if (startsWith(tail.subarray(at), ZIP_END)) return true;
  }
  return false;
}

const cut = (bytes: Uint8Array): Remedy => ({
  zh: `文件没有结尾，只到第 ${bytes.length.toLocaleString("en-US")} 个字节，多半没有复制或下载完；请重新复制，仍不行就重新导出`,
  en: `the file has no end and stops at byte ${bytes.length.toLocaleString("en-US")}, most likely copied or downloaded in part; copy it again, or export it again`,
});
const AS_XLSX: Remedy = { zh: "请在 Excel 或 WPS 中打开，另存为 .xlsx", en: "open it in Excel or WPS and save it as .xlsx" };
const capital = (sentence: string) => sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
const after = (zh: string, en: string, then: Remedy): Remedy => ({ zh: `${zh}；${then.zh}`, en: `${en}; ${then.en}` });

function ofWorkbook(bytes: Uint8Array, broken: boolean): Remedy | null {
  if (startsWith(bytes, OLD_EXCEL)) {
    return after("内容是旧版 Excel（.xls）或设了密码的工作簿", "it is an old Excel file (.xls) or a workbook with a password",
      { zh: "请在 Excel 或 WPS 中打开，去掉密码，另存为 .xlsx", en: "open it in Excel or WPS, take the password off and save it as .xlsx" });
  }
  if (!startsWith(bytes, ZIP)) return after("内容不是 Excel 工作簿，而是改了扩展名的网页或文本", "it is no workbook but a web page or a text under another name", AS_XLSX);
  if (!hasZipEnd(bytes)) return cut(bytes);
  return broken ? after("文件中间有损坏", "it is damaged inside", { zh: "请重新复制或重新导出", en: "copy it again, or export it again" }) : null;
}

function ofParquet(bytes: Uint8Array, broken: boolean): Remedy | null {
  const again = { zh: "请重新复制或重新导出", en: "copy it again, or export it again" };
  if (!startsWith(bytes, PARQUET)) return after("内容不是 Parquet", "its bytes are not Parquet", again);
  if (bytes.length < 12 || !endsWith(bytes, PARQUET)) return cut(bytes);
  return broken ? again : null;
}

function remedyOf(name: string, bytes: Uint8Array, broken: boolean): Remedy | null {
  if (bytes.length === 0) return { zh: "请重新导出后再放入", en: "export it again" };
  if (/\.xls$/i.test(name)) return AS_XLSX;
  if (/\.xlsx$/i.test(name)) return ofWorkbook(bytes, broken);
  if (/\.parquet$/i.test(name)) return ofParquet(bytes, broken);
  return null;
}

/** The report as it is, or with what to do at the end of its problem. */
export function withRemedy(report: FileRead, name: string, bytes: Uint8Array): FileRead {
  if (report.problem === null || report.accepted > 0) return report;
  // The engine says of a file it began to read and could not that it is not whole.
  const remedy = remedyOf(name, bytes, report.problem.includes("不是完整的"));
  if (!remedy) return report;
  return { ...report, problem: `${report.problem}。${remedy.zh}。`, problem_en: `${report.problem_en ?? report.problem}. ${capital(remedy.en)}.` };
}

/** The report of a file whose bytes could not be had, or that the engine refused. */
export function unreadable(file: string, error: unknown): FileRead {
  const said = error as { message?: string; messageEn?: string };
  const gone = error instanceof DOMException;
  const problem = gone ? `${file}：浏览器读不到它，可能已被移动、改名、修改或被别的程序占用；请重新选择` : said.message ?? String(error);
  const english = gone ? `${file}: the browser cannot read it; it may have been moved, renamed, changed or be in use: choose it again` : said.messageEn ?? problem;
  return { file, kind: null, rows: 0, accepted: 0, rejected: 0, columns: [], problem, problem_en: english };
}
