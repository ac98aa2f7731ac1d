// The records a finding names, as tables, one a kind.
//
// In: records with their fields. Out: tables of the fields that matter, all fields on demand.
// Invariant: a record that is not among the data is listed by its key and said to be missing.

import { useState } from "preact/hooks";
import { fieldName, kindName, kindOf } from "../shell/names.js";
import { text } from "../shell/settings.js";
import type { EvidenceRecord } from "../worker/protocol.js";

/** The fields shown first; of a kind not here, the first that have values. */
const MAIN: Record<string, readonly string[]> = {
  item: ["item_name", "used_time", "quantity", "unit_price", "amount", "days_of_supply", "ordering_department", "ordering_practitioner"],
  visit: ["visit_type", "time", "discharge_time", "main_diagnosis_name", "department", "total_amount"],
  settlement: ["time", "total_amount", "fund_amount", "person_amount", "channel"],
  diagnosis: ["code", "name", "phase", "main"],
  refund: ["item", "time", "quantity", "amount", "way"],
  trace: ["code", "item", "institution", "time", "quantity"],
  enrolment: ["insurance", "start_date", "end_date", "status", "region"],
  registration: ["disease_name", "start_date", "end_date", "practitioner", "qualifying_diagnosis"],
  operation: ["name", "start_time", "end_time", "incision", "surgeon"],
};
const FEW = 6;

function columnsOf(kind: string, records: EvidenceRecord[], all: boolean): string[] {
  const filled = (field: string) => records.some((record) => (record.fields?.[field] ?? "") !== "");
  const known = [...(kindOf(kind)?.fields.map((field) => field.en) ?? [])];
  const given = records.flatMap((record) => Object.keys(record.fields ?? {}));
  const every = [...new Set([...known, ...given])].filter(filled);
  if (all) return every;
  const main = (MAIN[kind] ?? []).filter(filled);
  return main.length > 0 ? main : every.slice(0, FEW);
}

const isNumber = (value: string) => /^-?[\d,]+(\.\d+)?$/.test(value);

function KindTable({ kind, records }: { kind: string; records: EvidenceRecord[] }) {
  const t = text.value.detail;
  const [all, setAll] = useState(false);
  const columns = columnsOf(kind, records, all);
  const amounts = records.some((record) => record.amount !== null);
  return (
    <div>
      <div class="scroll" tabIndex={0} role="region" aria-label={kindName(kind)}>
        <table class="plain">
          <caption>{kindName(kind)} {records.length}</caption>
          <thead><tr>
            <th scope="col">{t.key}</th>
            {amounts && <th scope="col" class="num">{t.amount}</th>}
            {columns.map((column) => <th scope="col">{fieldName(kind, column)}</th>)}
          </tr></thead>
          <tbody>{records.map((record) => (
            <tr>
              <th scope="row" class="key">{record.key}</th>
              {amounts && <td class="num">{record.amount ?? text.value.none}</td>}
              {record.fields === null
                ? <td class="faint" colSpan={Math.max(1, columns.length)}>{t.missing}</td>
                : columns.map((column) => {
                  const value = record.fields?.[column] ?? "";
                  return <td class={isNumber(value) ? "num" : ""}>{value}</td>;
                })}
            </tr>
          ))}</tbody>
        </table>
      </div>
      <button type="button" class="quiet" aria-expanded={all} onClick={() => setAll(!all)}>{all ? t.fewFields : t.allFields}</button>
    </div>
  );
}

export function Evidence({ title, records }: { title: string; records: EvidenceRecord[] }) {
  if (records.length === 0) return null;
  const kinds = [...new Set(records.map((record) => record.kind))];
  return (
    <section class="evidence">
      <h4>{title} {records.length}</h4>
      {kinds.map((kind) => <KindTable kind={kind} records={records.filter((record) => record.kind === kind)} />)}
    </section>
  );
}
