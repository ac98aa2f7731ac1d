// The JSON of the library as TypeScript types.
//
// In: the Rust wire types. Out: what index.d.ts and files.d.ts speak of.
// Invariant: written by `cargo xtask types`, never by hand; a test of crates/jihe compares the two.

/** 违规, 高度可疑, 可疑, 数据质量 */
export type Nature = "violation" | "likely" | "suspicious" | "data_quality";

/** A lead (疑点) with its evidence. */
export type Finding = {
/** 32 hex digits; the same finding has the same id in every run. */
finding_id: string,
/** 编号 */
rule_id: string,
/** 名称 */
rule_name: string,
/** Package version. */
rule_version: string,
/** 性质 */
nature: Nature,
/** English kind or summary name. */
subject_kind: string,
/** Key of the record or group it is about. */
subject_key: string,
/** Person key, if all evidence shares one. */
person: string | null,
/** Institution key, likewise. */
institution: string | null,
/** Practitioner key, likewise. */
practitioner: string | null,
/** Visit key, likewise. */
visit: string | null,
/** `2024-03-01` */
service_date: string | null,
/** `4.0000` */
amount: string | null,
/** 说明 */
message: string,
/** 核查 */
verify: string,
/** 依据, joined by `；` */
basis: string,
/** Offending records with amounts. */
offending: Array<Evidence>,
/** Records merely involved. */
involved: Array<Involved>,
/** 设 and 列示 values in rule order. */
values: Record<string, string | null>,
};

/** An offending record. */
export type Evidence = {
/** English kind or summary name. */
kind: string,
/** Its key. */
key: string,
/** The part of the amount on it, four digits; null where none is. */
amount: string | null,
};

/** An involved record. */
export type Involved = {
/** English kind or summary name. */
kind: string,
/** Its key. */
key: string,
};

/** A whole report. */
export type Report = {
/** Version of this format: 1. */
version: number,
/** By rule id, then subject key. */
findings: Array<Finding>,
/** What the run looked at. */
coverage: Coverage,
/** Rows that could not be read. */
rejects: Array<Reject>,
};

/** What a run looked at. */
export type Coverage = {
/** Version of this format: 1. */
version: number,
/** Version of the engine. */
engine_version: string,
/** The ruleset: package name, version, and hash of its texts. */
ruleset: RulesetLine,
/** Knowledge tables with rows and hashes. */
tables: Array<TableLine>,
/** 截止日, `2024-12-31`. */
as_of: string | null,
/** Covered days of each kind supplied, both ends included; null for kinds without a clock or without rows. */
coverage: { [key in string]: [string, string] | null },
/** Records of each kind supplied. */
records: { [key in string]: number },
/** Rows that could not be read. */
rejected: number,
/** Negative lines that refer to no line, and lines whose refunds exceed them. */
refunds: RefundLine,
/** One line a rule, by rule id. */
rules: Array<RuleLine>,
/** Findings and money, each charge counted once. */
totals: TotalLine,
/** What no rule over claims can decide, said here so that silence is not read as "passed". */
outside: Array<string>,
};

/** The ruleset of a run. */
export type RulesetLine = {
/** Package name. */
name: string,
/** Package version. */
version: string,
/** SHA-256 of all texts, hex. */
hash: string,
};

/** A knowledge table of a run. */
export type TableLine = {
/** Its name in the rules. */
name: string,
/** Its file. */
file: string,
/** Its rows; null when it was not supplied. */
rows: number | null,
/** SHA-256 of the file, hex. */
hash: string | null,
};

/** Refunds that could not be netted. */
export type RefundLine = {
/** Negative lines that refer to no line. */
unmatched: number,
/** Lines whose refunds exceed them. */
exceeding: number,
};

/** One rule of a run. */
export type RuleLine = {
/** 编号 */
rule_id: string,
/** 名称 */
rule_name: string,
/** The version of its package. */
rule_version: string,
/** `person` or `population`. */
scope: "person" | "population",
/** Whether it ran. */
status: RuleStatus,
/** Why it did not. */
reason: string | null,
/** Subjects seen. */
seen: number,
/** 不适用 */
not_applicable: number,
/** 通过 */
pass: number,
/** 命中 */
hit: number,
/** 豁免 */
exempt: number,
/** 无法判定 */
undecided: number,
/** 无法判定 by cause. */
undecided_by_cause: { [key in string]: number },
/** 豁免 by reason. */
exempt_by_reason: { [key in string]: number },
/** Sum of its findings' amounts, four decimals. */
amount: string,
/** Findings whose amount is undecided. */
amount_undecided: number,
/** Findings whose amount was cut to the sum of their lines. */
amount_cut: number,
};

/** Whether a rule ran. */
export type RuleStatus = "ran" | "skipped";

/** Totals of a run. */
export type TotalLine = {
/** Findings, 数据质量 included. */
findings: number,
/** Money, each charge counted once, four decimals. */
amount: string,
/** The part counted in the name of each rule. */
by_rule: { [key in string]: string },
};

