// What a caller passes, as the JSON the library takes.
//
// In: rules, claims, options as plain objects. Out: JSON text within its limit.
// Invariant: the shapes are those of docs/contract.md.

import { failure, withinLimit } from "./errors.mjs";

function named(texts) {
  return Object.entries(texts).map(([name, text]) => ({ name, text }));
}

export function rulesText(rules, { tables = {}, params = null } = {}) {
  const files = typeof rules === "string" ? { "rules.jihe": rules } : rules;
  return withinLimit("rules", JSON.stringify({ files: named(files), tables: named(tables), params }));
}

export function claimsText(claims) {
  return withinLimit("claims", typeof claims === "string" ? claims : JSON.stringify(claims));
}

export function optionsText({ asOf, coverage } = {}) {
  return JSON.stringify({ as_of: asOf, coverage });
}

/** The answer of a call that gives an error object instead of throwing. */
export function accepted(text) {
  const answer = JSON.parse(text);
  if ("kind" in answer) throw failure(answer);
  return answer;
}
