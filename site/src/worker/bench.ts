// The workbench's side of the worker: run the tests, audit one claim.
//
// In: rule files that compile, tables, claims as typed. Out: the tests' report, findings.
// Invariant: claims that cannot be read are an answer, not a failure: their author is still typing.

import { ClaimsError, compile, format, test } from "jihe";
import type { BenchAnswer, BenchInput } from "./protocol.js";

export function bench({ files, tables, claims }: BenchInput): BenchAnswer {
  const start = performance.now();
  const answer: BenchAnswer = { tests: test(files, { tables }), findings: null, rejects: [], refusal: null, milliseconds: 0 };
  if (claims.trim() !== "") audit({ files, tables, claims }, answer);
  return { ...answer, milliseconds: performance.now() - start };
}

function audit({ files, tables, claims }: BenchInput, answer: BenchAnswer): void {
  const rules = compile(files, { tables });
  try {
    const report = rules.audit(claims);
    answer.findings = report.findings;
    answer.rejects = report.rejects;
  } catch (error) {
    if (!(error instanceof ClaimsError)) throw error;
    answer.refusal = { message: error.message, message_en: error.messageEn };
  } finally {
    rules.free();
  }
}

export function formatted(text: string, language: "zh" | "en" | null): string {
  return language === null ? format(text) : format(text, language);
}
