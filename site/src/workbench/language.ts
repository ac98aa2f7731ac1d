// Colours and completions for rules, from the keyword table.
//
// In: generated/keywords.ts, generated/kinds.ts. Out: a CodeMirror language. Invariant: a word is coloured only if the table has it.

import { completeFromList, type Completion } from "@codemirror/autocomplete";
import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting, type StringStream } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { KEYWORDS, type Keyword } from "../generated/keywords.js";
import { KINDS } from "../generated/kinds.js";

const CLASSES: Record<Keyword["kind"], string> = {
  reserved: "keyword", contextual: "definitionKeyword", function: "variableName.standard", unit: "unit",
};
const WORD = /^[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}_]*/u;
const UNITS = spellings((word) => word.kind === "unit");
const PHRASES = KEYWORDS.flatMap((word) => (word.en.includes(" ") ? [word] : []));
const SINGLE = new Map<string, Keyword>();
for (const word of KEYWORDS) {
  for (const spelled of [word.zh, word.en]) if (spelled && word.kind !== "unit" && !SINGLE.has(spelled)) SINGLE.set(spelled, word);
}
const KIND_NAMES = new Set(KINDS.flatMap((kind) => [kind.zh, kind.en]));
/** Words that a number may follow without a space: 最近30天. */
const BEFORE_NUMBER = spellings((word) => ["最近", "随后", "此前", "此后", "前后"].includes(word.zh));

function spellings(wanted: (word: Keyword) => boolean): string[] {
  const found = KEYWORDS.filter(wanted).flatMap((word) => [word.zh, word.en]).filter(Boolean);
  return found.sort((left, right) => right.length - left.length);
}

interface State {
  /** Whether a number was just read, so that a unit may follow. */
  number: boolean;
}

function literal(stream: StringStream): string | null {
  if (stream.match(/^[#＃].*/)) return "comment";
  if (stream.match(/^"[^"]*("|$)/) || stream.match(/^“[^”]*(”|$)/)) return "string";
  if (stream.match(/^\d{4}[-－−]\d{2}[-－−]\d{2}([ T]\d{2}[:：]\d{2}([:：]\d{2})?)?/)) return "literal";
  if (stream.match(/^[\d０-９]+([.．][\d０-９]+)?[%％]?/)) return "number";
  return null;
}

function word(stream: StringStream): string | null {
  for (const phrase of PHRASES) {
    if (stream.match(new RegExp(`^${phrase.en.replace(" ", "\\s+")}(?![\\p{L}\\p{N}_])`, "u"))) return CLASSES[phrase.kind];
  }
  for (const prefix of BEFORE_NUMBER) if (stream.match(new RegExp(`^${prefix}(?=\\d)`))) return "keyword";
  const found = stream.match(WORD) as RegExpMatchArray | null;
  if (!found) return null;
  const known = SINGLE.get(found[0]);
  if (known?.kind === "function" && !stream.match(/^\s*[（(]/, false)) return "variableName";
  if (known) return CLASSES[known.kind];
  return KIND_NAMES.has(found[0]) ? "typeName" : "variableName";
}

const parser = StreamLanguage.define<State>({
  name: "jihe",
  startState: () => ({ number: false }),
  token(stream, state) {
    if (stream.eatSpace()) return null;
    const afterNumber = state.number;
    state.number = false;
    const found = literal(stream);
    if (found) {
      state.number = found === "number";
      return found;
    }
    if (afterNumber) for (const unit of UNITS) if (stream.match(unit)) return "unit";
    const named = word(stream);
    if (named) return named;
    if (stream.match(/^[{}｛｝()（）[\]［］【】]/)) return "bracket";
    if (stream.match(/^[-+＋－−×*＊÷/／<>＜＞=＝!！≥≤≠]+/)) return "operator";
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"', "“"] } },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.definitionKeyword, color: "var(--code-clause)", fontWeight: "600" },
  { tag: tags.standard(tags.variableName), color: "var(--code-function)" },
  { tag: tags.typeName, color: "var(--code-kind)" },
  { tag: [tags.string, tags.propertyName], color: "var(--code-string)" },
  { tag: [tags.number, tags.unit, tags.literal, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)" },
  { tag: [tags.operator, tags.bracket], color: "var(--text)" },
]);

function completions(): Completion[] {
  const words = KEYWORDS.flatMap((one) => [one.zh, one.en].filter(Boolean).map((label) => ({ label, type: one.kind === "function" ? "function" : "keyword" })));
  const kinds = KINDS.flatMap((kind) => [{ label: kind.zh, type: "type", detail: kind.en }, { label: kind.en, type: "type", detail: kind.zh }]);
  const fields = KINDS.flatMap((kind) => kind.fields.map((field) => ({ label: field.zh, type: "property", detail: `${kind.zh} ${field.en}` })));
  const seen = new Set<string>();
  return [...words, ...kinds, ...fields].filter((one) => !seen.has(one.label) && seen.add(one.label));
}

export const highlighting = syntaxHighlighting(colours);

export function jihe(): LanguageSupport {
  return new LanguageSupport(parser, parser.data.of({ autocomplete: completeFromList(completions()) }));
}
