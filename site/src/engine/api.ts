// What the site asks of the engine beside the types of the npm package.
//
// In: types of the npm package. Out: the rules of a run. Invariant: the worker names no other call of the engine.

import type { CompileOptions, Rules } from "jihe";

export interface RuleSource {
  /** null: the shipped rulebook. */
  rules: Rules | null;
  options: CompileOptions;
}

export type Tell = (step: { stage: string; done: number; total: number }) => void;
