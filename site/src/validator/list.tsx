// The list of findings: filters above, the grid, the finding opened beside it, exports.
//
// In: the view, rows from the worker. Out: the list. Invariant: what is exported is what the filters show, in the order shown.

import { useEffect, useRef, useState } from "preact/hooks";
import { download, stamp } from "../shell/download.js";
import { keepFocus } from "../shell/focus.js";
import { language, text } from "../shell/settings.js";
import type { Dimension, View } from "../worker/protocol.js";
import { client } from "./client.js";
import { DetailPanel } from "./detail.js";
import { FindingGrid } from "./grid.js";
import { importMarks, kept, marks, marksFile } from "./marks.js";
import { EMPTY_VIEW, fail, opened, overview, view } from "./state.js";

const SEARCH_DELAY = 200;

const change = (part: Partial<View>) => { view.value = { ...view.value, ...part }; };

function setOnly(dimension: Dimension, value: string): void {
  const { [dimension]: _, ...rest } = view.value.only;
  change({ only: value === "" ? rest : { ...rest, [dimension]: value } });
}

function Search() {
  const t = text.value.list;
  const [typed, setTyped] = useState(view.value.text);
  useEffect(() => setTyped(view.value.text), [view.value.text]);
  useEffect(() => {
    if (typed === view.value.text) return undefined;
    const timer = setTimeout(() => change({ text: typed }), SEARCH_DELAY);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label class="field"><span>{t.search}</span>
      <input type="search" id="search" value={typed} placeholder={t.searchHint} onInput={(event) => setTyped(event.currentTarget.value)} />
    </label>
  );
}

function Filters() {
  const words = text.value;
  const t = words.list;
  const rules = overview.value?.manifest.rules.filter((rule) => rule.hit > 0) ?? [];
  return (
    <>
      <Search />
      <label class="field"><span>{t.rule}</span>
        <select id="filter-rule" value={view.value.only.rule ?? ""} onChange={(event) => setOnly("rule", event.currentTarget.value)}>
          <option value="">{t.any}</option>
          {rules.map((rule) => <option value={rule.rule_id}>{rule.rule_id} {rule.rule_name} ({rule.hit})</option>)}
        </select>
      </label>
      <label class="field"><span>{t.nature}</span>
        <select id="filter-nature" value={view.value.only.nature ?? ""} onChange={(event) => setOnly("nature", event.currentTarget.value)}>
          <option value="">{t.any}</option>
          {Object.entries(words.natures).map(([nature, name]) => <option value={nature}>{name}</option>)}
        </select>
      </label>
      <label class="field"><span>{t.mark}</span>
        <select id="filter-mark" value={view.value.mark} onChange={(event) => change({ mark: event.currentTarget.value as View["mark"] })}>
          <option value="">{t.any}</option>
          <option value="none">{t.unmarked}</option>
          {Object.entries(words.markStates).map(([state, name]) => <option value={state}>{name}</option>)}
        </select>
      </label>
    </>
  );
}

function Chips() {
  const t = text.value.list;
  const others = (["department", "practitioner", "person", "month"] as const).filter((dimension) => view.value.only[dimension] !== undefined);
  const filtered = JSON.stringify({ ...view.value, sort: null }) !== JSON.stringify(EMPTY_VIEW);
  if (!filtered) return null;
  return (
    <span class="chips">
      {others.map((dimension) => {
        const value = view.value.only[dimension] ?? "";
        return <button type="button" class="chip" aria-label={t.remove(value)} onClick={() => {
          setOnly(dimension, "");
          keepFocus(["grid"]);
        }}>{value} ×</button>;
      })}
      <button type="button" class="quiet" onClick={() => {
        view.value = { ...EMPTY_VIEW, sort: view.value.sort };
        keepFocus(["grid"]);
      }}>{t.clear}</button>
    </span>
  );
}

function Exports({ count }: { count: number | null }) {
  const words = text.value;
  const t = words.list;
  const [said, setSaid] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const save = async (format: "csv" | "xlsx") => {
    setSaid(t.exporting);
    try {
      const file = await client.call("export", [{ format, language: language.value, view: view.value }]);
      download(file, `${words.sheets.findings}-${stamp()}.${format}`);
      setSaid(t.exported(count ?? 0));
    } catch (error) {
      setSaid("");
      fail(error);
    }
  };
  const take = async (file: File) => {
    const taken = await importMarks(file);
    setSaid(taken === null ? t.badMarks : t.imported(taken));
  };
  return (
    <div class="exports">
      <button type="button" id="export-xlsx" onClick={() => void save("xlsx")}>{t.exportXlsx}</button>
      <button type="button" id="export-csv" onClick={() => void save("csv")}>{t.exportCsv}</button>
      <button type="button" id="export-marks" disabled={marks.value.size === 0} onClick={() => download(marksFile(), `${t.marks}-${stamp()}.json`)}>{t.exportMarks}</button>
      <button type="button" onClick={() => input.current?.click()}>{t.importMarks}</button>
      <input ref={input} id="import-marks" type="file" accept=".json" hidden onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        event.currentTarget.value = "";
        if (file) void take(file);
      }} />
      <span role="status" class="faint" id="export-said">{said}</span>
    </div>
  );
}

export function FindingList() {
  const words = text.value;
  const [shown, setShown] = useState<{ total: number; amount: string | null } | null>(null);
  return (
    <div class="list">
      <div class="filters" role="search"><Filters /><Exports count={shown?.total ?? null} /></div>
      <p class="shown">
        <span role="status" id="shown">{shown && (shown.total === 0 ? words.list.none : words.list.shown(shown.total, shown.amount))}</span>
        <Chips />
        {!kept.value && <span class="warn">{words.mark.unsaved}</span>}
      </p>
      <div class={opened.value === null ? "list-body" : "list-body with-detail"}>
        <FindingGrid onShown={setShown} />
        {opened.value !== null && <DetailPanel at={opened.value} />}
      </div>
    </div>
  );
}
