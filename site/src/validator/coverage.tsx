// How each rule ran: on how many records, and what came of them.
//
// In: the manifest of the run. Out: a table. Invariant: a rule that did not run, or could not decide, says why.

import type { Coverage, RuleLine } from "jihe/files";
import { keepFocus } from "../shell/focus.js";
import { fieldName, kindName } from "../shell/names.js";
import { text } from "../shell/settings.js";
import { parseAmount, shownAmount } from "../worker/money.js";
import { EMPTY_VIEW, tab, view } from "./state.js";

const number = (value: number) => value.toLocaleString("en-US");

/** `field:item.item_code` in words. */
function causeText(cause: string): string {
  const words = text.value.coverage.causes;
  const [what = "", about = ""] = cause.split(/:(.*)/s);
  const [kind = "", field] = about.split(".");
  const name = field ? `${kindName(kind)}.${fieldName(kind, field)}` : kindName(kind);
  return words[what] ? `${words[what]} ${name}`.trim() : cause;
}

function Reasons({ rule }: { rule: RuleLine }) {
  const parts = [
    ...(rule.reason ? [rule.reason] : []),
    ...Object.entries(rule.undecided_by_cause).map(([cause, count]) => `${causeText(cause)} ${number(count)}`),
    ...Object.entries(rule.exempt_by_reason).map(([reason, count]) => `${text.value.columns.exempt}：${reason} ${number(count)}`),
  ];
  return <td>{parts.join("；")}</td>;
}

function Line({ rule }: { rule: RuleLine }) {
  const t = text.value;
  const amount = parseAmount(rule.amount) ?? 0n;
  return (
    <tr>
      <th scope="row">{rule.hit > 0
        ? <button type="button" class="link" onClick={() => {
          view.value = { ...EMPTY_VIEW, only: { rule: rule.rule_id } };
          tab.value = "list";
          keepFocus(["grid"]);
        }}>{rule.rule_id} {rule.rule_name}</button>
        : `${rule.rule_id} ${rule.rule_name}`}</th>
      <td>{t.coverage.status[rule.status] ?? rule.status}</td>
      <td class="num">{number(rule.seen)}</td>
      <td class="num">{number(rule.hit)}</td>
      <td class="num">{number(rule.pass)}</td>
      <td class="num">{number(rule.exempt)}</td>
      <td class={rule.undecided > 0 ? "num warn" : "num"}>{number(rule.undecided)}</td>
      <td class="num">{amount > 0n ? shownAmount(amount) : t.none}</td>
      <Reasons rule={rule} />
    </tr>
  );
}

export function CoveragePanel({ manifest }: { manifest: Coverage }) {
  const t = text.value;
  const numbers = ["seen", "hit", "pass", "exempt", "undecided", "amount"] as const;
  return (
    <div>
      <p class="faint">{t.coverage.intro}</p>
      <div class="scroll tall" tabIndex={0} role="region" aria-label={t.coverage.caption}>
        <table class="plain" id="coverage">
          <caption class="hidden">{t.coverage.caption}</caption>
          <thead><tr>
            <th scope="col">{t.list.rule}</th><th scope="col">{t.columns.status}</th>
            {numbers.map((column) => <th scope="col" class="num">{t.columns[column]}</th>)}
            <th scope="col">{t.columns.why}</th>
          </tr></thead>
          <tbody>{manifest.rules.map((rule) => <Line rule={rule} />)}</tbody>
        </table>
      </div>
    </div>
  );
}
