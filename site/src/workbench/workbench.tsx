// The workbench: rules on the left with what the checker says, a claim, tests and tables on the right.
//
// In: the state. Out: the page. Invariant: the engine is asked as the author types; nothing waits for a button.

import { signal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Diagnostic as Lint } from "@codemirror/lint";
import type { Diagnostic, Place } from "jihe";
import { download } from "../shell/download.js";
import { either, go, text } from "../shell/settings.js";
import { Tabs } from "../shell/tabs.js";
import { ownRules, readAgain, useOwn } from "../validator/state.js";
import { Editor, type TestMark } from "./editor.js";
import { ClaimsPanel, TablesPanel, TestsPanel } from "./panels.js";
import {
  active, answer, checking, diagnostics, edit, files, formatActive, hasErrors, openExample, openFiles, opening, tables, trouble, type Example,
} from "./state.js";

type Side = "claims" | "tests" | "tables";
const side = signal<Side>("claims");

/** Offset in the text of a line and a UTF-16 column. */
function offsetOf(source: string, line: number, column: number): number {
  let at = 0;
  for (let number = 1; number < line; number += 1) {
    const end = source.indexOf("\n", at);
    if (end < 0) return source.length;
    at = end + 1;
  }
  return Math.min(at + column, source.length);
}

function lintOf(diagnostic: Diagnostic, source: string): Lint[] {
  const label = diagnostic.labels[0];
  if (!label || label.place.file !== active.value) return [];
  const range = (place: Place) => ({ from: offsetOf(source, place.line, place.utf16), to: offsetOf(source, place.end_line, place.end_utf16) });
  const fix = diagnostic.fix;
  const help = either(diagnostic.help ?? "", diagnostic.help_en);
  return [{
    ...range(label.place),
    severity: diagnostic.severity === "error" ? "error" : "warning",
    message: `${diagnostic.code} ${either(diagnostic.message, diagnostic.message_en)}${help ? `\n${help}` : ""}`,
    actions: fix && fix.place.file === active.value
      ? [{ name: text.value.bench.fix, apply: (view) => view.dispatch({ changes: { ...range(fix.place), insert: fix.replacement } }) }]
      : [],
  }];
}

/** The tests of the active file, each with whether it passed. */
function testMarks(source: string): TestMark[] {
  const failures = answer.value?.tests.failures;
  if (!failures) return [];
  const words = text.value.bench;
  const failed = new Set(failures.map((failure) => failure.test));
  const found: TestMark[] = [];
  source.split("\n").forEach((line, at) => {
    const name = /^\s*(?:测试|test)\s+["“]([^"”]*)["”]/.exec(line)?.[1];
    if (name !== undefined) found.push({ line: at + 1, passed: !failed.has(name), title: failed.has(name) ? words.failedMark : words.passed });
  });
  return found;
}

function Toolbar() {
  const t = text.value.bench;
  const input = useRef<HTMLInputElement>(null);
  const use = () => {
    ownRules.value = { names: Object.keys(files.value), rules: files.value, tables: tables.value };
    useOwn.value = true;
    go("audit");
    void readAgain();
  };
  return (
    <div class="toolbar">
      <label class="field"><span>{t.example}</span>
        <select id="example" value="" onChange={(event) => {
          const name = event.currentTarget.value as Example | "";
          event.currentTarget.value = "";
          if (name !== "") void openExample(name);
        }}>
          <option value="">…</option>
          {(Object.entries(t.examples) as [Example, string][]).map(([name, label]) => <option value={name}>{label}</option>)}
        </select>
      </label>
      <button type="button" onClick={() => input.current?.click()}>{t.open}</button>
      <input ref={input} id="open-rules" type="file" multiple accept=".jihe,.csv,.json" hidden onChange={(event) => {
        const chosen = [...(event.currentTarget.files ?? [])];
        event.currentTarget.value = "";
        void openFiles(chosen);
      }} />
      <button type="button" onClick={() => download(new Blob([files.value[active.value] ?? ""], { type: "text/plain;charset=utf-8" }), active.value)}>{t.save}</button>
      <button type="button" id="format-zh" onClick={() => void formatActive("zh")}>{t.formatZh}</button>
      <button type="button" id="format-en" onClick={() => void formatActive("en")}>{t.formatEn}</button>
      <button type="button" class="push" id="use-rules" disabled={hasErrors.value} onClick={use}>{t.use}</button>
    </div>
  );
}

