// An answer of the worker as a value of a component.
//
// In: a call, and what it depends on. Out: the last answer, null before the first. Invariant: an answer that comes too late is dropped.

import { useEffect, useState } from "preact/hooks";

export function useAnswer<Value>(ask: () => Promise<Value>, depends: readonly unknown[], onFail: (error: unknown) => void): Value | null {
  const [value, setValue] = useState<Value | null>(null);
  useEffect(() => {
    let current = true;
    ask().then((answer) => {
      if (current) setValue(() => answer);
    }, (error: unknown) => {
      if (current) onFail(error);
    });
    return () => { current = false; };
  }, depends);
  return value;
}
