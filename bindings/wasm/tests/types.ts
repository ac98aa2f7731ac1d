// What an editor and `tsc --strict` make of the package's types; compiled, never run.
//
// In: the installed package. Out: no error. Invariant: every call of `index.d.ts` and `files.d.ts` occurs here once.

import init, {
  ClaimsError, CompileError, InternalError, JiheError, LIMITS, Session, UsageError,
  check, compile, format, requirements, test, version,
} from "jihe";
import type { Check, Claims, Coverage, Diagnostic, Finding, Reach, Report, Ruleset, TestReport } from "jihe";
import { explain } from "jihe/explain";
import initFiles, { Auditor, rulebook } from "jihe/files";
import type { FileRead, Summary } from "jihe/files";

export async function everyCall(text: string, claims: Claims): Promise<string[]> {
  await init();
  const ruleset: Ruleset = compile({ "a.jihe": text }, { tables: { "b.csv": "编码\n1\n" }, params: null });
  const warnings: Diagnostic[] = [...ruleset.warnings, ...check(text)];
  const tested: TestReport = test(text);
  const reach: Reach | undefined = requirements(text).kinds["item"]?.look_back;
  try {
    const report: Report = ruleset.audit(claims, { asOf: "2024-12-31", coverage: ["2024-01-01", "2024-12-31"] });
    const amounts = report.findings.map((finding: Finding): string => finding.amount ?? "?");
    const session: Session = Session.open(ruleset, claims, { coverage: { item: ["2024-01-01", "2024-12-31"] } });
    const told: Check = session.check(JSON.stringify(claims));
    const open = told.not_evaluated.flatMap((rule): string[] => [rule.rule_id, ...rule.needs]);
    const gone = told.withdrawn.map((one): string => one.subject_key);
    const held = [...session.findings(), ...ruleset.session("{}").findings()].map((one) => one.message);
    const bad = [...session.rejects, ...told.rejects].map((one): string => one.column ?? one.file);
    session.free();
    const dates = Object.keys(report.coverage.coverage);
    return [...amounts, ...open, ...gone, ...held, ...bad, ...dates, format(text, "en"), version(), ruleset.hash,
      ruleset.explain(), `${tested.tests} ${LIMITS.rules}`, typeof reach === "object" ? `${reach.days}` : `${reach}`];
  } catch (error: unknown) {
    if (error instanceof CompileError || error instanceof ClaimsError) return warnings.map((one) => one.message);
    if (error instanceof UsageError || error instanceof InternalError) return [explain(error.code ?? "") ?? error.kind];
    throw error instanceof JiheError ? new Error(error.messageEn) : error;
  } finally {
    ruleset.free();
  }
}

export async function everyCallOfFiles(bytes: Uint8Array): Promise<string[]> {
  await initFiles();
  const auditor = new Auditor(null, { params: Object.values(rulebook().files)[0] ?? null });
  const read: FileRead[] = auditor.read([{ name: "item.csv", bytes }], { layout: "folder" }).files;
  const summary: Summary = auditor.audit({ asOf: "2024-12-31", onProgress: (done, total) => void (done / total) });
  const coverage: Coverage = summary.coverage;
  const record = auditor.records("item", ["L1"])[0]?.["amount"] ?? "";
  const texts = auditor.rules().map((rule): string => rule.text);
  const pages = [...auditor.findings(0, 10).map((one) => one.message), ...auditor.rejects(0, 10).map((one) => one.reason)];
  auditor.free();
  return [...read.map((one) => one.problem ?? one.file), coverage.totals.amount, record, ...texts, ...pages,
    auditor.hash, ...auditor.warnings.map((one) => one.message)];
}
