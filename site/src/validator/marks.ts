// What the user found out about each finding, kept in this browser.
//
// In: marks set, cleared, imported. Out: a signal of all marks; the same in the worker, for filters and exports.
// Invariant: a mark belongs to a finding_id, so it is there again when the same evidence is found again.

import { signal } from "@preact/signals";
import type { Mark, MarkState } from "../worker/protocol.js";
import { client } from "./client.js";

const DATABASE = "jihe";
const STORE = "marks";

export const marks = signal<ReadonlyMap<string, Mark>>(new Map());
/** Whether the browser keeps them. */
export const kept = signal(true);
/** Counts changes, so that lists filtered by mark are asked for again. */
export const changes = signal(0);

let database: IDBDatabase | null = null;

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "finding_id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

function all(from: IDBDatabase): Promise<Mark[]> {
  return new Promise((done, fail) => {
    const request = from.transaction(STORE).objectStore(STORE).getAll();
    request.onsuccess = () => done(request.result as Mark[]);
    request.onerror = () => fail(request.error);
  });
}

/** Reads the marks kept before. */
export async function startMarks(): Promise<void> {
  try {
    database = await open();
    const known = await all(database);
    marks.value = new Map(known.map((mark) => [mark.finding_id, mark]));
    changes.value += 1;
  } catch {
    kept.value = false;
  }
}

function write(change: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((done, fail) => {
    if (!database) return done();
    const transaction = database.transaction(STORE, "readwrite");
    transaction.oncomplete = () => done();
    transaction.onerror = () => fail(transaction.error);
    change(transaction.objectStore(STORE));
  });
}

async function change(next: Map<string, Mark>, stored: (store: IDBObjectStore) => void): Promise<void> {
  marks.value = next;
  try {
    await write(stored);
  } catch {
    kept.value = false;
  }
  await client.call("marks", [[...next.values()]]);
  changes.value += 1;
}

type About = { finding_id: string; rule_id: string; message: string };

export function setMark({ finding_id, rule_id, message }: About, state: MarkState, reason: string): Promise<void> {
  const mark: Mark = { finding_id, state, reason, at: new Date().toISOString(), rule_id, message };
  return change(new Map(marks.value).set(finding_id, mark), (store) => store.put(mark));
}

export function clearMark(finding_id: string): Promise<void> {
  const next = new Map(marks.value);
  next.delete(finding_id);
  return change(next, (store) => store.delete(finding_id));
}

/** All marks as a file for another computer. */
export function marksFile(): Blob {
  const text = JSON.stringify({ kind: "jihe-marks", version: 1, marks: [...marks.value.values()] }, null, 1);
  return new Blob([text], { type: "application/json" });
}

function isMark(value: unknown): value is Mark {
  const mark = value as Partial<Mark> | null;
  return typeof mark?.finding_id === "string" && typeof mark.reason === "string" && typeof mark.at === "string"
    && typeof mark.rule_id === "string" && typeof mark.message === "string"
    && (mark.state === "verified" || mark.state === "justified" || mark.state === "open");
}

/** Takes in such a file, the newer of two marks winning; null if it is none. */
export async function importMarks(file: File): Promise<number | null> {
  let found: unknown;
  try {
    found = JSON.parse(await file.text());
  } catch {
    return null;
  }
  const { kind, marks: list } = (found ?? {}) as { kind?: unknown; marks?: unknown };
  if (kind !== "jihe-marks" || !Array.isArray(list) || !list.every(isMark)) return null;
  const newer = list.filter((mark) => (marks.value.get(mark.finding_id)?.at ?? "") < mark.at);
  const next = new Map(marks.value);
  for (const mark of newer) next.set(mark.finding_id, mark);
  await change(next, (store) => newer.forEach((mark) => store.put(mark)));
  return newer.length;
}
