// The results of a run: the figures, and the parts below them.
//
// In: the overview of a run. Out: tiles and tabs. Invariant: what was not decided and not read stands beside what was found.

import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../shell/settings.js";
import { Tabs } from "../shell/tabs.js";
import type { Overview } from "../worker/protocol.js";
import { CoveragePanel } from "./coverage.js";
import { FindingList } from "./list.js";
import { marks } from "./marks.js";
import { OverviewPanel } from "./overview.js";
import { RejectsPanel } from "./rejects.js";
import { runs, tab, undecided, type Tab } from "./state.js";

const number = (value: number) => value.toLocaleString("en-US");

function Tile({ id, name, value, hint }: { id: string; name: string; value: string; hint?: string }) {
  return (
    <div class="tile">
      <dt>{name}{hint && <span class="faint"> {hint}</span>}</dt>
      <dd id={id}>{value}</dd>
    </div>
  );
}

export function Results({ overview }: { overview: Overview }) {
  const t = text.value.result;
  const heading = useRef<HTMLHeadingElement>(null);
  const { manifest } = overview;
  useLayoutEffect(() => heading.current?.focus(), [runs.value]);
  return (
    <section class="results" aria-labelledby="results-title">
      <div class="panel-head">
        <h2 id="results-title" tabIndex={-1} ref={heading}>{t.title}</h2>
        <span class="faint">{manifest.ruleset.name} {manifest.ruleset.version} · {t.seconds(overview.milliseconds)}</span>
        <span class="faint push">{text.value.evidenceNotAccusation}</span>
      </div>
      <dl class="tiles">
        <Tile id="total-findings" name={t.findings} value={number(overview.findings)} />
        <Tile id="total-amount" name={t.amount} hint={t.amountHint} value={text.value.yuan(overview.amount)} />
        <Tile id="total-undecided" name={t.undecided} hint={t.undecidedHint} value={number(undecided.value)} />
        <Tile id="total-rejects" name={t.rejects} value={number(manifest.rejected)} />
        <Tile id="total-marked" name={t.marked} value={number(marks.value.size)} />
      </dl>
      {overview.findings === 0 && <p class="note">{t.nothing}</p>}
      <Tabs<Tab> label={t.tabs.label} chosen={tab.value} onChoose={(name) => { tab.value = name; }} items={[
        { name: "overview", label: t.tabs.overview, panel: () => <OverviewPanel /> },
        { name: "list", label: t.tabs.list, count: number(overview.findings), panel: () => <FindingList /> },
        { name: "rules", label: t.tabs.rules, count: number(manifest.rules.length), panel: () => <CoveragePanel manifest={manifest} /> },
        { name: "rejects", label: t.tabs.rejects, count: number(manifest.rejected), panel: () => <RejectsPanel id="rejects" total={manifest.rejected} /> },
      ]} />
    </section>
  );
}
