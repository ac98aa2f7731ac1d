// `jihe/files` in Node: the wasm file is read when this module is imported, so `init` has nothing left to do.
//
// In: the wasm file beside it. Out: the calls of `auditor.mjs`.
// Invariant: the same names as `files.mjs`, so that one program runs in both.

import { readFileSync } from "node:fs";
import { initSync } from "./native/jihe_files.js";
import { loaded } from "./auditor.mjs";

initSync({ module: readFileSync(new URL("./native/jihe_files_bg.wasm", import.meta.url)) });
loaded();

export {
  Auditor, ClaimsError, CompileError, InternalError, JiheError, LIMITS, UsageError, rulebook,
} from "./auditor.mjs";

/** Nothing to do in Node. */
export default async function init() {}
