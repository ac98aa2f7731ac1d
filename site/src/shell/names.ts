// The names of record kinds and fields in the language chosen.
//
// In: English names. Out: names to show. Invariant: a name a region added itself is shown as it is.

import { KINDS, type Kind } from "../generated/kinds.js";
import { language } from "./settings.js";

const BY_NAME = new Map(KINDS.map((kind) => [kind.en, kind]));
const RAW = "raw_item";

export const kindOf = (name: string): Kind | null => BY_NAME.get(name === RAW ? "item" : name) ?? null;

/** The name of a kind; of several joined by `+`, their names. */
export function kindName(names: string): string {
  return names.split("+").map(oneKind).join("、");
}

function oneKind(name: string): string {
  if (language.value === "en") return name;
  return name === RAW ? "原始明细" : BY_NAME.get(name)?.zh ?? name;
}

export function fieldName(kind: string, field: string): string {
  if (language.value === "en") return field.replaceAll("_", " ");
  return kindOf(kind)?.fields.find((one) => one.en === field)?.zh ?? field;
}
