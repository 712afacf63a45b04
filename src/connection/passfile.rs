//! The password file of libpq (manual section 34.16): its text in, a password out. Pure.

/// What a password is looked up for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) database: &'a str,
    pub(crate) user: &'a str,
}

/// The password of the first line that matches.
pub(crate) fn find(text: &str, wanted: &Wanted<'_>) -> Option<String> {
    let port = wanted.port.to_string();
    let values = [wanted.host, &port, wanted.database, wanted.user];
    text.lines().filter(|it| !it.starts_with('#')).find_map(|line| {
        let (fields, password) = split(line)?;
        let matches = fields.iter().zip(values).all(|(field, value)| field.matches(value));
        (matches && !password.is_empty()).then_some(password)
    })
}

/// One field of a line.
#[derive(Default)]
struct Field {
    text: String,
    escaped: bool,
}

impl Field {
    /// A bare star stands for anything.
    fn matches(&self, value: &str) -> bool {
        self.text == value || (self.text == "*" && !self.escaped)
    }
}

/// Cuts `host:port:database:user:password` at its bare colons. `\:` and `\\` stand for themselves.
fn split(line: &str) -> Option<(Vec<Field>, String)> {
    let mut fields = vec![Field::default()];
    let mut characters = line.chars();
    while let Some(it) = characters.next() {
        if it == ':' && fields.len() < 5 {
            fields.push(Field::default());
            continue;
        }
        let field = fields.last_mut()?;
        field.escaped |= it == '\\';
        field.text.extend(if it == '\\' { characters.next() } else { Some(it) });
    }
    let password = if fields.len() == 5 { fields.pop()?.text } else { return None };
    Some((fields, password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let wanted = Wanted { host: "db", port: 5433, database: "shop:a", user: "ada" };
        assert_eq!(find(text, &wanted).as_deref(), expected, "{text}");
    }

    #[test]
    fn finds_the_first_line_that_matches() {
        check("db:5433:shop\\:a:ada:secret", Some("secret"));
        check("*:*:*:*:any\ndb:5433:shop\\:a:ada:late", Some("any"));
        check("# comment\nother:*:*:*:no\n*:5433:*:ada:yes", Some("yes"));
        check("*:*:*:ada:a\\:b\\\\c", Some("a:b\\c"));
        check("*:*:*:ada:a:b", Some("a:b"));
        check("*:*:shop\\:a:*:after an escape", Some("after an escape"));
    }

    #[test]
    fn finds_nothing_where_nothing_matches() {
        check("", None);
        check("db:5432:*:*:other port", None);
        check("db:5433:shop\\:a:ada", None);
        check("*:*:*:*:", None);
        check("\\*:*:*:*:an escaped star is a star", None);
    }
}
