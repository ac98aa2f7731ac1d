// Files read and audited: the calls of `jihe/files`, over its own generated module.
//
// In: rules, files as bytes. Out: plain objects, page by page, or a thrown JiheError.
// Invariant: converts, calls, converts; the shapes are those of docs/contract.md.

import * as native from "./native/jihe_files.js";
import { Handle, LIMITS, guarded, misuse } from "./errors.mjs";
import { optionsText, rulesText } from "./input.mjs";

export { ClaimsError, CompileError, InternalError, JiheError, LIMITS, UsageError } from "./errors.mjs";

const guard = guarded(() => native.__wbg_reset_state());

/** Said by the entry points once the module is loaded. */
export const loaded = guard.start;

/** The texts of the shipped rulebook: rule files and the tables they name. */
export function rulebook() {
  return JSON.parse(guard.call(() => native.rulebook()));
}

function text(rules, options = {}) {
  if (rules !== null) return rulesText(rules, options);
  const { files, tables } = rulebook();
  return rulesText(files, { ...options, tables: { ...tables, ...options.tables } });
}

/** Rules compiled once, files added one by one, runs read page by page. */
export class Auditor {
  #handle;
  #bytes = 0;
  constructor(rules, options) {
    const input = text(rules, options);
    this.#handle = new Handle(guard.call(() => new native.NativeAuditor(input)), guard);
  }
  get warnings() {
    return JSON.parse(this.#handle.call((inner) => inner.warnings())).diagnostics;
  }
  get hash() {
    return this.#handle.call((inner) => inner.hash());
  }
  rules() {
    return JSON.parse(this.#handle.call((inner) => inner.rules()));
  }
  read(files, { layout, mapping } = {}) {
    const options = JSON.stringify({ layout, mapping });
    const read = files.map(({ name, bytes }) => {
      this.#count(name, bytes.byteLength);
      return JSON.parse(this.#handle.call((inner) => inner.read(name, bytes, options)));
    });
    return { files: read.flat(), rejects: this.#handle.call((inner) => inner.rejected()) };
  }
  rejects(offset, limit) {
    return JSON.parse(this.#handle.call((inner) => inner.rejects(offset, limit)));
  }
  audit({ onProgress, ...options } = {}) {
    let thrown = null;
    // The listener must not throw through the module, which would leave it half way.
    const tell = (done, total) => {
      try {
        if (thrown === null) onProgress(done, total);
      } catch (error) {
        thrown = { error };
      }
    };
    const listener = onProgress === undefined ? undefined : { tell };
    const summary = this.#handle.call((inner) => inner.audit(optionsText(options), listener));
    if (thrown !== null) throw thrown.error;
    return JSON.parse(summary);
  }
  findings(offset, limit) {
    return JSON.parse(this.#handle.call((inner) => inner.findings(offset, limit)));
  }
  records(kind, keys) {
    return JSON.parse(this.#handle.call((inner) => inner.records(kind, JSON.stringify(keys))));
  }
  free() {
    this.#handle.free();
  }
  #count(name, bytes) {
    if (this.#bytes + bytes > LIMITS.files) {
      throw misuse(
        `加上 ${name} 后文件共超过 ${LIMITS.files} 字节`,
        `with ${name} the files come to more than ${LIMITS.files} bytes`,
      );
    }
    this.#bytes += bytes;
  }
}
