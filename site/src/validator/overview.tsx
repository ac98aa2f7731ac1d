// The findings in sums: by month, rule, department, practitioner, person.
//
// In: groups from the worker. Out: charts that are tables, so that they read aloud. Invariant: a name chosen filters the list by it.

import { keepFocus } from "../shell/focus.js";
import { text } from "../shell/settings.js";
import { useAnswer } from "../shell/use-answer.js";
import type { Dimension, Group, Groups } from "../worker/protocol.js";
import { client } from "./client.js";
import { EMPTY_VIEW, fail, runs, tab, view } from "./state.js";

const MOST = 12;
const MOST_RULES = 100;
const MOST_MONTHS = 60;

const number = (value: number) => value.toLocaleString("en-US");

function filterBy(dimension: Dimension, key: string): void {
  view.value = { ...EMPTY_VIEW, only: { [dimension]: key } };
  tab.value = "list";
  keepFocus(["grid"]);
}

function useGroups(dimension: Dimension, limit: number): Groups | null {
  return useAnswer(() => client.call("groups", [EMPTY_VIEW, dimension, limit]), [runs.value, dimension, limit], fail);
}

function Bar({ group, dimension }: { group: Group; dimension: Dimension }) {
  return (
    <tr>
      <th scope="row"><button type="button" class="link" onClick={() => filterBy(dimension, group.key)}>{group.label}</button></th>
      <td class="bar-cell" aria-hidden="true">
        <svg class="bar-svg" viewBox="0 0 100 10" preserveAspectRatio="none"><rect width={Math.max(1, group.share * 100)} height="10" rx="1" /></svg>
      </td>
      <td class="num">{number(group.count)}</td>
      <td class="num">{group.amount ?? text.value.none}</td>
    </tr>
  );
}

function Bars({ dimension, title, limit = MOST }: { dimension: Dimension; title: string; limit?: number }) {
  const t = text.value.overview;
  const answer = useGroups(dimension, limit);
  return (
    <section class={`panel chart chart-${dimension}`} aria-label={title}>
      <div class="panel-head">
        <h3>{title}</h3>
        {answer && answer.total > answer.groups.length && <span class="faint">{t.more(answer.groups.length, answer.total)}</span>}
      </div>
      {answer && answer.groups.length === 0 ? <p class="note">{t.empty}</p> : (
        <table class="bars">
          <caption class="hidden">{title}</caption>
          <thead><tr><th scope="col">{t.name}</th><td></td><th scope="col" class="num">{t.count}</th><th scope="col" class="num">{t.amount}</th></tr></thead>
          <tbody>{answer?.groups.map((group) => <Bar group={group} dimension={dimension} />)}</tbody>
        </table>
      )}
    </section>
  );
}

/** One column a month; each is a button with its figures as its name. */
function Months() {
  const t = text.value.overview;
  const answer = useGroups("month", MOST_MONTHS);
  const groups = answer?.groups ?? [];
  if (groups.length < 2) return null;
  return (
    <section class="panel chart chart-month" aria-label={t.byMonth}>
      <div class="panel-head"><h3>{t.byMonth}</h3></div>
      <div class="months">
        {groups.map((group) => (
          <button type="button" class="month" title={t.monthLabel(group.key, group.count, group.amount)} onClick={() => filterBy("month", group.key)}>
            <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
              <rect y={100 - Math.max(1, group.share * 100)} width="10" height={Math.max(1, group.share * 100)} />
            </svg>
            <span class="month-name" aria-hidden="true">{group.key.slice(2)}</span>
            <span class="hidden">{t.monthLabel(group.key, group.count, group.amount)}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

export function OverviewPanel() {
  const t = text.value.overview;
  return (
    <div>
      <div class="charts">
        <Bars dimension="rule" title={t.byRule} limit={MOST_RULES} />
        <div class="charts-side">
          <Months />
          <Bars dimension="department" title={t.byDepartment} />
          <Bars dimension="practitioner" title={t.byPractitioner} />
          <Bars dimension="person" title={t.byPerson} />
        </div>
      </div>
      <p class="faint">{t.note}</p>
    </div>
  );
}
