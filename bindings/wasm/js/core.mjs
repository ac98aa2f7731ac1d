// The calls of the package, over the generated module.
//
// In: rules, claims, options as plain objects. Out: plain objects, or a thrown JiheError.
// Invariant: converts, calls, converts; the shapes are those of docs/contract.md.

import * as native from "./native/jihe_native.js";

/** What the library refuses: `kind`, `code`, Chinese and English message, diagnostics. */
export class JiheError extends Error {
  constructor(wire) {
    super(wire.message);
    this.name = new.target.name;
    this.kind = wire.kind;
    this.code = wire.code ?? null;
    this.messageEn = wire.message_en ?? wire.message;
    this.diagnostics = wire.diagnostics ?? [];
  }
}
/** The rules do not compile; `diagnostics` says where and why. */
export class CompileError extends JiheError {}
/** The claims are not what the schema says. */
export class ClaimsError extends JiheError {}

const CLASSES = { rules: CompileError, claims: ClaimsError };

function failure(wire) {
  return new (CLASSES[wire.kind] ?? JiheError)(wire);
}

// A wire error is thrown as its JSON text; anything else (a call before `init`, say) goes on as it is.
function attempt(call) {
  try {
    return call();
  } catch (thrown) {
    throw typeof thrown === "string" ? failure(JSON.parse(thrown)) : thrown;
  }
}

function accepted(text) {
  const answer = JSON.parse(text);
  if ("kind" in answer) throw failure(answer);
  return answer;
}

function named(texts) {
  return Object.entries(texts).map(([name, text]) => ({ name, text }));
}

function input(rules, { tables = {}, params = null } = {}) {
  const files = typeof rules === "string" ? { "rules.jihe": rules } : rules;
  return JSON.stringify({ files: named(files), tables: named(tables), params });
}

/** Compiled rules; make one with `compile`. */
export class Ruleset {
  #native;
  constructor(inner) {
    this.#native = inner;
  }
  get hash() {
    return this.#native.hash();
  }
  get warnings() {
    return JSON.parse(this.#native.warnings()).diagnostics;
  }
  explain() {
    return this.#native.explain();
  }
  audit(claims, { asOf, coverage } = {}) {
    const text = typeof claims === "string" ? claims : JSON.stringify(claims);
    const options = JSON.stringify({ as_of: asOf, coverage });
    return JSON.parse(attempt(() => this.#native.audit(text, options)));
  }
  /** Gives the memory back at once instead of when the collector comes by. */
  free() {
    this.#native.free();
  }
}

export function compile(rules, options) {
  return new Ruleset(attempt(() => native.compile(input(rules, options))));
}

export function check(rules, options) {
  return accepted(native.check(input(rules, options))).diagnostics;
}

export function test(rules, options) {
  return accepted(native.test(input(rules, options)));
}

export function format(text, language) {
  if (![undefined, "zh", "en"].includes(language)) throw new RangeError(`language is "zh" or "en", not ${language}`);
  return attempt(() => native.format(text, language && language === "en"));
}

export function version() {
  return native.version();
}
