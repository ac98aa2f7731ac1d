// An error, said so that it can be mended.
//
// In: a message in both languages, diagnostics of rules. Out: a box. Invariant: announced to a screen reader when it appears.

import type { Diagnostic } from "jihe";
import { either, text } from "../shell/settings.js";
import type { Trouble } from "./state.js";

export function DiagnosticLine({ diagnostic }: { diagnostic: Diagnostic }) {
  const t = text.value.bench;
  const label = diagnostic.labels[0];
  const help = either(diagnostic.help ?? "", diagnostic.help_en);
  return (
    <li>
      <strong>{diagnostic.code}</strong> {either(diagnostic.message, diagnostic.message_en)}
      {label && <span class="faint"> {t.place(label.place.file ?? "", label.place.line)}</span>}
      {help && <div class="faint">{t.help}{help}</div>}
    </li>
  );
}

export function TroubleBox({ trouble }: { trouble: Trouble }) {
  const t = text.value;
  const shown = trouble.diagnostics.slice(0, 8);
  return (
    <div class="trouble" role="alert">
      <strong>{shown.length > 0 ? t.rules.refused : t.failed}</strong>
      {shown.length > 0
        ? <ul>{shown.map((diagnostic) => <DiagnosticLine diagnostic={diagnostic} />)}</ul>
        : <p>{either(trouble.message, trouble.english)}</p>}
    </div>
  );
}
