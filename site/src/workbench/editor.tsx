// A CodeMirror editor as a component.
//
// In: a text, diagnostics, results of tests. Out: the text as it is typed. Invariant: it lives in a shadow root, where its styles are
// style sheets made by script, so the page's policy needs no exception for inline styles. Tab leaves it, as on any page.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic as Lint } from "@codemirror/lint";
import { EditorState, RangeSet, StateEffect, StateField, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, gutter, GutterMarker, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import { highlighting, jihe } from "./language.js";

/** Whether the test that begins on a line passed. */
export interface TestMark {
  line: number;
  passed: boolean;
  title: string;
}

class Sign extends GutterMarker {
  readonly mark: TestMark;
  constructor(mark: TestMark) {
    super();
    this.mark = mark;
  }
  override eq(other: Sign): boolean {
    return other.mark.passed === this.mark.passed && other.mark.title === this.mark.title;
  }
  override toDOM(): Node {
    const sign = document.createElement("span");
    sign.textContent = this.mark.passed ? "✓" : "✗";
    sign.title = this.mark.title;
    sign.className = this.mark.passed ? "passed" : "failed";
    return sign;
  }
}

const setTests = StateEffect.define<readonly TestMark[]>();
const tests = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setTests)) continue;
      const { doc } = transaction.state;
      const known = effect.value.filter((mark) => mark.line <= doc.lines);
      next = RangeSet.of(known.map((mark) => new Sign(mark).range(doc.line(mark.line).from)), true);
    }
    return next;
  },
});

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "14px", color: "var(--text)", backgroundColor: "var(--surface)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selection) !important" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--faint)", border: "none" },
  ".cm-activeLine": { backgroundColor: "var(--active-line)" },
  ".cm-tests": { width: "1.2em", textAlign: "center", fontWeight: "700" },
  ".cm-tests .passed": { color: "var(--good)" },
  ".cm-tests .failed": { color: "var(--bad)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
});

interface EditorProps {
  label: string;
  id: string;
  language: "jihe" | "json";
  value: string;
  /** The text as it is known now, which typing may have taken further than `value`. */
  current: () => string;
  /** Another document, not another text of the same: its history begins anew. */
  document: string;
  lints?: readonly Lint[];
  marks?: readonly TestMark[];
  onChange: (value: string) => void;
  /** A place to go to: offset in the text. */
  goTo?: { at: number } | null;
}

function extensions(props: EditorProps, changed: (value: string) => void): Extension[] {
  const rules = props.language === "jihe";
  return [
    rules ? [lintGutter(), tests, gutter({ class: "cm-tests", markers: (view) => view.state.field(tests) })] : [],
    lineNumbers(), history(), drawSelection(), highlightActiveLine(), indentOnInput(), bracketMatching(), closeBrackets(),
    autocompletion({ activateOnTyping: rules }),
    rules ? jihe() : json(),
    highlighting, look, EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": props.label, id: props.id, tabindex: "0" }),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
  ];
}

const clipped = (lints: readonly Lint[], length: number): Lint[] =>
  lints.map((lint) => ({ ...lint, from: Math.min(lint.from, length), to: Math.min(Math.max(lint.from, lint.to), length) }));

export function Editor(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const changed = (value: string) => latest.current.onChange(value);
    const state = EditorState.create({ doc: latest.current.value, extensions: extensions(latest.current, changed) });
    const editor = new EditorView({ state, parent: root, root });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [props.document, props.language, props.label]);

  useEffect(() => {
    // What was rendered may be older than what was typed since: only a text that is not the latest known came from elsewhere.
    const editor = view.current;
    const text = latest.current.current();
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [props.value, props.document]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, clipped(props.lints ?? [], editor.state.doc.length)));
  }, [props.lints, props.document]);

  useEffect(() => {
    view.current?.dispatch({ effects: setTests.of(props.marks ?? []) });
  }, [props.marks, props.document]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !props.goTo) return;
    const at = Math.min(props.goTo.at, editor.state.doc.length);
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    editor.focus();
  }, [props.goTo]);

  return <div ref={host} class="editor" data-editor={props.id} />;
}
