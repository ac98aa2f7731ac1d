//! The actors of the city: insured persons, institutions and their practitioners.
//!
//! In: what is to be said of them. Out: [`Person`], [`Institution`] and their rows.
//! Invariant: an actor is written once, before any claim that names it.

use crate::calendar::Day;
use crate::city::City;

/// 性别
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sex {
    Male,
    Female,
}

impl Sex {
    fn code(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
        }
    }
}

/// 险种
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Insurance {
    Employee,
    Resident,
    Retired,
    Veteran,
}

impl Insurance {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Insurance::Employee => "310",
            Insurance::Resident => "390",
            Insurance::Retired => "340",
            Insurance::Veteran => "350",
        }
    }
}

/// An insured person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) key: String,
    pub(crate) sex: Sex,
    pub(crate) birth: Day,
    pub(crate) death: Option<Day>,
    /// The last day of the enrolment, if it has one.
    pub(crate) insured_to: Option<Day>,
    /// 人员类别
    pub(crate) group: &'static str,
    pub(crate) insurance: Insurance,
    pub(crate) region: &'static str,
    /// Number of the village or neighbourhood.
    pub(crate) village: i64,
}

/// 级别 and 类型 of an institution in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Tertiary,
    Secondary,
    Primary,
    Pharmacy,
}

impl Level {
    fn code(self) -> &'static str {
        match self {
            Level::Tertiary => "3",
            Level::Secondary => "2",
            Level::Primary => "1",
            Level::Pharmacy => "0",
        }
    }

    fn type_code(self) -> &'static str {
        if self == Level::Pharmacy { "2" } else { "1" }
    }

    fn title(self) -> &'static str {
        match self {
            Level::Tertiary => "三级医院",
            Level::Secondary => "二级医院",
            Level::Primary => "卫生院",
            Level::Pharmacy => "药店",
        }
    }

    fn beds(self) -> i64 {
        match self {
            Level::Tertiary => 900,
            Level::Secondary => 400,
            Level::Primary => 120,
            Level::Pharmacy => 0,
        }
    }
}

/// A designated institution.
#[derive(Debug, Clone)]
pub(crate) struct Institution {
    pub(crate) key: String,
    pub(crate) level: Level,
    pub(crate) region: &'static str,
}

/// The departments of an institution, one practitioner each.
pub(crate) const DEPARTMENTS: [&str; 4] = ["A03", "A04", "A05", "A07"];

/// The two districts of the city.
pub(crate) const DISTRICTS: [&str; 2] = ["640402", "640422"];

impl Institution {
    /// The practitioner who works in a department.
    pub(crate) fn practitioner(&self, department: &str) -> String {
        let at = DEPARTMENTS.iter().position(|name| *name == department).unwrap_or_default();
        format!("D{}{}", self.key.trim_start_matches('H'), at + 1)
    }
}

const PERSON_HEADER: &[&str] = &[
    "person_id",
    "name",
    "sex",
    "birth_date",
    "death_date",
    "person_type",
    "insurance",
    "village",
    "region",
];
const ENROLMENT_HEADER: &[&str] = &["person", "insurance", "start_date", "end_date", "status", "region"];
const INSTITUTION_HEADER: &[&str] = &[
    "institution_id",
    "name",
    "level",
    "institution_type",
    "region",
    "licensed_beds",
    "medical_care_home",
    "rehabilitation_home",
    "complaint",
];
const PRACTITIONER_HEADER: &[&str] =
    &["practitioner_id", "name", "institution", "person", "title", "department"];

impl City<'_> {
    /// Writes a person and the enrolment, which began long before the city's records do.
    pub(crate) fn write_person(&mut self, person: &Person) {
        let insurance = person.insurance.code();
        self.row("person.csv", PERSON_HEADER, |row| {
            row.push(&person.key);
            row.push(format_args!("参保人{}", person.key.trim_start_matches('P')));
            row.push(person.sex.code());
            row.push(person.birth);
            row.push_option(person.death);
            row.push(person.group);
            row.push(insurance);
            row.push(format_args!("{}{:03}", person.region, person.village));
            row.push(person.region);
        });
        let enrolled = person.birth.max(crate::calendar::day(2016, 1, 1));
        self.row("enrolment.csv", ENROLMENT_HEADER, |row| {
            row.push(&person.key);
            row.push(insurance);
            row.push(enrolled);
            row.push_option(person.insured_to);
            row.push("正常参保");
            row.push(person.region);
        });
    }

    /// Writes another enrolment of a person.
    pub(crate) fn enrol(&mut self, person: &Person, insurance: Insurance, (from, to): (Day, Day)) {
        self.row("enrolment.csv", ENROLMENT_HEADER, |row| {
            row.push(&person.key);
            row.push(insurance.code());
            row.push(from);
            row.push(to);
            row.push("暂停参保");
            row.push(person.region);
        });
    }

    /// A new institution with its practitioners and as many beds as its level has.
    pub(crate) fn new_institution(&mut self, level: Level, region: &'static str) -> Institution {
        self.new_institution_of(level, region, level.beds())
    }

    /// A new institution with its practitioners and so many beds.
    pub(crate) fn new_institution_of(
        &mut self,
        level: Level,
        region: &'static str,
        beds: i64,
    ) -> Institution {
        let number = self.numbers.institution.next();
        let institution = Institution { key: format!("H{number:06}"), level, region };
        self.row("institution.csv", INSTITUTION_HEADER, |row| {
            row.push(&institution.key);
            row.push(format_args!("甘霖{}{number}号", level.title()));
            row.push(level.code());
            row.push(level.type_code());
            row.push(region);
            row.push(beds);
            row.push(false);
            row.push(false);
            row.push(false);
        });
        for department in DEPARTMENTS {
            let practitioner = institution.practitioner(department);
            self.row("practitioner.csv", PRACTITIONER_HEADER, |row| {
                row.push(&practitioner);
                row.push(format_args!("医师{}", practitioner.trim_start_matches('D')));
                row.push(&institution.key);
                row.push("");
                row.push("3");
                row.push(department);
            });
        }
        institution
    }
}
