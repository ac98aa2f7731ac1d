//! Sets of records.
//!
//! In: a [`SetExpr`]. Out: its text on one line.
//! Invariant: neighbouring 其中 become one, joined by 且; nothing else changes place.

use super::Printer;
use crate::keywords as words;
use crate::tree::{
    BinaryOp, Calendar, Expr, ExprKind, Group, IntervalPeriod, IntervalWord, Rolling, RollingWord, SetExpr,
    SetPrefix, SetSuffix,
};

impl Printer<'_> {
    pub(super) fn set(&self, set: &SetExpr) -> String {
        let mut parts: Vec<String> =
            set.prefixes.iter().map(|(prefix, _)| self.prefix(*prefix).to_owned()).collect();
        parts.push(self.expr(&set.base));
        let mut conditions: Vec<&Expr> = Vec::new();
        for (suffix, _) in &set.suffixes {
            if let SetSuffix::Where(condition) = suffix {
                conditions.push(condition);
                continue;
            }
            parts.extend(self.conditions(&std::mem::take(&mut conditions)));
            parts.push(self.suffix(suffix));
        }
        parts.extend(self.conditions(&conditions));
        parts.join(" ")
    }

    fn conditions(&self, conditions: &[&Expr]) -> Option<String> {
        let text = match conditions {
            [] => return None,
            [only] => self.expr(only),
            many => {
                let many: Vec<String> = many.iter().map(|condition| self.operand_of_and(condition)).collect();
                many.join(&format!(" {} ", self.word(words::AND)))
            }
        };
        Some(format!("{} {text}", self.word(words::WHERE)))
    }

    /// 或 and 若 bind more loosely than 且.
    fn operand_of_and(&self, condition: &Expr) -> String {
        let loose = matches!(condition.kind, ExprKind::Binary(_, BinaryOp::Or, _, _) | ExprKind::If(..));
        if loose { format!("({})", self.expr(condition)) } else { self.expr(condition) }
    }

    fn prefix(&self, prefix: SetPrefix) -> &'static str {
        self.word(match prefix {
            SetPrefix::Other => words::OTHER,
            SetPrefix::Previous => words::PREVIOUS,
            SetPrefix::Following => words::FOLLOWING,
        })
    }

    fn suffix(&self, suffix: &SetSuffix) -> String {
        match suffix {
            SetSuffix::Same(keys) => format!("{}({})", self.word(words::SAME), self.keys(keys)),
            SetSuffix::Calendar(calendar) => self.calendar(*calendar).to_owned(),
            SetSuffix::Rolling(rolling) => self.rolling(rolling),
            SetSuffix::Interval(interval) => self.interval(interval),
            SetSuffix::Where(condition) => format!("{} {}", self.word(words::WHERE), self.expr(condition)),
            SetSuffix::Except(records) => format!("{} {}", self.word(words::EXCEPT), self.expr(records)),
        }
    }

    fn calendar(&self, calendar: Calendar) -> &'static str {
        self.word(match calendar {
            Calendar::Visit => words::SAME_VISIT,
            Calendar::Hour => words::SAME_HOUR,
            Calendar::Day => words::SAME_DAY,
            Calendar::Week => words::SAME_WEEK,
            Calendar::Month => words::SAME_MONTH,
            Calendar::Quarter => words::SAME_QUARTER,
            Calendar::Year => words::SAME_YEAR,
            Calendar::BenefitYear => words::BENEFIT_YEAR_PERIOD,
        })
    }

    fn rolling(&self, rolling: &Rolling) -> String {
        let word = match rolling.word {
            RollingWord::Last => words::LAST,
            RollingWord::Next => words::NEXT,
            RollingWord::Around => words::WITHIN,
            RollingWord::Before => words::BEFORE,
            RollingWord::After => words::AFTER,
        };
        let mut text = self.word(word).to_owned();
        if let Some(length) = &rolling.length {
            text = format!("{text} {}", self.expr(length));
        }
        if rolling.until_this {
            text = format!("{text} {} {}", self.word(words::TO), self.word(words::THIS));
        }
        if let Some(anchor) = &rolling.from {
            text = format!("{text} {} {}", self.word(words::FROM), self.expr(anchor));
        }
        format!("{text}{}", self.clock(rolling.clock.as_ref()))
    }

    fn interval(&self, interval: &IntervalPeriod) -> String {
        let word = match interval.word {
            IntervalWord::During => words::DURING,
            IntervalWord::Overlapping => words::OVERLAPPING,
            IntervalWord::ValidAt => words::VALID_AT,
        };
        format!("{} {}{}", self.word(word), self.expr(&interval.value), self.clock(interval.clock.as_ref()))
    }

    /// ` 以 退费时间 计`, ` on refund_time`
    fn clock(&self, clock: Option<&Expr>) -> String {
        let Some(clock) = clock else { return String::new() };
        let end = self.word(words::CLOCK_END);
        let blank = if end.is_empty() { "" } else { " " };
        format!(" {} {}{blank}{end}", self.word(words::CLOCK), self.expr(clock))
    }

    pub(super) fn group(&self, group: &Group) -> String {
        let dense = if group.dense { format!(" {}", self.word(words::DENSE)) } else { String::new() };
        format!("{} ({}){dense}", self.word(words::BY), self.keys(&group.keys))
    }
}
