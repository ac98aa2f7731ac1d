// What an editor and `tsc --strict` make of the package's types; compiled, never run.
//
// In: the installed package. Out: no error. Invariant: every call of `index.d.ts` occurs here once.

import init, { ClaimsError, CompileError, JiheError, check, compile, format, test, version } from "jihe";
import type { Claims, Diagnostic, Finding, Report, Ruleset, TestReport } from "jihe";

export async function everyCall(text: string, claims: Claims): Promise<string[]> {
  await init();
  const ruleset: Ruleset = compile({ "a.jihe": text }, { tables: { "b.csv": "编码\n1\n" }, params: null });
  const warnings: Diagnostic[] = [...ruleset.warnings, ...check(text)];
  const tested: TestReport = test(text);
  try {
    const report: Report = ruleset.audit(claims, { asOf: "2024-12-31", coverage: ["2024-01-01", "2024-12-31"] });
    const amounts = report.findings.map((finding: Finding): string => finding.amount ?? "?");
    return [...amounts, format(text, "en"), version(), ruleset.hash, ruleset.explain(), `${tested.tests}`];
  } catch (error: unknown) {
    if (error instanceof CompileError || error instanceof ClaimsError) return warnings.map((one) => one.message);
    throw error instanceof JiheError ? new Error(error.messageEn) : error;
  } finally {
    ruleset.free();
  }
}
