//! The shape of a statement: what `sqlparser` reads of its text.
//!
//! Shape says which clause stands where, never what a statement locks or loses: that is measured. What
//! the parser does not read is said to be unread, and is judged by its facts and its first words alone.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Delete, Expr, FromTable, LimitClause, OrderByExpr, OrderByKind, OrderBySort, Query, SetExpr,
    Statement, Update, Visit, Visitor,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Location;

use crate::sql_text::ScriptStatement;

/// How deep expressions may be nested before the parser gives up.
const DEPTH: usize = 60;

/// The longest statement that is parsed. Longer ones are rows of an INSERT.
const LONGEST: usize = 1 << 20;

/// What the parser made of a statement.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Its tree.
    Read(Box<Statement>),
    /// None.
    Unread {
        /// What the parser said.
        reason: String,
    },
}

/// An UPDATE or DELETE that has no WHERE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WholeTable {
    /// Whether the rows are deleted.
    pub(super) deletes: bool,
    /// The table, as it is written.
    pub(super) table: String,
    /// The byte of its first word in the statement.
    pub(super) at: usize,
}

/// A query that orders by a distance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    /// The operator: `<->`.
    pub(super) operator: String,
    /// What stands before the operator.
    pub(super) left: String,
    /// Why no index is used for this order, where that shows.
    pub(super) unusable: Option<&'static str>,
    /// Whether rows are filtered.
    pub(super) filtered: bool,
    /// How many rows are wanted, where that is a number.
    pub(super) limit: Option<u64>,
}

impl Shape {
    /// Reads a statement.
    #[must_use]
    pub fn of(statement: &ScriptStatement) -> Self {
        Self::read(&statement.text)
    }

    fn read(text: &str) -> Self {
        if text.len() > LONGEST {
            return Self::Unread { reason: "the statement is longer than 1 MiB".to_owned() };
        }
        let parser = Parser::new(&PostgreSqlDialect {}).with_recursion_limit(DEPTH);
        let read = parser.try_with_sql(text).and_then(|mut it| it.parse_statements());
        match read {
            Ok(mut it) if it.len() == 1 => Self::Read(Box::new(it.remove(0))),
            Ok(it) => Self::Unread { reason: format!("{} statements where one stands", it.len()) },
            Err(error) => Self::Unread { reason: without_strings(&error.to_string()) },
        }
    }

    /// Why it has none.
    #[must_use]
    pub fn unread(&self) -> Option<&str> {
        match self {
            Self::Read(_) => None,
            Self::Unread { reason } => Some(reason),
        }
    }

    /// The UPDATEs and DELETEs without WHERE, wherever they stand in the statement.
    pub(super) fn whole_tables(&self, text: &str) -> Vec<WholeTable> {
        let Self::Read(statement) = self else { return Vec::new() };
        let mut writes = Writes { found: Vec::new(), text };
        let _ = statement.visit(&mut writes);
        writes.found
    }

    /// The searches for nearest vectors, wherever they stand in the statement.
    pub(super) fn searches(&self) -> Vec<Search> {
        let Self::Read(statement) = self else { return Vec::new() };
        let mut searches = Searches::default();
        let _ = statement.visit(&mut searches);
        searches.0
    }
}

/// What the parser says without the strings of the statement, of which one can be a password.
fn without_strings(reason: &str) -> String {
    match (reason.find('\''), reason.rfind('\'')) {
        (Some(first), Some(last)) if first < last => {
            format!("{}'…'{}", &reason[..first], &reason[last + 1..])
        }
        _ => reason.to_owned(),
    }
}

/// The byte of a line and column in a text, both counted from one, the column in characters.
fn byte_at(text: &str, place: Location) -> usize {
    let line = usize::try_from(place.line).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(place.column).unwrap_or(1).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.chars().take(column).map(char::len_utf8).sum::<usize>()
}

struct Writes<'a> {
    found: Vec<WholeTable>,
    text: &'a str,
}

impl Writes<'_> {
    fn update(&mut self, it: &Update) {
        if it.selection.is_none() && it.from.is_none() {
            let at = byte_at(self.text, it.update_token.0.span.start);
            self.found.push(WholeTable {
                deletes: false,
                table: it.table.relation.to_string(),
                at,
            });
        }
    }

    fn delete(&mut self, it: &Delete) {
        if it.selection.is_none() && it.using.is_none() {
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &it.from;
            let table = from.first().map(|it| it.relation.to_string()).unwrap_or_default();
            let at = byte_at(self.text, it.delete_token.0.span.start);
            self.found.push(WholeTable { deletes: true, table, at });
        }
    }
}

impl Visitor for Writes<'_> {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        match statement {
            Statement::Update(it) => self.update(it),
            Statement::Delete(it) => self.delete(it),
            // No other statement writes rows of its own.
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

