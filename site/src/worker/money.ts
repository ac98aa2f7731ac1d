// Amounts without floating point.
//
// In: decimal texts. Out: ten-thousandths of a yuan, and the texts people read.
// Invariant: reading and writing lose nothing; two decimals are HALF_UP, as docs/contract.md 5 says.

const UNIT = 10_000n;

/** Ten-thousandths of a yuan; null where there is no amount. */
export function parseAmount(text: string | null | undefined): bigint | null {
  const found = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(text ?? "");
  if (!found) return null;
  const value = BigInt(found[2] ?? "0") * UNIT + BigInt((found[3] ?? "").padEnd(4, "0"));
  return found[1] === "-" ? -value : value;
}

/** `1,234.57`: two decimals, HALF_UP, with separators. */
export function shownAmount(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  const cents = (magnitude + 50n) / 100n;
  const whole = (cents / 100n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const sign = value < 0n && cents > 0n ? "-" : "";
  return `${sign}${whole}.${(cents % 100n).toString().padStart(2, "0")}`;
}

/** Amounts of many findings, a charge counted once: the largest that any finding puts on a line (docs/contract.md). */
export class Purse {
  #lines = new Map<string, bigint>();
  #elsewhere = 0n;
  #known = false;

  add(finding: { nature: string; amount: string | null; offending: { kind: string; key: string; amount: string | null }[] }): void {
    if (finding.nature === "data_quality") return;
    const own = parseAmount(finding.amount);
    if (own !== null) this.#known = true;
    let onLines = 0n;
    for (const line of finding.offending) {
      const amount = parseAmount(line.amount);
      if (amount === null) continue;
      this.#known = true;
      onLines += amount;
      const place = `${line.kind}|${line.key}`;
      const known = this.#lines.get(place) ?? 0n;
      if (amount > known) this.#lines.set(place, amount);
    }
    const rest = (own ?? 0n) - onLines;
    if (rest > 0n) this.#elsewhere += rest;
  }

  /** null where no finding has an amount: what is not known is not 0. */
  get total(): bigint | null {
    if (!this.#known) return null;
    let sum = this.#elsewhere;
    for (const amount of this.#lines.values()) sum += amount;
    return sum;
  }
}
