//! How a claim is written.
//!
//! In: a [`Claim`]. Out: rows of visit, diagnosis, operation, item, settlement, refund, report and trace.
//! Invariant: a row has its cells in the order of its header.

use crate::city::City;
use crate::claim::{Claim, Line, Operation, Refund};
use crate::decimal::Money;
use crate::people::DEPARTMENTS;

const MINUTES_A_DAY: i64 = 1_440;

const VISIT_HEADER: &[&str] = &[
    "visit_id",
    "person",
    "institution",
    "practitioner",
    "visit_type",
    "insurance",
    "region",
    "time",
    "discharge_time",
    "main_diagnosis",
    "main_diagnosis_name",
    "department",
    "discharge_department",
    "discharge_way",
    "admission_way",
    "planned_readmission",
    "online",
    "disease",
    "disease_name",
    "total_amount",
    "drug_amount",
    "note",
];
const DIAGNOSIS_HEADER: &[&str] = &["visit", "code", "name", "phase", "diagnosis_type", "rank", "main"];
const OPERATION_HEADER: &[&str] =
    &["visit", "code", "name", "start_time", "end_time", "main", "incision", "surgeon"];
const ITEM_HEADER: &[&str] = &[
    "item_id",
    "original_item",
    "visit",
    "settlement",
    "item_code",
    "item_name",
    "generic_name",
    "catalogue_type",
    "fee_type",
    "payment_class",
    "quantity",
    "unit_price",
    "amount",
    "covered_amount",
    "used_time",
    "billed_time",
    "ordered_time",
    "ordering_department",
    "ordering_practitioner",
    "prescription",
    "days_of_supply",
    "daily_dose",
    "route",
    "by_analogy",
    "discharge_drug",
];
const SETTLEMENT_HEADER: &[&str] = &[
    "settlement_id",
    "visit",
    "time",
    "total_amount",
    "fund_amount",
    "covered_amount",
    "deductible",
    "person_amount",
    "channel",
    "method",
    "clearing_type",
    "claim_time",
    "paid_time",
];
const REPORT_HEADER: &[&str] = &[
    "report_id",
    "visit",
    "item",
    "item_code",
    "item_name",
    "sampled_time",
    "report_time",
    "result",
    "result_digest",
    "reporting_practitioner",
];
const TRACE_HEADER: &[&str] = &["code", "item", "institution", "time", "item_code", "quantity", "split"];
const REFUND_HEADER: &[&str] =
    &["refund_id", "item", "settlement", "visit", "time", "quantity", "amount", "way", "reason"];