function FileTabs() {
  const names = Object.keys(files.value);
  if (names.length < 2) return <p class="file-name">{active.value}</p>;
  return (
    <div class="file-tabs" role="group" aria-label={text.value.bench.files}>
      {names.map((name) => (
        <button type="button" aria-pressed={name === active.value} onClick={() => { active.value = name; }}>{name}</button>
      ))}
    </div>
  );
}

/** Does what a diagnostic proposes, and goes there. */
function mend(fix: NonNullable<Diagnostic["fix"]>, onGo: (place: Place) => void): void {
  if (fix.place.file) active.value = fix.place.file;
  const source = files.value[active.value] ?? "";
  const [from, to] = [offsetOf(source, fix.place.line, fix.place.utf16), offsetOf(source, fix.place.end_line, fix.place.end_utf16)];
  edit(source.slice(0, from) + fix.replacement + source.slice(to));
  onGo(fix.place);
}

function Problems({ onGo }: { onGo: (place: Place) => void }) {
  const t = text.value.bench;
  const list = diagnostics.value;
  const errors = list?.filter((one) => one.severity === "error").length ?? 0;
  const said = list === null || checking.value ? t.checking : list.length === 0 ? t.noProblems : t.errors(errors, list.length - errors);
  return (
    <section class="problems" aria-label={t.problems}>
      <p role="status" id="problems-said" data-busy={checking.value} class={errors > 0 ? "bad-text" : "faint"}>{said}</p>
      {trouble.value && <p role="alert" class="bad-text">{either(trouble.value.message, trouble.value.english)}</p>}
      <ul>
        {list?.slice(0, 50).map((one) => {
          const place = one.labels[0]?.place;
          const { fix } = one;
          return (
            <li class={one.severity}>
              <button type="button" class="link" disabled={!place} onClick={() => place && onGo(place)}>
                <strong>{one.code}</strong> {either(one.message, one.message_en)}
                {place && <span class="faint"> {t.place(place.file ?? "", place.line)}</span>}
              </button>
              {fix && <button type="button" class="quiet fix" onClick={() => mend(fix, onGo)}>{t.fixTo(fix.replacement)}</button>}
              {one.help && <div class="faint">{t.help}{either(one.help, one.help_en)}</div>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function Workbench({ active: isActive }: { active: boolean }) {
  const t = text.value.bench;
  const [goTo, setGoTo] = useState<{ at: number } | null>(null);
  const begun = Object.keys(files.value).length > 0;
  useEffect(() => {
    if (isActive && !begun) void openExample("three");
  }, [isActive]);
  const source = files.value[active.value] ?? "";
  const lints = useMemo(() => (diagnostics.value ?? []).flatMap((one) => lintOf(one, source)), [diagnostics.value, active.value, text.value]);
  const marks = useMemo(() => testMarks(source), [answer.value, active.value, text.value]);
  if (!begun) return null;
  const visit = (place: Place) => {
    if (place.file) active.value = place.file;
    const target = files.value[place.file ?? active.value] ?? "";
    setTimeout(() => setGoTo({ at: offsetOf(target, place.line, place.utf16) }), 0);
  };
  return (
    <div class="bench">
      <h1 class="hidden">{t.title}</h1>
      <Toolbar />
      <div class="bench-body">
        <section class="bench-rules" aria-label={t.editor}>
          <FileTabs />
          <Editor id="rules-editor" label={t.editor} language="jihe" value={source} current={() => files.value[active.value] ?? ""} document={`${opening.value} ${active.value}`}
            lints={lints} marks={marks} goTo={goTo} onChange={edit} />
          <Problems onGo={visit} />
        </section>
        <div class="bench-side">
          <Tabs<Side> label={t.tabs.label} chosen={side.value} onChoose={(name) => { side.value = name; }} items={[
            { name: "claims", label: t.tabs.claims, panel: () => <ClaimsPanel /> },
            { name: "tests", label: t.tabs.tests, ...(answer.value ? { count: String(answer.value.tests.tests) } : {}), panel: () => <TestsPanel onGo={visit} /> },
            { name: "tables", label: t.tabs.tables, count: String(Object.keys(tables.value).length), panel: () => <TablesPanel /> },
          ]} />
        </div>
      </div>
    </div>
  );
}
