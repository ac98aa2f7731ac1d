// Which rules run, as of when, and the button that runs them.
//
// In: the state. Out: a form. Invariant: changing the rules reads the files again, because rules may add kinds and fields.

import { useRef } from "preact/hooks";
import { text } from "../shell/settings.js";
import {
  asOf, cancel, from, mappingName, overview, ownRules, params, phase, readAgain, readOptions, rules, run, step, to, useOwn,
} from "./state.js";

async function texts(files: readonly File[], end: string): Promise<Record<string, string>> {
  const wanted = files.filter((file) => file.name.toLowerCase().endsWith(end));
  return Object.fromEntries(await Promise.all(wanted.map(async (file) => [file.name, await file.text()])));
}

async function chooseOwn(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  ownRules.value = { names: files.map((file) => file.name), rules: await texts(files, ".jihe"), tables: await texts(files, ".csv") };
  useOwn.value = true;
  await readAgain();
}

interface FileFieldProps {
  id: string;
  label: string;
  accept: string;
  multiple?: boolean;
  chosen: string | null;
  onFiles: (files: File[]) => void;
}

function FileField({ id, label, accept, multiple, chosen, onFiles }: FileFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const t = text.value.rules;
  return (
    <div class="file-field">
      <button type="button" disabled={phase.value !== "idle"} onClick={() => input.current?.click()}>{label}</button>
      {chosen && <span class="faint"> {t.chosen(chosen)}</span>}
      <input ref={input} id={id} type="file" accept={accept} multiple={multiple ?? false} hidden onChange={(event) => {
        const files = [...(event.currentTarget.files ?? [])];
        event.currentTarget.value = "";
        onFiles(files);
      }} />
    </div>
  );
}

function Which() {
  const t = text.value.rules;
  const busy = phase.value !== "idle";
  const choose = (own: boolean) => {
    useOwn.value = own;
    if (!own || ownRules.value) void readAgain();
  };
  return (
    <fieldset>
      <legend class="hidden">{t.title}</legend>
      <label><input type="radio" name="which" checked={!useOwn.value} disabled={busy} onChange={() => choose(false)} /> {t.shipped}</label>
      <label><input type="radio" name="which" checked={useOwn.value} disabled={busy} onChange={() => choose(true)} /> {t.own}</label>
      {rules.value.length > 0 && <span class="faint" id="rule-count"> {t.count(rules.value.length)}</span>}
      {useOwn.value && (
        <>
          <FileField id="own-rules" label={t.choose} accept=".jihe,.csv" multiple chosen={ownRules.value?.names.join("、") ?? null}
            onFiles={(files) => void chooseOwn(files)} />
          {!ownRules.value && <p class="note">{t.noneChosen}</p>}
        </>
      )}
    </fieldset>
  );
}

function Options() {
  const t = text.value.rules;
  const day = (label: string, value: typeof asOf) => (
    <label class="field"><span>{label}</span><input type="date" value={value.value} onInput={(event) => { value.value = event.currentTarget.value; }} /></label>
  );
  return (
    <details class="options">
      <summary>{t.options}</summary>
      <div class="fields">{day(t.asOf, asOf)}{day(t.from, from)}{day(t.to, to)}</div>
      <p class="faint">{t.coverageHint}</p>
      <label class="field"><span>{t.layout}</span>
        <select id="layout" value={readOptions.value.layout ?? "folder"} disabled={phase.value !== "idle"} onChange={(event) => {
          readOptions.value = { ...readOptions.value, layout: event.currentTarget.value as "folder" | "feijian2024" };
          void readAgain();
        }}>
          <option value="folder">{t.layouts.folder}</option>
          <option value="feijian2024">{t.layouts.feijian2024}</option>
        </select>
      </label>
      <FileField id="mapping" label={t.mapping} accept=".toml" chosen={mappingName.value} onFiles={([file]) => {
        if (file) void file.text().then((mapping) => {
          mappingName.value = file.name;
          readOptions.value = { ...readOptions.value, mapping };
          return readAgain();
        });
      }} />
      <FileField id="params" label={t.params} accept=".jihe" chosen={params.value?.name ?? null} onFiles={([file]) => {
        if (file) void file.text().then((content) => {
          params.value = { name: file.name, text: content };
          return readAgain();
        });
      }} />
    </details>
  );
}

export function RulesChoice() {
  const t = text.value.rules;
  const blocked = phase.value !== "idle" || (useOwn.value && !ownRules.value);
  return (
    <section class="panel" aria-labelledby="rules-title">
      <div class="panel-head"><h2 id="rules-title">{t.title}</h2></div>
      <Which />
      <Options />
      <p class="row-of-buttons"><button type="button" id="run" class="primary" disabled={blocked} onClick={() => void run()}>
        {overview.value ? t.rerun : t.run}
      </button></p>
    </section>
  );
}

function said(): string {
  const t = text.value;
  const now = step.value;
  if (!now) return t.rules.starting;
  if (phase.value === "reading") return t.files.reading(now.stage);
  return now.stage === "collect" ? t.rules.collecting(now.done, now.total) : t.rules.running(now.done, now.total);
}

/** What is under way, how far it is, and the button that ends it. */
export function Progress() {
  if (phase.value === "idle") return null;
  const now = step.value;
  return (
    <div class="progress" role="status">
      <span>{said()}</span>
      {now && now.total > 0 ? <progress max={now.total} value={now.done} aria-label={said()} /> : <progress aria-label={said()} />}
      <button type="button" id="cancel" onClick={cancel}>{text.value.cancel}</button>
    </div>
  );
}
