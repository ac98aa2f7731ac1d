// The calls of the package, over the generated module.
//
// In: rules, claims, options as plain objects. Out: plain objects, or a thrown JiheError.
// Invariant: converts, calls, converts; the shapes are those of docs/contract.md.

import * as native from "./native/jihe_native.js";
import { Handle, guarded, misuse, withinLimit } from "./errors.mjs";
import { accepted, claimsText, optionsText, rulesText } from "./input.mjs";

export { ClaimsError, CompileError, InternalError, JiheError, LIMITS, UsageError } from "./errors.mjs";

const guard = guarded(() => native.__wbg_reset_state());

/** Said by the entry points once the module is loaded. */
export const loaded = guard.start;

/** Compiled rules; make them with `compile`. */
export class Ruleset {
  #handle;
  constructor(inner) {
    this.#handle = new Handle(inner, guard);
  }
  get hash() {
    return this.#handle.call((inner) => inner.hash());
  }
  get warnings() {
    return JSON.parse(this.#handle.call((inner) => inner.warnings())).diagnostics;
  }
  explain() {
    return this.#handle.call((inner) => inner.explain());
  }
  requirements() {
    return JSON.parse(this.#handle.call((inner) => inner.requirements()));
  }
  audit(claims, options) {
    const text = claimsText(claims);
    return JSON.parse(this.#handle.call((inner) => inner.audit(text, optionsText(options))));
  }
  session(history, options) {
    const text = claimsText(history);
    return new Session(this.#handle.call((inner) => inner.session(text, optionsText(options))));
  }
  free() {
    this.#handle.free();
  }
}

/** One person's records, ready for claims; open one with `Session.open` or `ruleset.session`. */
export class Session {
  #handle;
  constructor(inner) {
    this.#handle = new Handle(inner, guard);
  }
  static open(ruleset, history, options) {
    return ruleset.session(history, options);
  }
  get rejects() {
    return JSON.parse(this.#handle.call((inner) => inner.rejects()));
  }
  check(claim) {
    const text = claimsText(claim);
    return JSON.parse(this.#handle.call((inner) => inner.check(text)));
  }
  findings() {
    return JSON.parse(this.#handle.call((inner) => inner.findings()));
  }
  free() {
    this.#handle.free();
  }
}

export function compile(rules, options) {
  const text = rulesText(rules, options);
  return new Ruleset(guard.call(() => native.compile(text)));
}

export function check(rules, options) {
  const text = rulesText(rules, options);
  return accepted(guard.call(() => native.check(text))).diagnostics;
}

export function test(rules, options) {
  const text = rulesText(rules, options);
  return accepted(guard.call(() => native.test(text)));
}

export function requirements(rules, options) {
  const ruleset = compile(rules, options);
  try {
    return ruleset.requirements();
  } finally {
    ruleset.free();
  }
}

export function format(text, language) {
  if (![undefined, "zh", "en"].includes(language)) {
    throw misuse(`语言为 "zh" 或 "en"，不是 ${language}`, `language is "zh" or "en", not ${language}`);
  }
  withinLimit("rules", text);
  return guard.call(() => native.format(text, language && language === "en"));
}

export function version() {
  return guard.call(() => native.version());
}