#[derive(Default)]
struct Searches(Vec<Search>);

/// The operators by which pgvector orders.
const DISTANCES: [&str; 6] = ["<->", "<#>", "<=>", "<+>", "<~>", "<%>"];

/// The functions that compute the same, and use no index.
const FUNCTIONS: [&str; 6] = [
    "l2_distance",
    "inner_product",
    "cosine_distance",
    "l1_distance",
    "hamming_distance",
    "jaccard_distance",
];

impl Visitor for Searches {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let keys = match query.order_by.as_ref().map(|it| &it.kind) {
            Some(OrderByKind::Expressions(keys)) => keys.as_slice(),
            Some(OrderByKind::All(_)) | None => &[],
        };
        let filtered = matches!(&*query.body, SetExpr::Select(it) if it.selection.is_some());
        let several = keys.len() > 1;
        let found = keys.first().and_then(|it| search(it, several));
        self.0.extend(found.map(|it| Search { filtered, limit: limit(query), ..it }));
        ControlFlow::Continue(())
    }
}

/// The number of LIMIT or FETCH FIRST.
fn limit(query: &Query) -> Option<u64> {
    let limit = match &query.limit_clause {
        Some(LimitClause::LimitOffset { limit, .. }) => limit.as_ref(),
        Some(LimitClause::OffsetCommaLimit { limit, .. }) => Some(limit),
        None => query.fetch.as_ref().and_then(|it| it.quantity.as_ref()),
    };
    limit.and_then(|it| it.to_string().parse().ok())
}

/// The search that a sort key is, if it is one.
fn search(key: &OrderByExpr, several: bool) -> Option<Search> {
    let text = key.expr.to_string();
    let operator = DISTANCES.iter().find(|it| text.contains(&format!(" {it} ")));
    let function = FUNCTIONS.iter().find(|it| text.contains(&format!("{it}(")));
    let plain = match &key.expr {
        Expr::BinaryOp { left, op, right: _ } => {
            let op = op.to_string();
            DISTANCES.contains(&op.as_str()).then(|| (left.to_string(), op))
        }
        // Anything else is computed from a distance, or is none.
        _ => None,
    };
    let descending = matches!(key.options.sort, Some(OrderBySort::Desc));
    let unusable = match (&plain, function) {
        (None, Some(_)) => Some("the distance is computed by a function"),
        (None, None) => Some("the sort key is computed from the distance"),
        (Some(_), _) if descending => Some("the order is descending"),
        (Some(_), _) if several => Some("there is a second sort key"),
        (Some(_), _) => None,
    };
    if operator.is_none() && function.is_none() {
        return None;
    }
    let operator = operator.map(|it| (*it).to_owned()).unwrap_or_default();
    let (left, operator) = plain.unwrap_or((text, operator));
    Some(Search { operator, left, unusable, filtered: false, limit: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Vec<(bool, String, usize)> {
        let found = Shape::read(text).whole_tables(text);
        found.into_iter().map(|it| (it.deletes, it.table, it.at)).collect()
    }

    #[test]
    fn writes_without_where_are_found() {
        assert_eq!(whole("update t set a = 1"), [(false, "t".to_owned(), 0)]);
        assert_eq!(whole("delete from t where a = 1"), []);
        assert_eq!(
            whole("with x as (\n  delete from s returning *) insert into t select * from x"),
            [(true, "s".to_owned(), 14)]
        );
        assert_eq!(whole("delete from t using s where t.a = s.a"), []);
    }

    #[test]
    fn what_the_parser_does_not_read_is_unread() {
        assert!(Shape::read("reindex index concurrently i").unread().is_some());
        assert!(Shape::read("create index i on t (a)").unread().is_none());
        let deep = format!("select {}1{}", "(".repeat(5000), ")".repeat(5000));
        assert!(Shape::read(&deep).unread().is_some());
    }

    #[test]
    fn searches_say_why_no_index_serves_them() {
        let of = |text: &str| {
            let found = Shape::read(text).searches();
            found
                .into_iter()
                .map(|it| (it.operator, it.left, it.unusable.is_some()))
                .collect::<Vec<_>>()
        };
        let row = |operator: &str, left: &str, unusable| {
            vec![(operator.to_owned(), left.to_owned(), unusable)]
        };
        assert_eq!(of("select * from t order by v <=> $1 limit 5"), row("<=>", "v", false));
        assert_eq!(of("select * from t order by v <-> '[1]' limit 5"), row("<->", "v", false));
        assert_eq!(of("select * from t order by v <-> '[1]' desc"), row("<->", "v", true));
        assert_eq!(
            of("select * from t order by 1 - (v <=> $1)"),
            row("<=>", "1 - (v <=> $1)", true)
        );
        assert_eq!(of("select * from t order by a"), []);
    }
}
