// The grid of findings: only the rows in sight exist.
//
// In: the view. Out: a grid with one tab stop. Invariant: rows come from the worker by pages; scrolling never waits for them.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { text } from "../shell/settings.js";
import type { Column, Row, View } from "../worker/protocol.js";
import { client } from "./client.js";
import { changes, clearMark, marks, setMark } from "./marks.js";
import { fail, focusDetail, opened, overview, runs, view } from "./state.js";

const ROW = 32;
const PAGE = 100;
/** Taller than this, browsers lose pixels; the scroll bar then stands for places, not for pixels. */
const TALLEST = 8_000_000;
const EXTRA = 4;
const COLUMNS: readonly Column[] = ["rule", "nature", "message", "department", "practitioner", "person", "date", "amount", "mark"];

interface Shown {
  total: number;
  amount: string | null;
}

/** Pages of rows, asked for when they come into sight. */
class Pages {
  readonly rows = new Map<number, Row>();
  total = 0;
  readonly #asked = new Set<number>();
  readonly #view: View;
  readonly #onRows: (shown: Shown) => void;

  constructor(of: View, onRows: (shown: Shown) => void) {
    this.#view = of;
    this.#onRows = onRows;
  }

  need(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page * PAGE < Math.max(to, 1); page += 1) {
      if (this.#asked.has(page)) continue;
      this.#asked.add(page);
      client.call("rows", [this.#view, page * PAGE, PAGE]).then((answer) => {
        answer.rows.forEach((row, at) => this.rows.set(page * PAGE + at, row));
        this.total = answer.total;
        this.#onRows({ total: answer.total, amount: answer.amount });
      }, fail);
    }
  }
}

function usePages(onShown: (shown: Shown) => void): Pages {
  const [, redraw] = useState(0);
  const current = useRef<Pages | null>(null);
  const marksMatter = view.value.mark !== "" || view.value.sort?.column === "mark" ? changes.value : 0;
  const pages = useMemo(() => new Pages(view.value, (shown) => {
    if (current.current !== pages) return;
    onShown(shown);
    redraw((count) => count + 1);
  }), [view.value, runs.value, marksMatter]);
  current.current = pages;
  useEffect(() => pages.need(0, PAGE), [pages]);
  return pages;
}

/** Which rows are in sight, and where they are drawn. */
function useWindow(box: RefObject<HTMLDivElement | null>, total: number) {
  const [scroll, setScroll] = useState({ top: 0, height: 480 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let frame = 0;
    const measure = () => {
      frame = 0;
      setScroll({ top: element.scrollTop, height: element.clientHeight });
    };
    const later = () => { frame ||= requestAnimationFrame(measure); };
    const observer = new ResizeObserver(later);
    observer.observe(element);
    element.addEventListener("scroll", later, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", later);
      cancelAnimationFrame(frame);
    };
  }, []);
  const visible = Math.ceil(scroll.height / ROW);
  const height = Math.min(total * ROW, TALLEST);
  const scaled = total * ROW > TALLEST;
  const last = Math.max(0, total - visible + 1);
  const first = scaled
    ? Math.round((scroll.top / Math.max(1, height - scroll.height)) * last)
    : Math.floor(scroll.top / ROW);
  const from = Math.max(0, first - EXTRA);
  const to = Math.min(total, first + visible + EXTRA);
  const topOf = (at: number) => (scaled ? scroll.top + (at - first) * ROW : at * ROW);
  const reveal = (at: number) => {
    const element = box.current;
    if (!element) return;
    if (scaled) {
      if (at < first || at > first + visible - 3) element.scrollTop = (at / Math.max(1, last)) * (height - scroll.height);
    } else if (at * ROW < element.scrollTop) element.scrollTop = at * ROW;
    else if ((at + 2) * ROW > element.scrollTop + element.clientHeight) element.scrollTop = (at + 2) * ROW - element.clientHeight;
  };
  return { from, to, height, topOf, reveal, visible };
}

function Heading({ column }: { column: Column }) {
  const t = text.value.list;
  const sort = view.value.sort?.column === column ? view.value.sort : null;
  const turn = () => {
    const next = !sort ? { column, descending: column === "amount" } : sort.descending === (column === "amount") ? { column, descending: !sort.descending } : null;
    view.value = { ...view.value, sort: next };
  };
  return (
    <div role="columnheader" class={`cell cell-${column}`} aria-sort={sort ? (sort.descending ? "descending" : "ascending") : "none"}>
      <button type="button" class="link" title={t.sort(t.columns[column])} onClick={turn}>
        {t.columns[column]}<span aria-hidden="true">{sort ? (sort.descending ? " ↓" : " ↑") : ""}</span>
      </button>
    </div>
  );
}

