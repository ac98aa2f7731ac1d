// `jihe/files` in a page, a worker or a bundle: `await init()` once, then make an Auditor.
//
// In: nothing, or the address or bytes of the wasm module. Out: the calls of `auditor.mjs`.
// Invariant: loads the wasm file that lies beside it and nothing else.

import load from "./native/jihe_files.js";
import { loaded } from "./auditor.mjs";

export {
  Auditor, ClaimsError, CompileError, InternalError, JiheError, LIMITS, UsageError, rulebook,
} from "./auditor.mjs";

/** Loads the module; a second call does nothing. */
export default async function init(module) {
  await load(module === undefined ? undefined : { module_or_path: module });
  loaded();
}