impl City<'_> {
    /// Writes a claim.
    pub(crate) fn file(&mut self, claim: &Claim) {
        self.write_visit(claim);
        let phase = if claim.is_stay() { "2" } else { "1" };
        for (rank, disease) in (1i64..).zip(&claim.diagnoses) {
            self.row("diagnosis.csv", DIAGNOSIS_HEADER, |row| {
                row.push(&claim.key);
                row.push(disease.code);
                row.push(disease.name);
                row.push(phase);
                row.push("1");
                row.push(rank);
                row.push(rank == 1);
            });
        }
        for operation in &claim.operations {
            self.write_operation(claim, operation);
        }
        for line in &claim.lines {
            self.write_line(claim, line);
        }
        self.write_settlement(claim);
    }

    /// Writes a refund as a row of its own.
    pub(crate) fn file_refund(&mut self, claim: &Claim, line: &Line, refund: &Refund) {
        self.row("refund.csv", REFUND_HEADER, |row| {
            row.push(&refund.key);
            row.push(&line.key);
            row.push(&claim.settlement);
            row.push(&claim.key);
            row.push(refund.time);
            row.push(refund.quantity);
            row.push(line.price.times(refund.quantity));
            row.push("现金");
            row.push("患者要求");
        });
    }

    fn write_visit(&mut self, claim: &Claim) {
        let discharge_department = if claim.is_stay() { claim.department } else { "" };
        self.row("visit.csv", VISIT_HEADER, |row| {
            row.push(&claim.key);
            row.push(&claim.person.key);
            row.push(&claim.institution.key);
            row.push(claim.practitioner());
            row.push(claim.category);
            row.push(claim.person.insurance.code());
            row.push(claim.institution.region);
            row.push(claim.start);
            row.push_option(claim.end);
            row.push_option(claim.diagnoses.first().map(|disease| disease.code));
            row.push_option(claim.diagnoses.first().map(|disease| disease.name));
            row.push(claim.department);
            row.push(discharge_department);
            row.push(claim.discharge_way);
            row.push(claim.admission_way);
            row.push(false);
            row.push(claim.online);
            row.push_option(claim.disease.map(|(code, _)| code));
            row.push_option(claim.disease.map(|(_, name)| name));
            row.push(claim.total());
            row.push(claim.drugs());
            row.push(claim.note);
        });
    }

    fn write_operation(&mut self, claim: &Claim, operation: &Operation) {
        self.row("operation.csv", OPERATION_HEADER, |row| {
            row.push(&claim.key);
            row.push(operation.code);
            row.push(operation.name);
            row.push(operation.start);
            row.push(operation.end);
            row.push(true);
            row.push("2");
            row.push(claim.institution.practitioner(DEPARTMENTS[1]));
        });
    }

    fn write_line(&mut self, claim: &Claim, line: &Line) {
        let practitioner = claim.practitioner();
        let item = line.item;
        let code = if line.nameless { "" } else { item.code };
        let (generic, catalogue, route) =
            if item.fee.is_drug() { (item.name, "101", "口服") } else { ("", "201", "") };
        let prescription = if item.fee.is_drug() { format!("R{}", claim.key) } else { String::new() };
        self.row("item.csv", ITEM_HEADER, |row| {
            row.push(&line.key);
            row.push_option(line.original.as_ref());
            row.push(&claim.key);
            row.push(&claim.settlement);
            row.push(code);
            row.push(item.name);
            row.push(generic);
            row.push(catalogue);
            row.push(item.fee.code());
            row.push("01");
            row.push(line.quantity);
            row.push(line.price);
            row.push(line.amount());
            row.push(line.amount());
            row.push(line.used);
            row.push(line.used);
            row.push(line.used);
            row.push(claim.department);
            row.push(&practitioner);
            row.push(&prescription);
            row.push_option(line.supply);
            row.push_option(line.daily_dose);
            row.push(route);
            row.push(false);
            row.push(line.taken_home);
        });
        if item.fee.is_reported() && line.quantity > 0 {
            self.write_report(claim, line, &practitioner);
        }
        for (code, split) in &line.traces {
            self.row("trace.csv", TRACE_HEADER, |row| {
                row.push(code);
                row.push(&line.key);
                row.push(&claim.institution.key);
                row.push(line.used);
                row.push(item.code);
                row.push(1);
                row.push(split);
            });
        }
    }

    fn write_report(&mut self, claim: &Claim, line: &Line, practitioner: &str) {
        let number = self.numbers.report.next();
        let result = number.wrapping_mul(7_919).rem_euclid(997);
        self.row("report.csv", REPORT_HEADER, |row| {
            row.push(format_args!("B{number:010}"));
            row.push(&claim.key);
            row.push(&line.key);
            row.push(line.item.code);
            row.push(line.item.name);
            row.push(line.used);
            row.push(line.used.plus_minutes(90));
            row.push(format_args!("{}.{:02}", result / 10, result % 10));
            // Every report has a digest of its own: a specimen number is part of its text.
            row.push(format_args!("{number:010}-{result:03}"));
            row.push(practitioner);
        });
    }

    fn write_settlement(&mut self, claim: &Claim) {
        let (total, fund) = (claim.total(), claim.fund());
        let channel = if claim.by_hand { "2" } else { "1" };
        let claimed = claim.settled.plus_minutes(claim.payment.0 * MINUTES_A_DAY);
        let paid = claim.payment.1.map(|days| claimed.plus_minutes(days * MINUTES_A_DAY));
        let (clearing, deductible) = match claim.category {
            "21" => ("21", Money::yuan(400)),
            "41" => ("41", Money(0)),
            _ => ("11", Money(0)),
        };
        self.row("settlement.csv", SETTLEMENT_HEADER, |row| {
            row.push(&claim.settlement);
            row.push(&claim.key);
            row.push(claim.settled);
            row.push(total);
            row.push(fund);
            row.push(total);
            row.push(deductible);
            row.push(total.minus(fund));
            row.push(channel);
            row.push("01");
            row.push(clearing);
            row.push(claimed);
            row.push_option(paid);
        });
    }
}