/** A row that could not be read. */
export type Reject = {
/** English kind. */
kind: string,
/** The file; for claims given as JSON the kind as it was written. */
file: string,
/** Its line or row. */
line: number,
/** The column at fault; null when it is the whole row. */
column: string | null,
/** What stood there. */
value: string,
/** Why it cannot be taken, Chinese. */
reason: string,
/** Why, English. */
reason_en: string,
};

/** A report without its findings. */
export type Summary = {
/** How many findings there are. */
findings: number,
/** What the run looked at. */
coverage: Coverage,
};

/** A rule, for people. */
export type RuleText = {
/** 编号 */
id: string,
/** 名称 */
name: string,
/** 性质, the gravest it can take. */
nature: Nature,
/** `person` or `population`. */
scope: "person" | "population",
/** 依据, joined by `；` */
basis: string,
/** As its author wrote it. */
text: string,
};

/** What became of a file. */
export type FileRead = {
/** Its name; for a sheet of a workbook `book.xlsx#sheet`. */
file: string,
/** English name of the record kind it holds, several joined by `+`; null if it is not known. */
kind: string | null,
/** Data rows it holds. */
rows: number,
/** Rows that were taken. */
accepted: number,
/** Rows of which something was rejected. */
rejected: number,
/** Its columns, in order. */
columns: Array<ColumnRead>,
/** What is wrong with the file as a whole, Chinese; null if nothing. */
problem: string | null,
/** The same, English. */
problem_en: string | null,
};

/** A column of a file. */
export type ColumnRead = {
/** Its name in the file. */
header: string,
/** English name of the field it holds; null for a column that is left out. */
field: string | null,
};

/** What one claim changes. */
export type Check = {
/** Findings that are new, changed, or name a record of the claim. */
findings: Array<Finding>,
/** Findings that no longer hold. */
withdrawn: Array<Withdrawn>,
/** 群体 rules, which one person's records cannot decide. */
not_evaluated: Array<NotEvaluated>,
/** Rows of the claim that could not be read. */
rejects: Array<Reject>,
};

/** A finding that no longer holds. */
export type Withdrawn = {
/** 编号 */
rule_id: string,
/** The subject it named. */
subject_key: string,
};

/** A rule that a session cannot decide. */
export type NotEvaluated = {
/** 编号 */
rule_id: string,
/** The summaries it reads; for a rule with 按 its own groups, under the rule's name. */
needs: Array<string>,
};

/** What to fetch. */
export type Requirements = {
/** By English kind name. */
kinds: { [key in string]: KindRequirement },
/** Knowledge tables the rules look into. */
tables: Array<string>,
/** Named code sets the rules test against. */
code_sets: Array<string>,
};

/** What to fetch of one kind. */
export type KindRequirement = {
/** English names of the fields that rules read. */
fields: Array<string>,
/** How far before a subject rules look. */
look_back: Reach,
/** How far after a subject rules look. */
look_ahead: Reach,
};

/** How far a rule looks. */
export type Reach = "claim" | { "days": number } | "unbounded";

/** What there is to say about a place in the rules. */
export type Diagnostic = {
/** Stable code, `E0208`; its page is `explain(code)`. */
code: string,
/** How grave it is. */
severity: "error" | "warning" | "advice",
/** Chinese. */
message: string,
/** English. */
message_en: string,
/** Where; the first is the place at fault. */
labels: Array<Label>,
/** What would help, Chinese. */
help: string | null,
/** What would help, English. */
help_en: string | null,
/** A change that mends it. */
fix: Fix | null,
};

/** A place and what is said about it. */
export type Label = {
/** Where. */
place: Place,
/** Chinese. */
text: string,
/** English. */
text_en: string,
};

/** A place in the rules. */
export type Place = {
/** Name of the file. */
file: string | null,
/** First byte. */
start: number,
/** Byte after the last. */
end: number,
/** Line of the first byte, from 1. */
line: number,
/** Its column in characters, from 1. */
column: number,
/** Its column in UTF-16 units, from 0, as editors count. */
utf16: number,
/** Line of the end. */
end_line: number,
/** Column of the end in UTF-16 units. */
end_utf16: number,
};

/** A change of the text. */
export type Fix = {
/** What to replace. */
place: Place,
/** With what. */
replacement: string,
};

/** Why a call gave nothing. */
export type WireError = {
/** Whose fault. */
kind: "rules" | "claims" | "usage",
/** Of the first diagnostic, else `E0001` (claims) or `E0002` (usage). */
code: string,
/** Chinese. */
message: string,
/** English. */
message_en: string,
/** If the rules are at fault, where. */
diagnostics: Array<Diagnostic>,
};

/** What the test blocks of rules came to. */
export type TestReport = {
/** Test blocks. */
tests: number,
/** Expectations in them. */
expectations: number,
/** Those not met. */
failures: Array<TestFailure>,
};

/** An expectation that was not met. */
export type TestFailure = {
/** Name of the test block. */
test: string,
/** What differed, Chinese. */
message: string,
/** What differed, English. */
message_en: string,
/** The expectation. */
place: Place,
};
