//! Pairs to expressions.
//!
//! In: pairs of the expression rules. Out: [`Expr`] nodes.
//! Invariant: no tree is higher than `limits::HEIGHT`, so whoever walks one may recurse.

use super::{Builder, Node, ascii_digits, parts, unquoted};
use crate::limits;
use crate::parse::errors::SyntaxError;
use crate::tree::{BinaryOp, CodePattern, Date, Expr, ExprKind, Key, MonthDay, Unit};
use jihe_diagnostics::Span;
use jihe_grammar::Rule;

/// An expression and the height of its tree.
pub(super) struct Tall {
    pub(super) expr: Expr,
    pub(super) height: u32,
}

impl Builder<'_> {
    /// An expression, set or operand.
    pub(super) fn expression(&mut self, node: Node<'_>) -> Expr {
        self.tall(node).expr
    }

    pub(super) fn expressions<'i>(&mut self, nodes: impl Iterator<Item = Node<'i>>) -> Vec<Expr> {
        nodes.map(|node| self.expression(node)).collect()
    }

    pub(super) fn tall(&mut self, node: Node<'_>) -> Tall {
        let node = lowest(node);
        let span = self.span(&node);
        match node.as_rule() {
            Rule::cond => self.condition(node, span),
            Rule::or_e | Rule::and_e | Rule::sum | Rule::product => self.chain(node),
            Rule::not_e | Rule::negation => self.prefixed(node, span),
            Rule::compare => self.comparison(node, span),
            Rule::range => self.interval_value(node, span),
            Rule::postfix => self.postfix(node),
            Rule::paren => self.paren(node, span),
            Rule::named => self.call(node, span),
            Rule::arg => self.set(node, span),
            Rule::code_list => {
                let codes = self.code_list(node);
                leaf(ExprKind::CodeList(codes), span)
            }
            _ => self.literal(&node, span),
        }
    }

    /// A node over others, refused where the tree grows too high.
    pub(super) fn over(&mut self, kind: ExprKind, span: Span, below: u32) -> Tall {
        let height = below.saturating_add(1);
        if height > limits::HEIGHT {
            let at = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX);
            self.fail(SyntaxError::TooDeep, at(span.start)..at(span.end));
            return leaf(ExprKind::Missing, span);
        }
        Tall { expr: Expr { kind, span }, height }
    }

    fn condition(&mut self, node: Node<'_>, span: Span) -> Tall {
        let words = [Rule::k_if, Rule::k_then, Rule::k_else];
        let mut operands: Vec<Tall> =
            parts(node).filter(|part| !words.contains(&part.as_rule())).map(|part| self.tall(part)).collect();
        let missing = || leaf(ExprKind::Missing, span);
        let mut result = operands.pop().unwrap_or_else(missing);
        while let (Some(then), Some(when)) = (operands.pop(), operands.pop()) {
            let below = when.height.max(then.height).max(result.height);
            let end = result.expr.span;
            let start = if operands.is_empty() { span } else { when.expr.span };
            let kind = ExprKind::If(Box::new(when.expr), Box::new(then.expr), Box::new(result.expr));
            result = self.over(kind, start.to(end), below);
        }
        result
    }

    /// Operands of one precedence, joined from the left.
    fn chain(&mut self, node: Node<'_>) -> Tall {
        let mut parts = parts(node);
        let Some(first) = parts.next() else { return leaf(ExprKind::Missing, Span::default()) };
        let mut left = self.tall(first);
        while let (Some(operator), Some(right)) = (parts.next(), parts.next()) {
            let right = self.tall(right);
            left = self.binary(left, &operator, right);
        }
        left
    }

    fn binary(&mut self, left: Tall, operator: &Node<'_>, right: Tall) -> Tall {
        let span = left.expr.span.to(right.expr.span);
        let below = left.height.max(right.height);
        let at = self.span(operator);
        let kind = ExprKind::Binary(Box::new(left.expr), operation(operator), at, Box::new(right.expr));
        self.over(kind, span, below)
    }

    fn prefixed(&mut self, node: Node<'_>, span: Span) -> Tall {
        let mut prefixes = Vec::new();
        let mut result = leaf(ExprKind::Missing, span);
        for part in parts(node) {
            match part.as_rule() {
                Rule::k_not | Rule::minus => prefixes.push(part),
                _ => result = self.tall(part),
            }
        }
        while let Some(prefix) = prefixes.pop() {
            let span = self.span(&prefix).to(result.expr.span);
            let operand = Box::new(result.expr);
            let kind = if prefix.as_rule() == Rule::k_not {
                ExprKind::Not(operand)
            } else {
                ExprKind::Negate(operand)
            };
            result = self.over(kind, span, result.height);
        }
        result
    }

    fn comparison(&mut self, node: Node<'_>, span: Span) -> Tall {
        let mut operands = Vec::new();
        let mut operators = Vec::new();
        for part in parts(node) {
            match part.as_rule() {
                Rule::relop | Rule::op_in | Rule::op_not_in | Rule::op_contains | Rule::op_lacks => {
                    operators.push(part);
                }
                _ => operands.push(self.tall(part)),
            }
        }
        if operators.len() == 1
            && let (Some(right), Some(left), Some(operator)) =
                (operands.pop(), operands.pop(), operators.pop())
        {
            return self.binary(left, &operator, right);
        }
        let below = operands.iter().map(|operand| operand.height).max().unwrap_or(0);
        let operators = operators.iter().map(|operator| (operation(operator), self.span(operator))).collect();
        let operands = operands.into_iter().map(|operand| operand.expr).collect();
        self.over(ExprKind::Chain(operands, operators), span, below)
    }

    fn interval_value(&mut self, node: Node<'_>, span: Span) -> Tall {
        let mut operands =
            parts(node).filter(|part| part.as_rule() != Rule::k_to).map(|part| self.tall(part));
        let (start, end) = (operands.next(), operands.next());
        drop(operands);
        match (start, end) {
            (Some(start), Some(end)) => {
                let below = start.height.max(end.height);
                self.over(ExprKind::Range(Box::new(start.expr), Box::new(end.expr)), span, below)
            }
            (Some(only), None) => only,
            (None, _) => leaf(ExprKind::Missing, span),
        }
    }

    fn postfix(&mut self, node: Node<'_>) -> Tall {
        let mut parts = parts(node);
        let Some(first) = parts.next() else { return leaf(ExprKind::Missing, Span::default()) };
        let mut result = self.tall(first);
        for part in parts {
            let span = result.expr.span.to(self.span(&part));
            result = if part.as_rule() == Rule::member_name {
                let name = part.clone().into_inner().next().unwrap_or(part);
                let name = self.name(&name);
                self.over(ExprKind::Dot(Box::new(result.expr), name), span, result.height)
            } else {
                self.index(part, result, span)
            };
        }
        result
    }

    fn index(&mut self, node: Node<'_>, base: Tall, span: Span) -> Tall {
        let mut below = base.height;
        let mut keys = Vec::new();
        let mut as_of = None;
        for part in parts(node) {
            match part.as_rule() {
                Rule::key => {
                    let (key, height) = self.key(part);
                    below = below.max(height);
                    keys.push(key);
                }
                Rule::k_as_of => {}
                _ => {
                    let day = self.tall(part);
                    below = below.max(day.height);
                    as_of = Some(Box::new(day.expr));
                }
            }
        }
        self.over(ExprKind::Index { base: Box::new(base.expr), keys, as_of }, span, below)
    }

    /// `甲` or `名 = 甲`, and the height of its expression.
    pub(super) fn key(&mut self, node: Node<'_>) -> (Key, u32) {
        let mut name = None;
        let mut value = leaf(ExprKind::Missing, self.span(&node));
        for part in parts(node) {
            if part.as_rule() == Rule::ident {
                name = Some(self.name(&part));
            } else {
                value = self.tall(part);
            }
        }
        (Key { name, value: value.expr }, value.height)
    }

    fn paren(&mut self, node: Node<'_>, span: Span) -> Tall {
        let mut all: Vec<Tall> = parts(node).map(|part| self.tall(part)).collect();
        let below = all.iter().map(|one| one.height).max().unwrap_or(0);
        if all.len() > 1 {
            let all = all.into_iter().map(|one| one.expr).collect();
            return self.over(ExprKind::Tuple(all), span, below);
        }
        let only = all.pop().map_or(Expr { kind: ExprKind::Missing, span }, |one| one.expr);
        self.over(ExprKind::Paren(Box::new(only)), span, below)
    }

    fn call(&mut self, node: Node<'_>, span: Span) -> Tall {
        let mut parts = parts(node);
        let Some(name) = parts.next().map(|name| self.name(&name)) else {
            return leaf(ExprKind::Missing, span);
        };
        let arguments: Vec<Tall> = parts.flat_map(super::parts).map(|part| self.tall(part)).collect();
        let below = arguments.iter().map(|one| one.height).max().unwrap_or(0);
        let arguments = arguments.into_iter().map(|one| one.expr).collect();
        self.over(ExprKind::Call(name, arguments), span, below)
    }

    pub(super) fn code_list(&mut self, node: Node<'_>) -> Vec<CodePattern> {
        let mut codes = Vec::new();
        for code in parts(node) {
            let mut ends = parts(code).filter(|part| part.as_rule() == Rule::string);
            if let Some(from) = ends.next() {
                let to = ends.next().map(|end| self.string(&end));
                codes.push(CodePattern { from: self.string(&from), to });
            }
        }
        codes
    }

    fn literal(&mut self, node: &Node<'_>, span: Span) -> Tall {
        let text = node.as_str();
        let kind = match node.as_rule() {
            Rule::number => ExprKind::Number(ascii_digits(text)),
            Rule::percent => ExprKind::Percent(ascii_digits(text.trim_end_matches(['%', '％']))),
            Rule::quantity => quantity(node),
            Rule::date => ExprKind::Date(self.date(node)),
            Rule::instant => self.instant(node),
            Rule::string => ExprKind::Text(unquoted(text).to_owned()),
            Rule::yes => ExprKind::Bool(true),
            Rule::no => ExprKind::Bool(false),
            Rule::k_this => ExprKind::This,
            Rule::k_group => ExprKind::Group,
            Rule::ident => ExprKind::Name(text.to_owned()),
            _ => ExprKind::Missing,
        };
        leaf(kind, span)
    }

    pub(super) fn date(&self, node: &Node<'_>) -> Date {
        let text = ascii_digits(node.as_str());
        let mut numbers =
            text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u32>().ok());
        let mut next = || numbers.next().unwrap_or(0);
        let (year, month, day) = (next(), next(), next());
        Date { year: i32::try_from(year).unwrap_or(0), month, day, span: self.span(node) }
    }

    pub(super) fn month_day(&self, node: &Node<'_>) -> MonthDay {
        let text = ascii_digits(node.as_str());
        let mut numbers =
            text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u32>().ok());
        let mut next = || numbers.next().unwrap_or(0);
        let (month, day) = (next(), next());
        MonthDay { month, day, span: self.span(node) }
    }

    /// The seconds since midnight of `08:30` or `08:30:15`.
    fn instant(&mut self, node: &Node<'_>) -> ExprKind {
        let mut parts = node.clone().into_inner();
        let (Some(date), Some(time)) = (parts.next(), parts.next()) else { return ExprKind::Missing };
        let text = ascii_digits(time.as_str());
        let numbers: Vec<u32> = text.split([':', '：']).filter_map(|part| part.parse().ok()).collect();
        let seconds = match numbers.as_slice() {
            [hour @ 0..=23, minute @ 0..=59] => {
                hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60))
            }
            [hour @ 0..=23, minute @ 0..=59, second @ 0..=59] => {
                hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60)).saturating_add(*second)
            }
            _ => {
                let range = self.range(&time);
                self.fail(SyntaxError::OutOfRange, range);
                0
            }
        };
        ExprKind::Instant(self.date(&date), seconds)
    }
}

