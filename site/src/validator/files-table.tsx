// What was read and what was not, file by file.
//
// In: the reports of reading. Out: a table. Invariant: every file given has a row, with the reason where it was not read.

import type { FileRead } from "jihe/files";
import { either, text } from "../shell/settings.js";
import { kindName } from "../shell/names.js";
import { Chooser } from "./drop.js";
import { RejectsBelowFiles } from "./rejects.js";
import { clearFiles, fileOf, phase, removeFile, reports } from "./state.js";

const number = (value: number) => value.toLocaleString("en-US");

function Unmapped({ report }: { report: FileRead }) {
  const t = text.value.files;
  const unknown = report.columns.filter((column) => column.field === null).map((column) => column.header);
  if (report.kind === null) return <td>{text.value.none}</td>;
  if (unknown.length === 0) return <td class="faint">{t.allMapped}</td>;
  return (
    <td class="warn">
      {unknown.length <= 3 ? unknown.join("、") : (
        <details><summary>{unknown.slice(0, 2).join("、")}… ({unknown.length})</summary>{unknown.slice(2).join("、")}</details>
      )}
    </td>
  );
}

function Line({ report }: { report: FileRead }) {
  const t = text.value.files;
  const file = fileOf(report);
  return (
    <tr class={report.problem ? "bad" : ""}>
      <th scope="row">{report.file}</th>
      <td>{report.kind ? kindName(report.kind) : t.unknownKind}</td>
      <td class="num">{number(report.rows)}</td>
      <td class="num">{number(report.accepted)}</td>
      <td class={report.rejected > 0 ? "num warn" : "num"}>{number(report.rejected)}</td>
      {report.problem ? <td class="problem">{either(report.problem, report.problem_en)}</td> : <Unmapped report={report} />}
      <td>{file && <button type="button" class="quiet remove" aria-label={t.remove(file.name)} title={t.remove(file.name)} disabled={phase.value !== "idle"}
        onClick={() => void removeFile(file)}>×</button>}</td>
    </tr>
  );
}

export function FilesTable() {
  const t = text.value;
  const list = [...reports.value].sort((left, right) => Number(right.problem !== null) - Number(left.problem !== null));
  const sum = (of: (report: FileRead) => number) => list.reduce((total, report) => total + of(report), 0);
  const lacksItems = list.length > 0 && phase.value === "idle" && !list.some((report) => report.kind?.split("+").includes("item") && report.accepted > 0);
  return (
    <section class="panel" aria-labelledby="files-title">
      <div class="panel-head">
        <h2 id="files-title" tabIndex={-1}>{t.files.title}</h2>
        <span class="faint" role="status" id="files-total">{t.files.total(list.length, sum((one) => one.accepted), sum((one) => one.rejected))}</span>
        <span class="push"><Chooser id="add-files" label={t.drop.more} /></span>
        <button type="button" class="quiet" onClick={clearFiles}>{t.drop.clear}</button>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.files.caption}>
        <table class="plain" id="files">
          <caption class="hidden">{t.files.caption}</caption>
          <thead><tr>
            <th scope="col">{t.files.file}</th><th scope="col">{t.files.kind}</th><th scope="col" class="num">{t.files.rows}</th>
            <th scope="col" class="num">{t.files.accepted}</th><th scope="col" class="num">{t.files.rejected}</th>
            <th scope="col">{t.files.unmapped}</th><td></td>
          </tr></thead>
          <tbody>{list.map((report) => <Line report={report} />)}</tbody>
        </table>
      </div>
      <RejectsBelowFiles />
      {lacksItems && <p class="note">{t.files.missing}</p>}
    </section>
  );
}
