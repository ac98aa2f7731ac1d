//! 属于 and 不属于.
//!
//! In: a value or tuple, and a list, code set, table, column, cell or set. Out: a condition.
//! Invariant: both sides are of one code system or type; a tuple fits the key columns in number and order.

use jihe_diagnostics::Span;
use jihe_model::types::Type;
use jihe_syntax::tree::{BinaryOp, Expr as Tree, ExprKind as Node};

use super::compare::negated;
use super::values::Binary;
use super::{Elements, Infer, Scope, Thing, expr};
use crate::errors;
use crate::typed::{AggregateFunction, CodeSetId, CompareOp, Expr, ExprKind, InTable, Seen, TableId};

impl Infer<'_> {
    pub(super) fn membership(&mut self, binary: &Binary<'_>, scope: &Scope) -> Option<Expr> {
        let holds = self.belongs(binary, scope)?;
        Some(if binary.op == BinaryOp::NotIn { negated(holds) } else { holds })
    }

    fn belongs(&mut self, binary: &Binary<'_>, scope: &Scope) -> Option<Expr> {
        if let Node::CodeList(list) = &strip(binary.right).kind {
            let left = self.value(binary.left, scope, None)?;
            let system = match left.ty {
                Type::Code(system) => Some(system),
                Type::Text | Type::Reference(_) => None,
                _ => return self.report(errors::lookups::not_a_code(self.schema(), &left, binary.at)),
            };
            let codes = self.anonymous(system, list)?;
            return Some(in_codes(left, codes, binary.span));
        }
        match self.thing(binary.right, scope)? {
            Thing::Codes(codes) => self.in_code_set(binary, codes, scope),
            Thing::Table(table) => self.in_table(binary, table, scope),
            Thing::Column(table, column) => {
                let ty = self.column_type(table, column);
                let left = self.value(binary.left, scope, ty)?;
                self.rows_hold(binary, (table, &[column]), vec![left], scope)
            }
            Thing::Value(cell) => self.in_cell(binary, cell, scope),
            Thing::Elements(elements) => self.in_elements(binary, *elements, scope),
            Thing::Row(_) | Thing::Set(_) | Thing::Kind(_) | Thing::Summary(_) => {
                self.report(errors::lookups::nothing_to_belong_to(binary.right.span))
            }
        }
    }

    fn in_code_set(&mut self, binary: &Binary<'_>, codes: CodeSetId, scope: &Scope) -> Option<Expr> {
        let left = self.value(binary.left, scope, None)?;
        let system = self.typed.code_sets.get(codes.index())?.system;
        let fits = match left.ty {
            Type::Code(of) => system == Some(of),
            Type::Text => system.is_none(),
            _ => false,
        };
        if fits {
            return Some(in_codes(left, codes, binary.span));
        }
        let declared = self.names.code_sets.get(codes.index()).map(|codes| codes.system.span);
        let error =
            errors::lookups::wrong_code_set(self.schema(), &left, (system, binary.right.span, declared));
        self.report(error)
    }

    /// `甲 属于 表` and `(甲, 乙) 属于 表`: the key columns in declared order.
    fn in_table(&mut self, binary: &Binary<'_>, table: TableId, scope: &Scope) -> Option<Expr> {
        let columns = self.typed.tables.get(table.index())?.key.clone();
        let operands: Vec<&Tree> = match &binary.left.kind {
            Node::Tuple(operands) => operands.iter().collect(),
            _ => vec![binary.left],
        };
        if operands.len() != columns.len() {
            let declared = self.names.tables.get(table.index()).map(|table| table.name.span);
            return self.report(errors::lookups::wrong_arity(
                binary.left.span,
                (operands.len(), columns.len()),
                declared,
            ));
        }
        let types: Vec<Option<Type>> =
            columns.iter().map(|column| self.column_type(table, *column)).collect();
        let values: Vec<Option<Expr>> =
            operands.iter().zip(types).map(|(operand, ty)| self.value(operand, scope, ty)).collect();
        let values: Option<Vec<Expr>> = values.into_iter().collect();
        self.lint_reversible_pair(table, &columns, binary.span);
        self.rows_hold(binary, (table, &columns), values?, scope)
    }

    /// A condition that some row has these values.
    fn rows_hold(
        &mut self,
        binary: &Binary<'_>,
        (table, columns): (TableId, &[usize]),
        values: Vec<Expr>,
        scope: &Scope,
    ) -> Option<Expr> {
        for (value, column) in values.iter().zip(columns) {
            let ty = self.column_type(table, *column)?;
            if !belongs_to_column(value.ty, ty) {
                let error = errors::lookups::wrong_column(self.schema(), value, (ty, binary.right.span));
                return self.report(error);
            }
        }
        let as_of = self.as_of(table, values.first(), scope, binary.span);
        let rows = InTable { table, values, columns: columns.to_vec(), as_of };
        self.note_group_date(rows.as_of.as_ref(), table, |date| {
            let rows = InTable { as_of: Some(date), ..rows.clone() };
            Seen::Listed(expr(ExprKind::InTable(Box::new(rows)), Type::Bool, binary.span))
        });
        Some(expr(ExprKind::InTable(Box::new(rows)), Type::Bool, binary.span))
    }

    fn in_cell(&mut self, binary: &Binary<'_>, cell: Expr, scope: &Scope) -> Option<Expr> {
        let left = self.value(binary.left, scope, Some(cell.ty))?;
        self.value_in_cell(left, cell, binary)
    }

    fn value_in_cell(&mut self, left: Expr, cell: Expr, binary: &Binary<'_>) -> Option<Expr> {
        match (left.ty, cell.ty) {
            (Type::Code(code), Type::CodeSet(set)) if code == set => {
                Some(expr(ExprKind::InCell(Box::new(left), Box::new(cell)), Type::Bool, binary.span))
            }
            _ => self.report(errors::lookups::not_in_cell(self.schema(), (&left, &cell), binary.at)),
        }
    }

    /// `x 属于 集.列`: whether some row of the set has it.
    fn in_elements(&mut self, binary: &Binary<'_>, elements: Elements, scope: &Scope) -> Option<Expr> {
        let span = binary.span;
        let value = self.element_value(elements.item, binary.right.span)?;
        let left = self.value(binary.left, scope, Some(value.ty))?;
        let condition = if let Type::CodeSet(_) = value.ty {
            self.value_in_cell(left, value, binary)?
        } else {
            self.typed_compare(CompareOp::Equal, (left, value), binary)?
        };
        Some(Self::aggregate(AggregateFunction::Any, elements.set.set, elements.var, Some(condition), span))
    }

    fn column_type(&self, table: TableId, column: usize) -> Option<Type> {
        Some(self.typed.tables.get(table.index())?.columns.get(column)?.ty)
    }

    /// (b)16: both columns of one system, so the order is easily reversed.
    fn lint_reversible_pair(&mut self, table: TableId, columns: &[usize], span: Span) {
        let [first, second] = columns else { return };
        let (first, second) = (self.column_type(table, *first), self.column_type(table, *second));
        if first.is_some() && first == second {
            let Some(known) = self.typed.tables.get(table.index()) else { return };
            let warning = errors::lints::reversible_pair(known, span);
            self.diagnostics.push(warning);
        }
    }
}

fn strip(tree: &Tree) -> &Tree {
    if let Node::Paren(inner) = &tree.kind { strip(inner) } else { tree }
}

fn in_codes(left: Expr, codes: CodeSetId, span: Span) -> Expr {
    expr(ExprKind::InCodes(Box::new(left), codes), Type::Bool, span)
}

fn belongs_to_column(value: Type, column: Type) -> bool {
    match (value, column) {
        (Type::Code(value), Type::CodeSet(column)) => value == column,
        (Type::Duration(_), Type::Duration(_)) => true,
        (value, column) => value == column,
    }
}