/// The node below all layers that add nothing.
fn lowest(mut node: Node<'_>) -> Node<'_> {
    while is_layer(node.as_rule()) {
        let mut inner = parts(node.clone());
        let (Some(only), None) = (inner.next(), inner.next()) else { break };
        drop(inner);
        node = only;
    }
    node
}

fn is_layer(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::expr
            | Rule::or_e
            | Rule::and_e
            | Rule::not_e
            | Rule::compare
            | Rule::range
            | Rule::sum
            | Rule::product
            | Rule::negation
            | Rule::postfix
            | Rule::named
            | Rule::arg
            | Rule::length
    )
}

pub(super) fn leaf(kind: ExprKind, span: Span) -> Tall {
    Tall { expr: Expr { kind, span }, height: 1 }
}

fn quantity(node: &Node<'_>) -> ExprKind {
    let mut parts = node.clone().into_inner();
    let digits = parts.next().map(|digits| ascii_digits(digits.as_str())).unwrap_or_default();
    let unit = parts.next().and_then(|unit| unit_of(unit.as_str()));
    unit.map_or(ExprKind::Missing, |unit| ExprKind::Quantity(digits, unit))
}

fn unit_of(text: &str) -> Option<Unit> {
    Some(match text {
        "元" | "yuan" => Unit::Yuan,
        "万元" | "wan_yuan" => Unit::WanYuan,
        "天" | "日" | "days" | "day" => Unit::Day,
        "小时" | "hours" | "hour" => Unit::Hour,
        "分钟" | "minutes" | "minute" => Unit::Minute,
        "周" | "weeks" | "week" => Unit::Week,
        "月" | "个月" | "月龄" | "months" | "month" => Unit::Month,
        "季" | "quarters" | "quarter" => Unit::Quarter,
        "年" | "years" | "year" => Unit::Year,
        "岁" | "周岁" | "years_old" | "year_old" => Unit::YearOfAge,
        "次" | "条" | "times" | "time" => Unit::Times,
        _ => return None,
    })
}

fn operation(node: &Node<'_>) -> BinaryOp {
    match node.as_rule() {
        Rule::k_or => BinaryOp::Or,
        Rule::k_and => BinaryOp::And,
        Rule::op_in => BinaryOp::In,
        Rule::op_not_in => BinaryOp::NotIn,
        Rule::op_contains => BinaryOp::Contains,
        Rule::op_lacks => BinaryOp::Lacks,
        _ => of_mark(node.as_str()),
    }
}

fn of_mark(mark: &str) -> BinaryOp {
    match mark {
        "+" | "＋" => BinaryOp::Add,
        "-" | "－" | "−" => BinaryOp::Subtract,
        "×" | "*" | "＊" => BinaryOp::Multiply,
        "÷" | "/" | "／" => BinaryOp::Divide,
        "≥" | ">=" | "＞＝" => BinaryOp::GreaterEqual,
        "≤" | "<=" | "＜＝" => BinaryOp::LessEqual,
        ">" | "＞" => BinaryOp::Greater,
        "<" | "＜" => BinaryOp::Less,
        "≠" | "!=" | "<>" | "！＝" => BinaryOp::NotEqual,
        _ => BinaryOp::Equal,
    }
}
