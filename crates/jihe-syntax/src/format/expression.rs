//! Expressions.
//!
//! In: an [`Expr`]. Out: its text on one line.
//! Invariant: parentheses are those of the tree, so precedence is never changed.

use super::{Printer, quoted};
use crate::keywords::{self as words, Class};
use crate::tree::{BinaryOp, Date, Expr, ExprKind, Key, Unit};
use jihe_diagnostics::Language;

impl Printer<'_> {
    pub(super) fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Missing => String::new(),
            ExprKind::Number(digits) => digits.clone(),
            ExprKind::Percent(digits) => format!("{digits}%"),
            ExprKind::Quantity(digits, unit) => format!("{digits} {}", self.unit(*unit, digits)),
            ExprKind::Date(day) => date(day),
            ExprKind::Instant(day, seconds) => instant(day, *seconds),
            ExprKind::Text(text) => quoted(text),
            ExprKind::Bool(true) => self.word(words::TRUE).to_owned(),
            ExprKind::Bool(false) => self.word(words::FALSE).to_owned(),
            ExprKind::Name(name) => name.clone(),
            ExprKind::This => self.word(words::THIS).to_owned(),
            ExprKind::Group => self.word(words::GROUP).to_owned(),
            ExprKind::Dot(base, name) => format!("{}.{}", self.expr(base), name.text),
            ExprKind::Index { base, keys, as_of } => self.index(base, keys, as_of.as_deref()),
            ExprKind::Call(name, arguments) => {
                format!("{}({})", self.known(&name.text, Class::Function), self.exprs(arguments))
            }
            ExprKind::Tuple(all) => format!("({})", self.exprs(all)),
            ExprKind::Paren(inner) => format!("({})", self.expr(inner)),
            ExprKind::CodeList(codes) => self.code_list(codes),
            ExprKind::Negate(inner) => format!("-{}", self.expr(inner)),
            ExprKind::Not(inner) => format!("{} {}", self.word(words::NOT), self.expr(inner)),
            ExprKind::Binary(left, operator, _, right) => {
                format!("{} {} {}", self.expr(left), self.operator(*operator), self.expr(right))
            }
            ExprKind::Chain(operands, operators) => {
                self.chain(operands, operators.iter().map(|(word, _)| *word))
            }
            ExprKind::Range(start, end) => {
                format!("{} {} {}", self.expr(start), self.word(words::TO), self.expr(end))
            }
            ExprKind::If(condition, then, other) => self.conditional(condition, then, other),
            ExprKind::Set(set) => self.set(set),
        }
    }

    fn exprs(&self, all: &[Expr]) -> String {
        all.iter().map(|expr| self.expr(expr)).collect::<Vec<String>>().join(", ")
    }

    fn index(&self, base: &Expr, keys: &[Key], as_of: Option<&Expr>) -> String {
        let as_of =
            as_of.map_or(String::new(), |day| format!(" {} {}", self.word(words::AS_OF), self.expr(day)));
        format!("{}[{}{as_of}]", self.expr(base), self.keys(keys))
    }

    pub(super) fn keys(&self, keys: &[Key]) -> String {
        let key = |key: &Key| match &key.name {
            Some(name) => format!("{} = {}", name.text, self.expr(&key.value)),
            None => self.expr(&key.value),
        };
        keys.iter().map(key).collect::<Vec<String>>().join(", ")
    }

    fn chain(&self, operands: &[Expr], operators: impl Iterator<Item = BinaryOp>) -> String {
        let mut operands = operands.iter();
        let mut text = operands.next().map_or(String::new(), |first| self.expr(first));
        for (operator, operand) in operators.zip(operands) {
            text = format!("{text} {} {}", self.operator(operator), self.expr(operand));
        }
        text
    }

    fn conditional(&self, condition: &Expr, then: &Expr, other: &Expr) -> String {
        let words = [words::IF, words::THEN, words::ELSE].map(|word| self.word(word));
        let [if_word, then_word, else_word] = words;
        format!(
            "{if_word} {} {then_word} {} {else_word} {}",
            self.expr(condition),
            self.expr(then),
            self.expr(other)
        )
    }

    pub(super) fn unit(&self, unit: Unit, digits: &str) -> &'static str {
        let (keyword, one) = match unit {
            Unit::Yuan => (words::YUAN, "yuan"),
            Unit::WanYuan => (words::WAN_YUAN, "wan_yuan"),
            Unit::Day => (words::DAYS, "day"),
            Unit::Hour => (words::HOURS, "hour"),
            Unit::Minute => (words::MINUTES, "minute"),
            Unit::Week => (words::WEEKS, "week"),
            Unit::Month => (words::MONTHS, "month"),
            Unit::Quarter => (words::QUARTERS, "quarter"),
            Unit::Year => (words::YEARS, "year"),
            Unit::YearOfAge => (words::YEARS_OLD, "year_old"),
            Unit::Times => (words::TIMES, "time"),
        };
        match self.language {
            Language::Chinese => keyword.zh,
            Language::English if digits == "1" => one,
            Language::English => keyword.en,
        }
    }

    pub(super) fn operator(&self, operator: BinaryOp) -> &'static str {
        let marks = |zh: &'static str, en: &'static str| match self.language {
            Language::Chinese => zh,
            Language::English => en,
        };
        match operator {
            BinaryOp::Or => self.word(words::OR),
            BinaryOp::And => self.word(words::AND),
            BinaryOp::In => self.word(words::IN),
            BinaryOp::NotIn => self.word(words::NOT_IN),
            BinaryOp::Contains => self.word(words::CONTAINS),
            BinaryOp::Lacks => self.word(words::LACKS),
            BinaryOp::Equal => "=",
            BinaryOp::NotEqual => marks("≠", "!="),
            BinaryOp::Less => "<",
            BinaryOp::LessEqual => marks("≤", "<="),
            BinaryOp::Greater => ">",
            BinaryOp::GreaterEqual => marks("≥", ">="),
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => marks("×", "*"),
            BinaryOp::Divide => marks("÷", "/"),
        }
    }
}

pub(super) fn date(date: &Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

fn instant(day: &Date, seconds: u32) -> String {
    let minutes = seconds.checked_div(60).unwrap_or(0);
    let (hour, minute) = (minutes.checked_div(60).unwrap_or(0), minutes.checked_rem(60).unwrap_or(0));
    let time = match seconds.checked_rem(60) {
        None | Some(0) => format!("{hour:02}:{minute:02}"),
        Some(second) => format!("{hour:02}:{minute:02}:{second:02}"),
    };
    format!("{} {time}", date(day))
}
