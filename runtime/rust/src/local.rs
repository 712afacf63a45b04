//! Sessions with settings, such as those that the policies of row-level security read.

use std::fmt::Write as _;
use std::sync::Mutex;

use super::session::{Around, Local, Session};

/// A session that sets configuration parameters for each of its statements.
#[derive(Debug)]
pub struct WithSettings<C> {
    session: C,
    local: Local,
}

/// Sets configuration parameters for each statement of a session, in the same round trip: outside of
/// transactions until the statement ends, in a transaction until that ends. A pooled connection keeps
/// none of them; after a cancellation, too.
///
/// ```ignore
/// let mut db = support::with_settings(pool.get().await?, &[("app.tenant", &tenant)]);
/// let hits = documents::nearest(&mut db, &query, &opts).await?;
/// ```
pub fn with_settings<C: Session>(session: C, settings: &[(&str, &str)]) -> WithSettings<C> {
    let outer = session.local().map_or("", |it| it.sql.as_str());
    let sql = format!("{outer}{}", set_sql(settings));
    WithSettings {
        session,
        local: Local {
            sql,
            sending: Mutex::new(()),
        },
    }
}

/// Sets them until the end of the transaction.
pub(super) fn set_sql(settings: &[(&str, &str)]) -> String {
    let mut sql = String::new();
    for (name, value) in settings {
        let (name, value) = (literal(name), literal(value));
        let _ = write!(sql, "SELECT set_config({name}, {value}, true);");
    }
    sql
}

/// A text in SQL, whatever `standard_conforming_strings` is.
fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

impl<C: Session> Around for WithSettings<C> {
    type Inner = C;
    fn inner(&self) -> &C {
        &self.session
    }
    fn inner_mut(&mut self) -> &mut C {
        &mut self.session
    }
    fn outer_local(&self) -> Option<&Local> {
        Some(&self.local)
    }
}
