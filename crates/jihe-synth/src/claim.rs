//! A visit with everything that hangs on it.
//!
//! In: a person, an institution, times and charges. Out: a [`Claim`], which `filing` writes.
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

impl Claim {
    /// The sum of the lines, refunds deducted.
    pub(crate) fn total(&self) -> Money {
        self.lines.iter().fold(Money(0), |sum, line| sum.plus(line.amount()))
    }

    /// 住院天数: the first day counts, the last does not, at least one.
    pub(crate) fn days(&self) -> i64 {
        self.end.map_or(1, |end| (end.day().0 - self.start.day().0).max(1))
    }

    pub(crate) fn drugs(&self) -> Money {
        let drugs = self.lines.iter().filter(|line| line.item.fee.is_drug());
        drugs.fold(Money(0), |sum, line| sum.plus(line.amount()))
    }

    pub(crate) fn fund(&self) -> Money {
        match self.fund {
            Fund::Percent(percent) => self.total().share(percent, 100),
            Fund::Fixed(amount) => amount,
        }
    }

    pub(crate) fn practitioner(&self) -> String {
        self.doctor.clone().unwrap_or_else(|| self.institution.practitioner(self.department))
    }

    pub(crate) fn is_stay(&self) -> bool {
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
}

/// A refund as a row of its own.
#[derive(Debug, Clone)]
pub(crate) struct Refund {
    pub(crate) key: String,
    pub(crate) quantity: i64,
    pub(crate) time: Moment,
}
