//! Which catalog column exists since which version.
//!
//! A query contains the form that every supported server accepts, and before it, in a comment, the
//! form for servers that have the newer column:
//!
//! ```sql
//! /*15: idx.indnullsnotdistinct */ false /*end*/ AS nulls_not_distinct
//! ```
//!
//! The file therefore runs in psql without changes, on every version, and a difference between
//! versions is visible where it matters.

/// The oldest major version that is read.
pub const OLDEST_SERVER: u32 = 13;

/// The newest major version that aludel was tested with. A newer one is read as this one; what it has
/// besides is named as what is not managed.
pub const NEWEST_TESTED: u32 = 18;

/// What there is to say about a server of this major version.
#[must_use]
pub fn untested(major: u32) -> Option<String> {
    (major > NEWEST_TESTED).then(|| {
        format!(
            "this aludel was tested with PostgreSQL {OLDEST_SERVER} to {NEWEST_TESTED}, not with \
             {major}: features that it does not know are not managed"
        )
    })
}

/// The query for a server of this major version.
pub(super) fn for_version(sql: &str, major: u32) -> String {
    let mut query = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, choice, after)) = next_choice(rest) {
        query.push_str(before);
        query.push_str(if major >= choice.since { choice.newer } else { choice.older });
        rest = after;
    }
    query.push_str(rest);
    query
}

struct Choice<'a> {
    since: u32,
    newer: &'a str,
    older: &'a str,
}

/// The text before the next choice, the choice, and the text after it.
fn next_choice(sql: &str) -> Option<(&str, Choice<'_>, &str)> {
    let mut from = 0;
    loop {
        let open = from + sql[from..].find("/*")?;
        from = open + 2;
        let Some((digits, body)) = sql[from..].split_once(':') else { continue };
        let Ok(since) = digits.parse() else { continue };
        let (newer, body) = body.split_once("*/")?;
        let (older, after) = body.split_once("/*end*/")?;
        return Some((&sql[..open], Choice { since, newer, older }, after));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, major: u32, expected: &str) {
        assert_eq!(for_version(sql, major), expected);
    }

    #[test]
    fn the_newer_form_is_taken_from_its_version_on() {
        let sql = "SELECT /*15: a */ b /*end*/ AS c /*scope*/, /*18:d*/ e /*end*/;";
        check(sql, 14, "SELECT  b  AS c /*scope*/,  e ;");
        check(sql, 15, "SELECT  a  AS c /*scope*/,  e ;");
        check(sql, 18, "SELECT  a  AS c /*scope*/, d;");
    }

    #[test]
    fn a_newer_server_is_no_reason_to_refuse() {
        assert_eq!(untested(NEWEST_TESTED), None);
        let told = untested(NEWEST_TESTED + 1).expect("a warning");
        assert!(told.contains("13 to 18"), "{told}");
        check("/*18: a */ b /*end*/", NEWEST_TESTED + 1, " a ");
    }

    #[test]
    fn other_comments_stay() {
        check("SELECT 1 /* one: two */", 18, "SELECT 1 /* one: two */");
    }

    #[test]
    fn every_query_file_is_taken_apart_whole() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog/queries");
        let mut choices = 0;
        for entry in std::fs::read_dir(folder).expect("the queries") {
            let path = entry.expect("a query").path();
            let sql = std::fs::read_to_string(&path).expect("a query");
            assert!(sql.starts_with("-- "), "{} says what it reads", path.display());
            choices += sql.matches("/*end*/").count();
            let newest = for_version(&sql, u32::MAX);
            let rest = newest.replace("/*scope*/", "");
            assert!(!rest.contains("/*") && !rest.contains("*/"), "{}", path.display());
        }
        assert!(choices > 0);
    }
}
