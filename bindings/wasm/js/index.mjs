// The package in a page, a worker or a bundle: `await init()` once, then call.
//
// In: nothing, or the address or bytes of the wasm module. Out: the calls of `core.mjs`.
// Invariant: loads the wasm file that lies beside it and nothing else.

import load from "./native/jihe_native.js";
import { loaded } from "./core.mjs";

export {
  ClaimsError, CompileError, InternalError, JiheError, LIMITS, Ruleset, Session, UsageError,
  check, compile, format, requirements, test, version,
} from "./core.mjs";

/** Loads the module; a second call does nothing. */
export default async function init(module) {
  await load(module === undefined ? undefined : { module_or_path: module });
  loaded();
}
