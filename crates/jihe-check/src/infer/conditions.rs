//! Conditions: 且, 或, 非, 若, comparisons in a row.
//!
//! In: operands. Out: expressions of type 是否, or of the type of the branches.
//! Invariant: nested 且 and 或 are flat, in the order written.

use jihe_diagnostics::Span;
use jihe_model::types::Type;
use jihe_syntax::tree::{BinaryOp, Expr as Tree, ExprKind as Node};

use super::compare::unify;
use super::values::Binary;
use super::{Infer, Scope, expr};
use crate::errors;
use crate::typed::{Expr, ExprKind};

impl Infer<'_> {
    /// An expression that must be a condition.
    pub(crate) fn condition(&mut self, tree: &Tree, scope: &Scope) -> Option<Expr> {
        let value = self.value(tree, scope, Some(Type::Bool))?;
        if value.ty == Type::Bool {
            return Some(value);
        }
        self.report(errors::types::not_a_condition(self.schema(), &value))
    }

    pub(super) fn not(&mut self, inner: &Tree, scope: &Scope, span: Span) -> Option<Expr> {
        let condition = self.condition(inner, scope)?;
        Some(expr(ExprKind::Not(Box::new(condition)), Type::Bool, span))
    }

    pub(super) fn logical(&mut self, binary: &Binary<'_>, scope: &Scope) -> Option<Expr> {
        crate::lints::mixed_logic(binary, self.input.sources, &mut self.diagnostics);
        let is_and = binary.op == BinaryOp::And;
        let left = self.condition(binary.left, scope);
        let right = self.condition(binary.right, scope);
        let mut operands = flatten(left?, is_and, binary.left);
        operands.extend(flatten(right?, is_and, binary.right));
        let kind = if is_and { ExprKind::And(operands) } else { ExprKind::Or(operands) };
        Some(expr(kind, Type::Bool, binary.span))
    }

    /// `a ≤ x ≤ b`
    pub(super) fn chain(
        &mut self,
        operands: &[Tree],
        operators: &[(BinaryOp, Span)],
        span: Span,
        scope: &Scope,
    ) -> Option<Expr> {
        let rising = |op: BinaryOp| matches!(op, BinaryOp::Less | BinaryOp::LessEqual);
        let falling = |op: BinaryOp| matches!(op, BinaryOp::Greater | BinaryOp::GreaterEqual);
        let one_way =
            operators.iter().all(|(op, _)| rising(*op)) || operators.iter().all(|(op, _)| falling(*op));
        if !one_way {
            return self.report(errors::types::chain_direction(span, operators));
        }
        let mut conditions = Vec::new();
        for (pair, (op, at)) in operands.windows(2).zip(operators) {
            let [left, right] = pair else { continue };
            let span = left.span.to(right.span);
            conditions.push(self.compare(&Binary { left, op: *op, at: *at, right, span }, scope)?);
        }
        Some(expr(ExprKind::And(conditions), Type::Bool, span))
    }

    /// 若 则 否则
    pub(super) fn branches(
        &mut self,
        [condition, then, otherwise]: [&Tree; 3],
        scope: &Scope,
        expected: Option<Type>,
    ) -> Option<Expr> {
        let checked = self.condition(condition, scope);
        let (then, otherwise) = self.alike((then, otherwise), scope, expected)?;
        let span = condition.span.to(otherwise.span);
        let ty = then.ty;
        Some(expr(ExprKind::If(Box::new(checked?), Box::new(then), Box::new(otherwise)), ty, span))
    }

    /// Two expressions of one type, each helping the literals of the other.
    pub(crate) fn alike(
        &mut self,
        (left, right): (&Tree, &Tree),
        scope: &Scope,
        expected: Option<Type>,
    ) -> Option<(Expr, Expr)> {
        let (first, second) = self.pair((left, right), scope, expected)?;
        let (first, second) = unify(first, second);
        if first.ty == second.ty {
            return Some((first, second));
        }
        self.report(errors::types::branches_differ(self.schema(), &first, &second))
    }

    /// Two expressions, a bare literal typed after the other one.
    pub(crate) fn pair(
        &mut self,
        (left, right): (&Tree, &Tree),
        scope: &Scope,
        expected: Option<Type>,
    ) -> Option<(Expr, Expr)> {
        if is_open_literal(left) && !is_open_literal(right) {
            let right = self.value(right, scope, expected);
            let left = self.value(left, scope, right.as_ref().map(|right| right.ty).or(expected));
            return left.zip(right);
        }
        let left = self.value(left, scope, expected);
        let right = self.value(right, scope, left.as_ref().map(|left| left.ty).or(expected));
        left.zip(right)
    }
}

fn flatten(condition: Expr, is_and: bool, tree: &Tree) -> Vec<Expr> {
    let parenthesised = matches!(tree.kind, Node::Paren(_));
    match condition.kind {
        ExprKind::And(operands) if is_and && !parenthesised => operands,
        ExprKind::Or(operands) if !is_and && !parenthesised => operands,
        kind => vec![Expr { kind, ..condition }],
    }
}

/// A literal whose type depends on what it meets.
fn is_open_literal(tree: &Tree) -> bool {
    match &tree.kind {
        Node::Text(_) | Node::Quantity(..) | Node::Number(_) => true,
        Node::Paren(inner) | Node::Negate(inner) => is_open_literal(inner),
        Node::If(_, then, otherwise) => is_open_literal(then) && is_open_literal(otherwise),
        _ => false,
    }
}
