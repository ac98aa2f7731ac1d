// The self-check: files, rules, run, results.
//
// In: the state. Out: the page. Invariant: before any file there is one thing to do, and it says so.

import type { FileRead } from "jihe/files";
import { keepFocus } from "../shell/focus.js";
import { text } from "../shell/settings.js";
import { DropZone, FirstDrop } from "./drop.js";
import { FilesTable } from "./files-table.js";
import { Progress, RulesChoice } from "./rules-choice.js";
import { Results } from "./results.js";
import { TroubleBox } from "./trouble.js";
import { files, notice, overview, phase, replaced, reports, rules, setupOpen, trouble, useOwn } from "./state.js";

/** Files and rules on one line, once there are results. */
function SetupBar() {
  const t = text.value;
  const sum = (of: (report: FileRead) => number) => reports.value.reduce((total, report) => total + of(report), 0);
  const problems = reports.value.filter((report) => report.problem !== null).length;
  return (
    <section class="panel setup-bar" aria-label={t.files.title}>
      <span id="files-total">{t.files.total(reports.value.length, sum((one) => one.accepted), sum((one) => one.rejected))}</span>
      {problems > 0 && <span class="warn">{t.files.problems(problems)}</span>}
      <span class="faint">{useOwn.value ? t.rules.own : t.rules.shipped}，{t.rules.count(rules.value.length)}</span>
      <button type="button" class="push" id="open-setup" aria-expanded="false" onClick={() => {
        setupOpen.value = true;
        keepFocus(["files-title"]);
      }}>{t.files.change}</button>
    </section>
  );
}

function Setup() {
  if (!setupOpen.value) return <SetupBar />;
  return (
    <div class="setup">
      <FilesTable />
      <RulesChoice />
    </div>
  );
}

export function Validator() {
  const t = text.value;
  const empty = files.value.length === 0;
  return (
    <DropZone>
      <h1 class="hidden">{t.tagline}</h1>
      {empty ? <FirstDrop /> : <Setup />}
      <Progress />
      {trouble.value && <TroubleBox trouble={trouble.value} />}
      {notice.value === "cancelled" && <p class="note" role="status">{t.rules.cancelled}</p>}
      {replaced.value.length > 0 && <p class="note" role="status" id="replaced">{t.files.replaced(replaced.value)}</p>}
      {overview.value && phase.value !== "auditing" && <Results overview={overview.value} />}
    </DropZone>
  );
}
