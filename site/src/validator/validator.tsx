// The self-check: files, rules, run, results.
//
// In: the state. Out: the page. Invariant: before any file there is one thing to do, and it says so.

import { text } from "../shell/settings.js";
import { DropZone, FirstDrop } from "./drop.js";
import { FilesTable } from "./files-table.js";
import { Progress, RulesChoice } from "./rules-choice.js";
import { Results } from "./results.js";
import { TroubleBox } from "./trouble.js";
import { files, notice, overview, phase, trouble } from "./state.js";

function Setup() {
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
      {overview.value && phase.value !== "auditing" && <Results overview={overview.value} />}
    </DropZone>
  );
}
