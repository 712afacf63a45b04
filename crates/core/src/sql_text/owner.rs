//! Statements without owner clauses and without changes of the current role: if all objects belong
//! to one role, the remaining statements have the same effect.

use super::lex::{Lexeme, Lexer, Token};
use super::setting::Setting;
use super::split::ScriptStatement;

impl ScriptStatement {
    /// The statement for a database in which everything belongs to the session's role: none where
    /// nothing is left of it (`ALTER … OWNER TO`, `SET ROLE`), and `CREATE SCHEMA` without
    /// `AUTHORIZATION`. Default privileges of the role that is meant by it are its own.
    #[must_use]
    pub fn without_owner(&self, role: &str) -> Option<String> {
        let named = |name: &str| self.setting() == Some(Setting::Named(name.to_owned()));
        if named("role") || named("session_authorization") || self.only_changes_owner() {
            return None;
        }
        let own = || self.with_own_defaults(role);
        Some(self.without_authorization().or_else(own).unwrap_or_else(|| self.text.clone()))
    }

    /// `ALTER … name OWNER TO role`, and nothing else in it.
    fn only_changes_owner(&self) -> bool {
        let is_alter = self.tokens.first().and_then(Token::word) == Some("alter");
        let [.., owner, to, _] = self.tokens.as_slice() else { return false };
        // Within parentheses are the arguments of a routine.
        let mut depth = 0_usize;
        let several = self.tokens.iter().any(|it| {
            match it {
                Token::Symbol('(') => depth += 1,
                Token::Symbol(')') => depth = depth.saturating_sub(1),
                Token::Word(_) | Token::Name(_) | Token::Literal | Token::Symbol(_) => {}
            }
            *it == Token::Symbol(',') && depth == 0
        });
        is_alter && owner.word() == Some("owner") && to.word() == Some("to") && !several
    }

    /// `CREATE SCHEMA [IF NOT EXISTS] [name] AUTHORIZATION role …` without the role; it gives the schema
    /// its name where that is missing.
    fn without_authorization(&self) -> Option<String> {
        let words: Vec<_> = self.tokens.iter().take(2).map(Token::word).collect();
        if words != [Some("create"), Some("schema")] {
            return None;
        }
        let at = self.tokens.iter().take(7).position(|it| it.word() == Some("authorization"))?;
        let is_named = !matches!(self.tokens[at - 1].word(), Some("schema" | "exists"));
        let authorization = self.span_of(at)?;
        let end = if is_named { self.span_of(at + 1)?.end } else { authorization.end };
        let (before, after) = (&self.text[..authorization.start], &self.text[end..]);
        Some(format!("{}{after}", before.trim_end()))
    }

    /// `ALTER DEFAULT PRIVILEGES FOR ROLE role …` without the role, where it is this one.
    fn with_own_defaults(&self, role: &str) -> Option<String> {
        let words: Vec<_> = self.tokens.iter().take(5).map(Token::word).collect();
        let is_said = matches!(
            words.as_slice(),
            [
                Some("alter"),
                Some("default"),
                Some("privileges"),
                Some("for"),
                Some("role" | "user")
            ]
        );
        let is_this = match self.tokens.get(5)? {
            Token::Word(it) | Token::Name(it) => it == role,
            Token::Literal | Token::Symbol(_) => false,
        };
        let is_only = self.tokens.get(6) != Some(&Token::Symbol(','));
        if !(is_said && is_this && is_only) {
            return None;
        }
        let (from, to) = (self.span_of(3)?.start, self.span_of(5)?.end);
        Some(format!("{}{}", self.text[..from].trim_end(), &self.text[to..]))
    }

    /// The bytes of one of its tokens.
    fn span_of(&self, token: usize) -> Option<std::ops::Range<usize>> {
        let mut lexer = Lexer::with_strings(&self.text, self.conforming);
        let mut seen = 0;
        while let Ok(Some((lexeme, span))) = lexer.next() {
            if matches!(lexeme, Lexeme::Token(_)) {
                if seen == token {
                    return Some(span);
                }
                seen += 1;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::split;

    #[track_caller]
    fn check(sql: &str, expected: Option<&str>) {
        let statement = split(sql).expect("a script").remove(0);
        assert_eq!(statement.without_owner("app").as_deref(), expected, "{sql}");
    }

    #[test]
    fn nothing_is_left_of_a_change_of_owner() {
        check("ALTER TABLE t OWNER TO app", None);
        check("ALTER FUNCTION f(integer, text) OWNER TO CURRENT_USER", None);
        check("ALTER TABLE IF EXISTS ONLY s.t OWNER TO \"App\"", None);
        check("SET ROLE app", None);
        check("set session authorization 'app'", None);
        check("RESET ROLE", None);
    }

    #[test]
    fn a_schema_keeps_its_name() {
        check("CREATE SCHEMA a AUTHORIZATION app", Some("CREATE SCHEMA a"));
        check(
            "CREATE SCHEMA IF NOT EXISTS \"A\" /* by */ AUTHORIZATION app CREATE TABLE t ()",
            Some("CREATE SCHEMA IF NOT EXISTS \"A\" /* by */ CREATE TABLE t ()"),
        );
        check("CREATE SCHEMA AUTHORIZATION app", Some("CREATE SCHEMA app"));
    }

    #[test]
    fn default_privileges_of_the_role_are_its_own() {
        check(
            "ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA s GRANT SELECT ON TABLES TO x",
            Some("ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO x"),
        );
        let of_others = "ALTER DEFAULT PRIVILEGES FOR ROLE app, x GRANT SELECT ON TABLES TO y";
        check(of_others, Some(of_others));
    }

    #[test]
    fn others_stay_as_they_are() {
        for text in [
            "ALTER TABLE t ADD COLUMN a int, OWNER TO app",
            "CREATE SCHEMA a",
            "CREATE TABLE owner (owner text)",
            "SET search_path TO a",
        ] {
            check(text, Some(text));
        }
    }
}