function cellText(row: Row, column: Column): string {
  const words = text.value;
  const mark = marks.value.get(row.finding_id);
  switch (column) {
    case "rule": return `${row.rule_id} ${row.rule_name}`;
    case "nature": return words.natures[row.nature];
    case "mark": return mark ? words.markStates[mark.state] : "";
    default: return row[column] ?? words.none;
  }
}

interface LineProps {
  row: Row | undefined;
  at: number;
  top: number;
  active: boolean;
  onOpen: () => void;
}

/** Called, not mounted: a component a row would make scrolling dearer than the rows are. */
function line({ row, at, top, active, onOpen }: LineProps) {
  const state = row && marks.value.get(row.finding_id)?.state;
  return (
    <div key={at} role="row" id={`row-${at}`} class={active ? "line active" : "line"} aria-rowindex={at + 2} aria-selected={active}
      style={{ transform: `translateY(${top}px)` }} onClick={onOpen}>
      {COLUMNS.map((column) => (
        <div role="gridcell" class={`cell cell-${column}`}>
          {!row ? text.value.list.loading
            : column === "nature" ? <span class={`badge ${row.nature}`}>{cellText(row, column)}</span>
            : column === "mark" && state ? <span class={`badge mark-${state}`}>{cellText(row, column)}</span>
            : cellText(row, column)}
        </div>
      ))}
    </div>
  );
}

const MARK_KEYS = { "1": "verified", "3": "open" } as const;

export function FindingGrid({ onShown }: { onShown: (shown: Shown) => void }) {
  const t = text.value.list;
  const box = useRef<HTMLDivElement>(null);
  const pages = usePages(onShown);
  const [active, setActive] = useState(0);
  const { from, to, height, topOf, reveal, visible } = useWindow(box, pages.total);
  useEffect(() => pages.need(from, to), [pages, from, to]);
  useEffect(() => {
    setActive(0);
    opened.value = null;
    if (box.current) box.current.scrollTop = 0;
  }, [view.value, runs.value]);
  const open = (at: number) => {
    const row = pages.rows.get(at);
    if (!row) return;
    setActive(at);
    opened.value = row.at;
  };
  const move = (to: number) => {
    const next = Math.min(Math.max(0, to), Math.max(0, pages.total - 1));
    setActive(next);
    reveal(next);
    const row = pages.rows.get(next);
    if (opened.value !== null && row) opened.value = row.at;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = pages.rows.get(active);
    const steps: Record<string, number> = {
      ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + visible - 2, PageUp: active - visible + 2, Home: 0, End: pages.total - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) move(step);
    else if (event.key === "Enter" || event.key === " ") {
      focusDetail.value = true;
      open(active);
    }
    else if (event.key === "Escape") opened.value = null;
    else if (row && event.key in MARK_KEYS) void setMark(row, MARK_KEYS[event.key as keyof typeof MARK_KEYS], "");
    else if (row && event.key === "0") void clearMark(row.finding_id);
    else return;
    event.preventDefault();
  };
  const lines = [];
  for (let at = from; at < to; at += 1) {
    const onOpen = () => {
      open(at);
      box.current?.focus({ preventScroll: true });
    };
    lines.push(line({ row: pages.rows.get(at), at, top: topOf(at), active: at === active, onOpen }));
  }
  const shownActive = pages.total > 0 && active >= from && active < to;
  return (
    <div ref={box} class="grid" id="grid" role="grid" tabIndex={0} aria-label={t.grid} aria-rowcount={pages.total + 1}
      aria-activedescendant={shownActive ? `row-${active}` : undefined} onKeyDown={onKeyDown} data-findings={overview.value?.findings ?? 0}>
      <div role="rowgroup" class="grid-head"><div role="row" class="line-head" aria-rowindex={1}>{COLUMNS.map((column) => <Heading column={column} />)}</div></div>
      {pages.total > 0 && <div role="rowgroup" class="grid-body" style={{ height: `${height}px` }}>{lines}</div>}
    </div>
  );
}
