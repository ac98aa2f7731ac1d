// Where files come in: dropped on the page, or chosen.
//
// In: files and folders. Out: `addFiles`. Invariant: the whole page takes a drop, and every drop can be done by keyboard instead.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { KINDS } from "../generated/kinds.js";
import { text } from "../shell/settings.js";
import type { NamedFile } from "../worker/protocol.js";
import { addFiles, fail, phase } from "./state.js";

const over = signal(false);

const isKind = (folder: string | undefined) => KINDS.some((kind) => kind.en === folder || kind.zh === folder);

/** The path below the one folder that was dropped or chosen, as the command line says it; with the folder where that is named by a record kind. */
function nameOf(path: string, alone: boolean): string {
  const parts = path.split("/").filter(Boolean);
  return parts.slice(alone && parts.length > 1 && !isKind(parts[0]) ? 1 : 0).join("/");
}

const chosen = (files: Iterable<File>): NamedFile[] => [...files].map((file) => ({ name: nameOf(file.webkitRelativePath || file.name, true), file }));

/** A page opened from disk may not read dropped folders as entries; handles it may. TypeScript's library does not know them yet. */
interface Dropped extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

async function filesOf(handle: FileSystemHandle, above: string, alone: boolean): Promise<NamedFile[]> {
  const path = `${above}/${handle.name}`;
  if (handle.kind === "file") return [{ name: nameOf(path, alone), file: await (handle as FileSystemFileHandle).getFile() }];
  const found: NamedFile[] = [];
  for await (const inner of (handle as FileSystemDirectoryHandle).values()) found.push(...await filesOf(inner, path, alone));
  return found;
}

async function dropped(transfer: DataTransfer): Promise<NamedFile[]> {
  const plain = chosen(transfer.files);
  // All are asked for before the first is waited for: afterwards the browser forgets what was dropped.
  const asked = [...transfer.items].map((item: Dropped) => item.getAsFileSystemHandle?.() ?? Promise.resolve(null));
  const handles = (await Promise.all(asked)).filter((handle) => handle !== null);
  if (!handles.some((handle) => handle.kind === "directory")) return plain;
  const lists = await Promise.all(handles.map((handle) => filesOf(handle, "", handles.length === 1)));
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
        if (transfer) void dropped(transfer).then((files) => addFiles(visible(files))).catch(fail);
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
      <h2 id="first-title" tabIndex={-1}>{t.drop.title}</h2>
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
