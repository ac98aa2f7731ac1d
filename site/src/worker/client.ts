// The page's side of a worker: calls as promises.
//
// In: the calls of protocol.ts. Out: their answers, or a WorkerError with both sentences.
// Invariant: after `stop` every waiting call fails as cancelled, and the worker's memory is given back.

import type { Answer, Calls, Refusal } from "./protocol.js";
import JiheWorker from "./worker.ts?worker&inline";

export class WorkerError extends Error {
  readonly english: string;
  readonly diagnostics: Refusal["diagnostics"];
  readonly cancelled: boolean;
  constructor(refusal: Refusal, cancelled = false) {
    super(refusal.message);
    this.english = refusal.message_en;
    this.diagnostics = refusal.diagnostics;
    this.cancelled = cancelled;
  }
}

export interface Step {
  stage: string;
  done: number;
  total: number;
}

interface Waiting {
  done: (value: never) => void;
  fail: (error: WorkerError) => void;
  onProgress: ((step: Step) => void) | undefined;
}

const refusal = (message: string, message_en: string): Refusal => ({ message, message_en, diagnostics: [] });

export class Client {
  #worker: Worker | null = null;
  #waiting = new Map<number, Waiting>();
  #next = 1;

  call<Name extends keyof Calls>(
    name: Name, args: Parameters<Calls[Name]>, onProgress?: (step: Step) => void,
  ): Promise<ReturnType<Calls[Name]>> {
    const worker = this.#worker ?? this.#start();
    const id = this.#next;
    this.#next += 1;
    return new Promise((done, fail) => {
      this.#waiting.set(id, { done, fail, onProgress });
      worker.postMessage({ id, call: name, args });
    });
  }

  /** Ends the worker at once. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#failAll(new WorkerError(refusal("已取消", "cancelled"), true));
  }

  #start(): Worker {
    const worker = new JiheWorker();
    worker.onmessage = (event: MessageEvent<Answer>) => this.#receive(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#worker = null;
      const why = event.message || "worker failed";
      this.#failAll(new WorkerError(refusal(`后台计算中断：${why}`, `the background worker stopped: ${why}`)));
    };
    this.#worker = worker;
    return worker;
  }

  #receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    if ("progress" in answer) {
      waiting.onProgress?.(answer.progress);
      return;
    }
    this.#waiting.delete(answer.id);
    if ("refusal" in answer) waiting.fail(new WorkerError(answer.refusal));
    else waiting.done(answer.value as never);
  }

  #failAll(error: WorkerError): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.fail(error);
  }
}
