// The content security policy of the built page.
//
// In: nothing. Out: the policy as one line. Invariant: no directive allows a connection, a form, a frame or a foreign script;
// the worker is a blob of this page and so lives under the same policy.

export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src blob:",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join("; ");
