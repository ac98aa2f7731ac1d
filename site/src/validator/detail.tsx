// One finding: the sentence, how to verify it, why it fired, the records, the mark.
//
// In: the place of a finding. Out: a panel beside the grid. Invariant: it shows what the engine said and nothing it concluded itself.

import { useEffect, useRef } from "preact/hooks";
import { kindName } from "../shell/names.js";
import { text } from "../shell/settings.js";
import { useAnswer } from "../shell/use-answer.js";
import type { Detail } from "../worker/protocol.js";
import { client } from "./client.js";
import { Evidence } from "./evidence.js";
import { MarkBox } from "./mark-box.js";
import { fail, focusDetail, opened, runs } from "./state.js";
import { Timeline } from "./timeline.js";

function Facts({ detail }: { detail: Detail }) {
  const t = text.value.detail;
  const { finding, names } = detail;
  const named = (key: string | null, name: string | null) => [key, name].filter(Boolean).join(" ");
  const facts: [string, string][] = [
    [t.person, named(finding.person, names.person)],
    [t.practitioner, named(finding.practitioner, names.practitioner)],
    [t.department, detail.department ?? ""],
    [t.institution, named(finding.institution, names.institution)],
    [t.visit, finding.visit ?? ""],
    [t.date, finding.service_date ?? ""],
    [kindName(finding.subject_kind), finding.subject_key],
  ];
  return (
    <dl class="facts">
      {facts.filter(([, value]) => value !== "").map(([name, value]) => <div><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

function Values({ detail }: { detail: Detail }) {
  const t = text.value.detail;
  const values = Object.entries(detail.finding.values);
  if (values.length === 0) return null;
  return (
    <section>
      <h4>{t.why}</h4>
      <table class="plain values"><caption class="hidden">{t.values}</caption>
        <tbody>{values.map(([name, value]) => <tr><th scope="row">{name}</th><td>{value ?? text.value.none}</td></tr>)}</tbody>
      </table>
    </section>
  );
}

function Body({ detail }: { detail: Detail }) {
  const words = text.value;
  const t = words.detail;
  const { finding } = detail;
  const records = detail.records;
  const listed = new Set(records.filter((record) => record.role !== "subject").map((record) => `${record.kind}|${record.key}`)).size;
  const total = new Set([...finding.offending, ...finding.involved].map((line) => `${line.kind}|${line.key}`)).size;
  return (
    <>
      <p class="sentence" id="sentence">{finding.message}</p>
      <p><span class={`badge ${finding.nature}`}>{words.natures[finding.nature]}</span>{" "}
        <strong>{detail.amount === null ? <span class="faint">{t.noAmount}</span> : `${t.amount} ${words.yuan(detail.amount)}`}</strong></p>
      <MarkBox finding={finding} />
      {finding.verify && <section class="verify"><h4>{t.verify}</h4><p>{finding.verify}</p></section>}
      <Values detail={detail} />
      <Timeline records={records} />
      {(["offending", "involved", "subject"] as const).map((role) => (
        <Evidence title={t[role]} records={records.filter((record) => record.role === role)} />
      ))}
      {records.length === 0 && <p class="faint">{t.noRecords}</p>}
      {total > listed && <p class="faint">{t.more(total - listed)}</p>}
      <section><h4>{t.basis}</h4><ul class="basis">{finding.basis.split("；").filter(Boolean).map((one) => <li>{one}</li>)}</ul></section>
      <Facts detail={detail} />
      {detail.rule && <details><summary>{t.source} · {t.version} {finding.rule_version}</summary><pre tabIndex={0}>{detail.rule.text}</pre></details>}
    </>
  );
}

export function DetailPanel({ at }: { at: number }) {
  const t = text.value.detail;
  const heading = useRef<HTMLHeadingElement>(null);
  const detail = useAnswer(() => client.call("detail", [at]), [at, runs.value], fail);
  useEffect(() => {
    if (!detail || !focusDetail.value) return;
    focusDetail.value = false;
    heading.current?.focus();
  }, [detail]);
  const close = () => {
    opened.value = null;
    document.getElementById("grid")?.focus();
  };
  const title = detail ? `${detail.finding.rule_id} ${detail.finding.rule_name}` : t.title;
  return (
    <aside class="detail" id="detail" aria-label={t.title} onKeyDown={(event) => {
      if (event.key === "Escape") close();
    }}>
      <div class="panel-head">
        <h3 ref={heading} tabIndex={-1}>{title}</h3>
        <button type="button" class="quiet push" id="close-detail" onClick={close}>{text.value.close}</button>
      </div>
      {detail && <Body key={detail.finding.finding_id} detail={detail} />}
    </aside>
  );
}

