// Beside the rules: the claim and what it hits, the tests, the tables.
//
// In: the state. Out: the three panels. Invariant: while the rules have errors, nothing old is shown as if it were their answer.

import type { Finding, Place } from "jihe";
import { useState } from "preact/hooks";
import { kindName } from "../shell/names.js";
import { either, text } from "../shell/settings.js";
import { parseAmount, shownAmount } from "../worker/money.js";
import { Editor } from "./editor.js";
import { answer, claims, editClaims, hasErrors, opening, tables } from "./state.js";

function FindingCard({ finding }: { finding: Finding }) {
  const words = text.value;
  const amount = parseAmount(finding.amount);
  const values = Object.entries(finding.values);
  return (
    <li class="card">
      <p><strong>{finding.rule_id} {finding.rule_name}</strong> <span class={`badge ${finding.nature}`}>{words.natures[finding.nature]}</span>
        {amount !== null && <span class="push num">{words.yuan(shownAmount(amount))}</span>}</p>
      <p class="sentence">{finding.message}</p>
      <p class="faint">
        {finding.offending.length > 0 && `${words.detail.offending}：${finding.offending.map((line) => `${kindName(line.kind)} ${line.key}`).join("、")}　`}
        {finding.involved.length > 0 && `${words.detail.involved}：${finding.involved.map((line) => `${kindName(line.kind)} ${line.key}`).join("、")}`}
      </p>
      {values.length > 0 && <p class="faint">{values.map(([name, value]) => `${name} = ${value ?? words.none}`).join("；")}</p>}
      {finding.verify && <p>{words.detail.verify}：{finding.verify}</p>}
    </li>
  );
}

export function ClaimsPanel() {
  const t = text.value.bench;
  const said = answer.value;
  return (
    <div class="claims">
      <p class="faint">{t.claimsHint}</p>
      <Editor id="claims-editor" label={t.claims} language="json" value={claims.value} current={() => claims.value} document={String(opening.value)} onChange={editClaims} />
      <div class="claims-findings" tabIndex={0} role="region" aria-label={text.value.result.findings}>
        {hasErrors.value && <p class="note">{t.waiting}</p>}
        {said?.refusal && <p class="trouble" role="alert">{either(said.refusal.message, said.refusal.message_en)}</p>}
        {said && said.rejects.length > 0 && (
          <div class="trouble" role="alert"><p>{t.rejected(said.rejects.length)}</p>
            <ul>{said.rejects.slice(0, 10).map((reject) => <li>{reject.column} {reject.value}: {either(reject.reason, reject.reason_en)}</li>)}</ul></div>
        )}
        {said?.findings && <p role="status" id="bench-findings">{t.findings(said.findings.length)}</p>}
        <ul class="cards">{said?.findings?.slice(0, 100).map((finding) => <FindingCard finding={finding} />)}</ul>
      </div>
    </div>
  );
}

export function TestsPanel({ onGo }: { onGo: (place: Place) => void }) {
  const t = text.value.bench;
  if (hasErrors.value) return <p class="note">{t.waiting}</p>;
  const report = answer.value?.tests;
  if (!report) return <p class="note">{t.checking}</p>;
  if (report.tests === 0) return <p class="note">{t.noTests}</p>;
  return (
    <div>
      <p role="status" id="tests-said" class={report.failures.length > 0 ? "bad-text" : "good-text"}>
        {report.failures.length > 0 ? `✗ ${t.testsFailed(report.failures.length, report.expectations)}` : `✓ ${t.testsPassed(report.tests, report.expectations)}`}
      </p>
      <ul class="cards">
        {report.failures.map((failure) => (
          <li class="card">
            <button type="button" class="link" onClick={() => onGo(failure.place)}><strong>{failure.test}</strong> {either(failure.message, failure.message_en)}
              <span class="faint"> {t.place(failure.place.file ?? "", failure.place.line)}</span></button>
          </li>
        ))}
      </ul>
    </div>
  );
}

const FIRST_LINES = 200;

export function TablesPanel() {
  const t = text.value.bench;
  const names = Object.keys(tables.value);
  const [chosen, setChosen] = useState<string | null>(null);
  const name = chosen !== null && names.includes(chosen) ? chosen : names[0];
  if (name === undefined) return <p class="note">{text.value.none}</p>;
  const lines = (tables.value[name] ?? "").trim().split("\n");
  return (
    <div>
      <label class="field"><span>{t.tables}</span>
        <select value={name} onChange={(event) => setChosen(event.currentTarget.value)}>{names.map((one) => <option value={one}>{one}</option>)}</select>
      </label>
      <p class="faint">{t.rows(Math.max(0, lines.length - 1))}</p>
      <pre class="table-text" tabIndex={0}>{lines.slice(0, FIRST_LINES).join("\n")}{lines.length > FIRST_LINES ? "\n…" : ""}</pre>
    </div>
  );
}
