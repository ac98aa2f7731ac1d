// The worker: reads, audits and answers, so that the page never waits.
//
// In: requests of protocol.ts. Out: one answer each, and progress between. Invariant: whatever fails becomes a refusal with words.

import init, { JiheError, check } from "jihe";
import { JiheError as FilesError } from "jihe/files";
import type { Tell } from "../engine/api.js";
import { unpack } from "../engine/parts.js";
import { bench, formatted } from "./bench.js";
import { Desk } from "./desk.js";
import type { Answer, BenchInput, Calls, Refusal, Request } from "./protocol.js";

const desk = new Desk();
let core: Promise<void> | null = null;

/** Starts the core module once. */
function startCore(packed: string): Promise<void> {
  core ??= unpack(packed).then((bytes) => init(bytes.buffer as ArrayBuffer));
  return core;
}

type Handler<Name extends keyof Calls> =
  (tell: Tell, ...args: Parameters<Calls[Name]>) => ReturnType<Calls[Name]> | Promise<ReturnType<Calls[Name]>>;

const handlers: { [Name in keyof Calls]: Handler<Name> } = {
  prepare: (_, packed, source) => desk.prepare(packed, source),
  read: (tell, files, options) => desk.read(files, options, tell),
  rejects: (_, offset, limit) => desk.rejects(offset, limit),
  audit: (tell, options) => desk.audit(options, tell),
  marks: (_, marks) => desk.marks(marks),
  rows: (_, view, offset, limit) => desk.rows(view, offset, limit),
  groups: (_, view, dimension, limit) => desk.groups(view, dimension, limit),
  detail: (_, at) => desk.detail(at),
  export: (_, options) => desk.export(options),
  examples: async (_, packed) => JSON.parse(new TextDecoder().decode(await unpack(packed))),
  check: async (_, packed: string, { files, tables }: BenchInput) => {
    await startCore(packed);
    return check(files, { tables });
  },
  bench: (_, input) => bench(input),
  format: (_, text, language) => formatted(text, language),
};

function refusal(error: unknown): Refusal {
  if (error instanceof JiheError || error instanceof FilesError) {
    return { message: error.message, message_en: error.messageEn, diagnostics: error.diagnostics };
  }
  // The site's own errors say it in both languages: 中文 / English.
  const [message = "", english = message] = (error instanceof Error ? error.message : String(error)).split(" / ", 2);
  return { message, message_en: english, diagnostics: [] };
}

const post = (answer: Answer) => self.postMessage(answer);

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const tell: Tell = (progress) => post({ id: data.id, progress });
  try {
    const handler = handlers[data.call] as (tell: Tell, ...args: unknown[]) => unknown;
    post({ id: data.id, value: await handler(tell, ...data.args) });
  } catch (error) {
    post({ id: data.id, refusal: refusal(error) });
  }
};
