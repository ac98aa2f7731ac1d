// The mark of a finding.
//
// In: the finding. Out: three buttons and a reason. Invariant: 有正当理由 is kept only with a reason.

import type { Finding } from "jihe";
import { useState } from "preact/hooks";
import { keepFocus } from "../shell/focus.js";
import { text } from "../shell/settings.js";
import type { MarkState } from "../worker/protocol.js";
import { clearMark, kept, marks, setMark } from "./marks.js";

const STATES: readonly MarkState[] = ["verified", "justified", "open"];

export function MarkBox({ finding }: { finding: Finding }) {
  const words = text.value;
  const t = words.mark;
  const mark = marks.value.get(finding.finding_id);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState(mark?.reason ?? "");
  const choose = (state: MarkState) => {
    if (state === "justified") return setAsking(true);
    setAsking(false);
    return void setMark(finding, state, "");
  };
  const save = (event: Event) => {
    event.preventDefault();
    if (reason.trim() === "") return;
    // The field goes away; the focus must not go with it.
    document.getElementById("mark-justified")?.focus();
    setAsking(false);
    void setMark(finding, "justified", reason.trim());
  };
  return (
    <section class="mark-box" aria-label={t.title}>
      <div class="row-of-buttons">
        <h4>{t.title}</h4>
        {STATES.map((state) => (
          <button type="button" id={`mark-${state}`} class={`toggle mark-${state}`} aria-pressed={mark?.state === state} onClick={() => choose(state)}>
            {words.markStates[state]}
          </button>
        ))}
        {mark && <button type="button" class="quiet" id="mark-clear" onClick={() => {
          void clearMark(finding.finding_id);
          keepFocus(["mark-verified"]);
        }}>{t.clear}</button>}
      </div>
      {asking && (
        <form class="reason" onSubmit={save}>
          <label class="field"><span>{t.reason}</span>
            <input id="mark-reason" required value={reason} onInput={(event) => setReason(event.currentTarget.value)}
              ref={(input) => { if (input && reason === "") input.focus(); }} />
          </label>
          <button type="submit" class="primary" id="mark-save" disabled={reason.trim() === ""}>{t.save}</button>
        </form>
      )}
      <p class="faint" role="status" id="mark-said">
        {mark && `${words.markStates[mark.state]}${mark.reason ? `：${mark.reason}` : ""} · ${kept.value ? t.saved : t.unsaved}`}
      </p>
    </section>
  );
}
