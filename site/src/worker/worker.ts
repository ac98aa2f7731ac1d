// The worker: reads, audits and answers, so that the page never waits.
//
// In: requests of protocol.ts. Out: one answer each, and progress between. Invariant: whatever fails becomes a refusal with words.

import { JiheError, check } from "jihe";
import { unpack } from "../engine/parts.js";
import { bench, formatted } from "./bench.js";
import { Desk, startCore, type Tell } from "./desk.js";
import type { Answer, BenchInput, Calls, Refusal, Request } from "./protocol.js";

const desk = new Desk();

type Handler<Name extends keyof Calls> =
  (tell: Tell, ...args: Parameters<Calls[Name]>) => ReturnType<Calls[Name]> | Promise<ReturnType<Calls[Name]>>;

const handlers: { [Name in keyof Calls]: Handler<Name> } = {
  prepare: (_, parts, source) => desk.prepare(parts, source),
  read: (tell, files, options) => desk.read(files, options, tell),
  rejects: (_, offset, limit) => desk.rejects(offset, limit),
  audit: (tell, options) => desk.audit(options, tell),
  marks: (_, marks) => desk.marks(marks),
  rows: (_, view, offset, limit) => desk.rows(view, offset, limit),
  groups: (_, view, dimension, limit) => desk.groups(view, dimension, limit),
  detail: (_, at) => desk.detail(at),
  export: (_, options) => desk.export(options),
  examples: async (_, packed) => JSON.parse(new TextDecoder().decode(await unpack(packed))),
  check: async (_, core: string, { files, tables }: BenchInput) => {
    await startCore(core);
    return check(files, { tables });
  },
  bench: (_, input) => bench(input),
  format: (_, text, language) => formatted(text, language),
};

function refusal(error: unknown): Refusal {
  if (error instanceof JiheError) {
    return { message: error.message, message_en: error.messageEn, diagnostics: error.diagnostics };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message, message_en: message, diagnostics: [] };
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
