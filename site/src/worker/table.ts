// The findings of a run, filtered, sorted and counted.
//
// In: findings in contract order, the department of each, the marks. Out: rows, groups, totals of a view.
// Invariant: without a sort the order is the contract's; a sort is stable on it.

import type { Finding } from "jihe/files";
import { Purse, parseAmount, shownAmount } from "./money.js";
import type { Column, Dimension, Group, Groups, Mark, Row, View } from "./protocol.js";

const NATURES = ["violation", "likely", "suspicious", "data_quality"];
const shownOrNull = (amount: bigint | null) => (amount === null ? null : shownAmount(amount));
const byText = (left: string | null, right: string | null): number => {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right ? -1 : 1;
};

export class FindingTable {
  readonly findings: Finding[];
  readonly departments: (string | null)[];
  readonly marks: Map<string, Mark>;
  #amounts: (bigint | null)[];
  #last: { key: string; order: Uint32Array; amount: bigint | null } | null = null;

  constructor(findings: Finding[], departments: (string | null)[], marks: Map<string, Mark>) {
    this.findings = findings;
    this.departments = departments;
    this.marks = marks;
    this.#amounts = findings.map((finding) => parseAmount(finding.amount));
  }

  /** Forgets the last view: the marks have changed. */
  refresh(): void {
    this.#last = null;
  }

  /** The places of the view's findings, in its order. */
  order(view: View): Uint32Array {
    return this.#view(view).order;
  }

  rows(view: View, offset: number, limit: number): { total: number; amount: string | null; rows: Row[] } {
    const { order, amount } = this.#view(view);
    const rows = [...order.subarray(offset, offset + limit)].map((at) => this.row(at));
    return { total: order.length, amount: shownOrNull(amount), rows };
  }

  row(at: number): Row {
    const finding = this.findings[at] as Finding;
    return {
      at,
      finding_id: finding.finding_id,
      rule_id: finding.rule_id,
      rule_name: finding.rule_name,
      nature: finding.nature,
      message: finding.message,
      department: this.departments[at] ?? null,
      practitioner: finding.practitioner,
      person: finding.person,
      date: finding.service_date,
      amount: this.shown(at),
    };
  }

  shown(at: number): string | null {
    return shownOrNull(this.#amounts[at] ?? null);
  }

  groups(view: View, dimension: Dimension, limit: number): Groups {
    const gathered = new Map<string, { count: number; purse: Purse; label: string }>();
    for (const at of this.order(view)) {
      const key = this.#value(at, dimension);
      if (key === null) continue;
      let group = gathered.get(key);
      if (!group) gathered.set(key, group = { count: 0, purse: new Purse(), label: this.#label(at, dimension, key) });
      group.count += 1;
      group.purse.add(this.findings[at] as Finding);
    }
    const all = [...gathered].map(([key, { count, purse, label }]) => ({ key, label, count, amount: purse.total }));
    if (dimension === "month") all.sort((left, right) => byText(left.key, right.key));
    else all.sort((left, right) => right.count - left.count || byText(left.key, right.key));
    const most = all.reduce((most, group) => Math.max(most, group.count), 1);
    const shown = dimension === "month" ? all.slice(-limit) : all.slice(0, limit);
    const groups: Group[] = shown.map((group) => ({ ...group, amount: shownOrNull(group.amount), share: group.count / most }));
    return { groups, total: all.length };
  }

  #view(view: View): { order: Uint32Array; amount: bigint | null } {
    const key = JSON.stringify(view);
    if (this.#last?.key === key) return this.#last;
    const order = this.#sorted(this.#filtered(view), view.sort);
    const purse = new Purse();
    for (const at of order) purse.add(this.findings[at] as Finding);
    this.#last = { key, order, amount: purse.total };
    return this.#last;
  }

  #filtered(view: View): Uint32Array {
    const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
    const only = Object.entries(view.only) as [Dimension, string][];
    const kept = new Uint32Array(this.findings.length);
    let size = 0;
    for (let at = 0; at < this.findings.length; at += 1) {
      if (!only.every(([dimension, value]) => this.#value(at, dimension) === value)) continue;
      if (view.mark !== "" && (this.#mark(at) ?? "none") !== view.mark) continue;
      if (words.length > 0 && !words.every((word) => this.#contains(at, word))) continue;
      kept[size] = at;
      size += 1;
    }
    return kept.subarray(0, size);
  }

  #contains(at: number, word: string): boolean {
    const finding = this.findings[at] as Finding;
    const texts = [finding.message, finding.rule_id, finding.rule_name, finding.subject_key, finding.person,
      finding.practitioner, finding.institution, finding.visit, this.departments[at], finding.service_date];
    return texts.some((text) => text?.toLowerCase().includes(word));
  }

  #sorted(order: Uint32Array, sort: View["sort"]): Uint32Array {
    if (!sort) return order;
    const sign = sort.descending ? -1 : 1;
    const compare = this.#comparison(sort.column);
    return order.sort((left, right) => sign * compare(left, right) || left - right);
  }

  #comparison(column: Column): (left: number, right: number) => number {
    if (column === "amount") {
      return (left, right) => {
        const [one, other] = [this.#amounts[left] ?? -1n, this.#amounts[right] ?? -1n];
        return one < other ? -1 : one > other ? 1 : 0;
      };
    }
    const text = this.#text(column);
    return (left, right) => byText(text(left), text(right));
  }

  #text(column: Column): (at: number) => string | null {
    const finding = (at: number) => this.findings[at] as Finding;
    switch (column) {
      case "rule": return (at) => finding(at).rule_id;
      case "nature": return (at) => String(NATURES.indexOf(finding(at).nature));
      case "message": return (at) => finding(at).message;
      case "department": return (at) => this.departments[at] ?? null;
      case "mark": return (at) => this.#mark(at);
      case "date": return (at) => finding(at).service_date;
      case "person": return (at) => finding(at).person;
      default: return (at) => finding(at).practitioner;
    }
  }

  #mark(at: number): string | null {
    return this.marks.get((this.findings[at] as Finding).finding_id)?.state ?? null;
  }

  #value(at: number, dimension: Dimension): string | null {
    const finding = this.findings[at] as Finding;
    switch (dimension) {
      case "rule": return finding.rule_id;
      case "nature": return finding.nature;
      case "department": return this.departments[at] ?? null;
      case "month": return finding.service_date?.slice(0, 7) ?? null;
      default: return finding[dimension];
    }
  }

  #label(at: number, dimension: Dimension, key: string): string {
    return dimension === "rule" ? `${key} ${(this.findings[at] as Finding).rule_name}` : key;
  }
}
