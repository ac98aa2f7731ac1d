// The settings a data folder may carry in run.toml (docs/contract.md 14).
//
// In: its text. Out: the last day and the days covered, where written. Invariant: anything else in it is passed over.

const DAY = /\d{4}-\d{2}-\d{2}/;

export function runOptionsOf(toml: string): { asOf: string | null; coverage: [string, string] | null } {
  const line = (name: string) => new RegExp(`^${name}\\s*=\\s*(.*)$`, "m").exec(toml)?.[1] ?? "";
  const asOf = DAY.exec(line("as_of"))?.[0] ?? null;
  const days = line("coverage").match(new RegExp(DAY, "g"));
  return { asOf, coverage: days?.length === 2 ? [days[0] as string, days[1] as string] : null };
}
