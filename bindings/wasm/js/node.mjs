// The package in Node: the wasm file is read when this module is imported, so `init` has nothing left to do.
//
// In: the wasm file beside it. Out: the calls of `core.mjs`.
// Invariant: the same names as `index.mjs`, so that one program runs in both.

import { readFileSync } from "node:fs";
import { initSync } from "./native/jihe_native.js";
import { loaded } from "./core.mjs";

initSync({ module: readFileSync(new URL("./native/jihe_native_bg.wasm", import.meta.url)) });
loaded();

export {
  ClaimsError, CompileError, InternalError, JiheError, LIMITS, Ruleset, Session, UsageError,
  check, compile, format, requirements, test, version,
} from "./core.mjs";

/** Nothing to do in Node. */
export default async function init() {}
