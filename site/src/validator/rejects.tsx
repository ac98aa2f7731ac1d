// The rows that could not be read, with place and reason.
//
// In: rejects from the worker. Out: a table that grows on demand, below the files and among the results. Invariant: every one can be reached.

import { useState } from "preact/hooks";
import { either, text } from "../shell/settings.js";
import { useAnswer } from "../shell/use-answer.js";
import { client } from "./client.js";
import { fail, phase, rejectCount, reports, runs } from "./state.js";

const STEP = 200;

/** The rows that were not read, below the files: known before anything runs. */
export function RejectsBelowFiles() {
  const [open, setOpen] = useState(false);
  if (rejectCount.value === 0 || phase.value !== "idle") return null;
  return (
    <details class="rejected" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="warn">{text.value.files.whyRejected(rejectCount.value)}</summary>
      {open && <RejectsPanel id="rejected" total={rejectCount.value} />}
    </details>
  );
}

export function RejectsPanel({ id, total }: { id: string; total: number }) {
  const t = text.value;
  const [limit, setLimit] = useState(STEP);
  const list = useAnswer(() => client.call("rejects", [0, limit]), [limit, runs.value, reports.value], fail);
  if (list && list.length === 0) return <p class="note">{t.rejects.none}</p>;
  return (
    <div>
      <div class="scroll tall" tabIndex={0} role="region" aria-label={t.rejects.caption}>
        <table class="plain" id={id}>
          <caption class="hidden">{t.rejects.caption}</caption>
          <thead><tr>
            <th scope="col">{t.columns.file}</th><th scope="col" class="num">{t.columns.line}</th><th scope="col">{t.columns.column}</th>
            <th scope="col">{t.columns.value}</th><th scope="col">{t.columns.why}</th>
          </tr></thead>
          <tbody>{list?.map((reject) => (
            <tr><td>{reject.file}</td><td class="num">{reject.line}</td><td>{reject.column}</td><td class="key">{reject.value}</td>
              <td>{either(reject.reason, reject.reason_en)}</td></tr>
          ))}</tbody>
        </table>
      </div>
      {list && total > list.length && (
        <button type="button" onClick={() => setLimit(limit + STEP)}>{t.rejects.more(Math.min(STEP, total - list.length))}</button>
      )}
    </div>
  );
}
