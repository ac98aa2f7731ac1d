// What each diagnostic code means.
//
// In: a code. Out: its page, Markdown. Invariant: the pages are those of crates/jihe-diagnostics/explain, put beside by the build.

import { PAGES } from "./native/explain-pages.js";

export function explain(code) {
  return Object.hasOwn(PAGES, code) ? PAGES[code] : null;
}
