// The department of a finding, which a finding itself does not name.
//
// In: findings, records by key. Out: a department for each, or null. Invariant: named only where all of the evidence agrees.

import type { Auditor, Finding } from "jihe/files";

const BATCH = 5_000;
const FIELD: Record<string, string> = { item: "ordering_department", visit: "department", diagnosis: "department" };

type Department = (kind: string, key: string) => string | null;

/** Looks up the departments of the records that findings name, each record once. */
function lookup(auditor: Auditor, findings: Finding[]): Department {
  const known = new Map<string, string | null>();
  for (const [kind, field] of Object.entries(FIELD)) {
    const keys = new Set<string>();
    for (const finding of findings) {
      if (kind === "visit" && finding.visit) keys.add(finding.visit);
      for (const line of finding.offending) if (line.kind === kind) keys.add(line.key);
      for (const line of finding.involved) if (line.kind === kind) keys.add(line.key);
    }
    const all = [...keys];
    for (let from = 0; from < all.length; from += BATCH) {
      const batch = all.slice(from, from + BATCH);
      auditor.records(kind, batch).forEach((record, at) => known.set(`${kind}|${batch[at]}`, record[field] ?? null));
    }
  }
  return (kind, key) => known.get(`${kind}|${key}`) ?? null;
}

function departmentOf(finding: Finding, department: Department): string | null {
  const agreed = (lines: { kind: string; key: string }[]): string | null => {
    const named = new Set(lines.map((line) => department(line.kind, line.key)));
    return named.size === 1 ? [...named][0] ?? null : null;
  };
  const items = finding.offending.filter((line) => line.kind in FIELD);
  return (items.length > 0 ? agreed(items) : null)
    ?? (finding.visit ? department("visit", finding.visit) : null)
    ?? agreed(finding.involved.filter((line) => line.kind in FIELD));
}

export function departments(auditor: Auditor, findings: Finding[]): (string | null)[] {
  const department = lookup(auditor, findings);
  return findings.map((finding) => departmentOf(finding, department));
}
