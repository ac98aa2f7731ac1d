// Takes all the memory a module can have, then asks it for more; the same function runs in Node and in a page.
//
// In: the package, its module's exports, rules. Out: what was thrown, and whether rules compile afterwards.
// Invariant: names nothing outside itself, so that a page can run its text.

export function exhaust(jihe, exports, rules) {
  const { memory } = exports();
  const page = 65536;
  memory.grow(65536 - memory.buffer.byteLength / page);
  try {
    jihe.compile("#".repeat(16 * 1024 * 1024));
    return "nothing thrown";
  } catch (error) {
    const { name, kind, cause } = error;
    return { name, kind, cause: cause instanceof WebAssembly.RuntimeError, again: jihe.compile(rules).hash.length };
  }
}
