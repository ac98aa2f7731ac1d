// Where files come in: dropped on the page, or chosen.
//
// In: files and folders. Out: `addFiles`. Invariant: the whole page takes a drop, and every drop can be done by keyboard instead.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { KINDS } from "../generated/kinds.js";
import { text } from "../shell/settings.js";
import type { NamedFile } from "../worker/protocol.js";
import { addFiles, phase } from "./state.js";

const over = signal(false);

/** The last of a path, with the folder before it where that is named by a record kind: `item/part-0.parquet`. */
function nameOf(path: string): string {
  const parts = path.split("/").filter(Boolean).slice(-2);
  const [folder] = parts;
  return parts.length === 2 && KINDS.some((kind) => kind.en === folder || kind.zh === folder) ? parts.join("/") : parts.at(-1) ?? path;
}

const chosen = (files: Iterable<File>): NamedFile[] => [...files].map((file) => ({ name: nameOf(file.webkitRelativePath || file.name), file }));

async function filesOf(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
    return [{ name: nameOf(entry.fullPath), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: NamedFile[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (batch.length === 0) return found;
    for (const inner of batch) found.push(...await filesOf(inner));
  }
}

async function dropped(transfer: DataTransfer): Promise<NamedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return chosen(transfer.files);
  const lists = await Promise.all(entries.map((entry) => (entry ? filesOf(entry) : [])));
  return lists.flat();
}

const visible = (files: readonly NamedFile[]) => files.filter(({ file }) => !file.name.startsWith("."));

export function DropZone({ children }: { children: ComponentChildren }) {
  return (
    <div class={over.value ? "validator dragging" : "validator"} data-over={text.value.drop.over}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) over.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const transfer = event.dataTransfer;
        if (transfer) void dropped(transfer).then((files) => addFiles(visible(files)));
      }}>
      {children}
    </div>
  );
}

interface ChooserProps {
  id: string;
  label: string;
  primary?: boolean;
  folder?: boolean;
}

/** A button that opens the browser's file dialogue. */
export function Chooser({ id, label, primary, folder }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={primary ? "primary" : ""} disabled={phase.value !== "idle"} onClick={() => input.current?.click()}>{label}</button>
      <input ref={input} id={id} type="file" multiple hidden {...(folder ? { webkitdirectory: true } : {})}
        onChange={(event) => {
          const files = chosen(event.currentTarget.files ?? []);
          event.currentTarget.value = "";
          void addFiles(visible(files));
        }} />
    </>
  );
}

export function FirstDrop() {
  const t = text.value;
  return (
    <section class="first" aria-labelledby="first-title">
      <h2 id="first-title">{t.drop.title}</h2>
      <p>{t.drop.formats}</p>
      <p class="row-of-buttons">
        <Chooser id="choose-files" label={t.drop.choose} primary />
        <Chooser id="choose-folder" label={t.drop.folder} folder />
      </p>
      <ol class="steps">{t.drop.steps.map((step) => <li>{step}</li>)}</ol>
      <p class="privacy">{t.privacy}</p>
    </section>
  );
}
