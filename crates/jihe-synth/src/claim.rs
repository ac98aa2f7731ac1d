//! A visit with everything that hangs on it, and how it is written.
//!
//! In: a person, an institution, times and charges. Out: rows of visit, diagnosis, operation, item, settlement, report and trace.
//! Invariant: an amount is unit price × quantity and a settlement is the sum of its lines, unless a planter says otherwise.

use crate::calendar::Moment;
use crate::catalogue::{Disease, Item};
use crate::city::City;
use crate::decimal::{Money, Price};
use crate::people::{DEPARTMENTS, Institution, Person};

/// What the fund pays of a settlement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fund {
    /// So many hundredths of the total.
    Percent(i64),
    /// So much.
    Fixed(Money),
}

/// An operation of a stay.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) start: Moment,
    pub(crate) end: Moment,
}

/// A line of a claim.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) key: String,
    pub(crate) item: &'static Item,
    pub(crate) price: Price,
    pub(crate) quantity: i64,
    /// The amount, where it is not to be price × quantity.
    pub(crate) stated: Option<Money>,
    pub(crate) used: Moment,
    /// 供药天数
    pub(crate) supply: Option<i64>,
    /// 日用量 in the units of the label.
    pub(crate) daily_dose: Option<i64>,
    /// The line that this one takes back.
    pub(crate) original: Option<String>,
    /// Trace codes sold with the line, and whether the box was split.
    pub(crate) traces: Vec<(String, bool)>,
    /// Whether the item code is left out.
    pub(crate) nameless: bool,
    /// 出院带药
    pub(crate) taken_home: bool,
}

impl Line {
    /// What the line says it costs.
    pub(crate) fn amount(&self) -> Money {
        self.stated.unwrap_or_else(|| self.price.times(self.quantity))
    }
}

/// A visit and its lines before they are written.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) key: String,
    pub(crate) settlement: String,
    /// The number in its keys.
    pub(crate) number: i64,
    pub(crate) person: Person,
    pub(crate) institution: Institution,
    /// 医疗类别
    pub(crate) category: &'static str,
    pub(crate) start: Moment,
    pub(crate) end: Option<Moment>,
    pub(crate) settled: Moment,
    /// 结算方式: online, or by hand at the agency.
    pub(crate) by_hand: bool,
    /// Days from the settlement to the institution's claim, and from that to payment.
    pub(crate) payment: (i64, Option<i64>),
    pub(crate) department: &'static str,
    /// The practitioner, where it is not the department's own.
    pub(crate) doctor: Option<String>,
    pub(crate) diagnoses: Vec<&'static Disease>,
    /// 入院途径
    pub(crate) admission_way: &'static str,
    /// 离院方式
    pub(crate) discharge_way: &'static str,
    /// 病种 and its name.
    pub(crate) disease: Option<(&'static str, &'static str)>,
    pub(crate) online: bool,
    pub(crate) note: &'static str,
    pub(crate) fund: Fund,
    pub(crate) operations: Vec<Operation>,
    pub(crate) lines: Vec<Line>,
}

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

impl Claim {
    /// The sum of the lines, refunds deducted.
    pub(crate) fn total(&self) -> Money {
        self.lines.iter().fold(Money(0), |sum, line| sum.plus(line.amount()))
    }

    /// 住院天数: the first day counts, the last does not, at least one.
    pub(crate) fn days(&self) -> i64 {
        self.end.map_or(1, |end| (end.day().0 - self.start.day().0).max(1))
    }

    fn drugs(&self) -> Money {
        let drugs = self.lines.iter().filter(|line| line.item.fee.is_drug());
        drugs.fold(Money(0), |sum, line| sum.plus(line.amount()))
    }

    fn fund(&self) -> Money {
        match self.fund {
            Fund::Percent(percent) => self.total().share(percent, 100),
            Fund::Fixed(amount) => amount,
        }
    }

    fn practitioner(&self) -> String {
        self.doctor.clone().unwrap_or_else(|| self.institution.practitioner(self.department))
    }

    fn is_stay(&self) -> bool {
        self.category == "21"
    }

    /// Charges an item at its list price; the line may be changed afterwards.
    #[expect(clippy::indexing_slicing, reason = "the line has just been pushed to its place")]
    pub(crate) fn charge(&mut self, item: &'static Item, quantity: i64, used: Moment) -> &mut Line {
        let line = Line {
            key: self.next_line(),
            item,
            price: item.price,
            quantity,
            stated: None,
            used,
            // A drug of which nothing else is said lasts a day a unit.
            supply: Some(quantity).filter(|_| item.fee.is_drug()),
            daily_dose: None,
            original: None,
            traces: Vec::new(),
            nameless: false,
            taken_home: false,
        };
        let place = self.lines.len();
        self.lines.push(line);
        &mut self.lines[place]
    }

    /// Takes back some units of a line by a negative line; its key.
    pub(crate) fn take_back(&mut self, key: &str, quantity: i64, at: Moment) -> String {
        let found = self.lines.iter().find(|line| line.key == key).cloned();
        let Some(original) = found else { return String::new() };
        let negative = Line {
            key: self.next_line(),
            quantity: -quantity,
            used: at,
            original: Some(original.key.clone()),
            traces: Vec::new(),
            ..original
        };
        let key = negative.key.clone();
        self.lines.push(negative);
        key
    }

    /// Lines are numbered within their visit, so that their keys sort in the order of charging.
    fn next_line(&self) -> String {
        format!("F{:010}{:04}", self.number, self.lines.len() + 1)
    }
}

impl City<'_> {
    /// A new outpatient visit without lines, for a first diagnosis.
    pub(crate) fn outpatient(
        &mut self,
        (person, institution): (&Person, &Institution),
        start: Moment,
        disease: &'static Disease,
    ) -> Claim {
        let number = self.numbers.visit.next();
        Claim {
            key: format!("V{number:010}"),
            settlement: format!("S{number:010}"),
            number,
            person: person.clone(),
            institution: institution.clone(),
            category: "11",
            start,
            end: None,
            settled: start.plus_minutes(40),
            by_hand: false,
            payment: (3, Some(17)),
            department: DEPARTMENTS[0],
            doctor: None,
            diagnoses: vec![disease],
            admission_way: "",
            discharge_way: "",
            disease: None,
            online: false,
            note: "",
            fund: Fund::Fixed(Money(0)),
            operations: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// A new stay without lines, for a first diagnosis.
    pub(crate) fn stay(
        &mut self,
        place: (&Person, &Institution),
        (start, end): (Moment, Moment),
        disease: &'static Disease,
    ) -> Claim {
        let visit = self.outpatient(place, start, disease);
        Claim {
            category: "21",
            end: Some(end),
            settled: end.plus_minutes(20),
            admission_way: "2",
            discharge_way: "1",
            fund: Fund::Percent(60),
            ..visit
        }
    }

    /// A trace code never used before.
    pub(crate) fn trace_code(&mut self) -> String {
        format!("81{:018}", self.numbers.trace.next())
    }

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

/// A refund as a row of its own.
#[derive(Debug, Clone)]
pub(crate) struct Refund {
    pub(crate) key: String,
    pub(crate) quantity: i64,
    pub(crate) time: Moment,
}
