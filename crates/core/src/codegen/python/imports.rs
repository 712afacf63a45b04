//! The imports that a text needs, sorted like isort and ruff.
//!
//! Names are searched for in the code, not in its strings and comments, which contain names of the
//! database.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Code, fits};

/// Something that can be imported.
pub(super) struct Candidate {
    section: Section,
    /// The module, where it is `from MODULE import NAME`.
    from: &'static str,
    /// The name, with `as` where it has another one here.
    name: String,
    /// What in the text asks for it.
    asked_by: String,
}

/// The sections of imports, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Standard,
    ThirdParty,
    /// What the project has outside of the generated package.
    Project,
    Local,
}

/// Modules of the standard library that a `python_type` may name; the formatter wants them apart.
const STANDARD: &[&str] = &[
    "array",
    "builtins",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "ipaddress",
    "numbers",
    "pathlib",
    "types",
    "typing",
    "uuid",
    "zoneinfo",
];

/// Names that modules of tables have for what they import anyway.
const KNOWN: &[&str] =
    &["composites", "dt", "enums", "np", "orm", "pg", "pydantic", "sa", "support"];

impl Candidate {
    fn module(section: Section, name: &str, asked_by: &str) -> Self {
        Self { section, from: "", name: name.to_owned(), asked_by: asked_by.to_owned() }
    }

    pub(super) fn from(section: Section, from: &'static str, name: &str) -> Self {
        let asked_by = name.rsplit(" as ").next().unwrap_or(name).to_owned();
        Self { section, from, name: name.to_owned(), asked_by }
    }

    /// An enum or composite type.
    pub(super) fn local(module: &'static str, name: &str) -> Self {
        let from = if module == "enums" { ".enums" } else { ".composites" };
        Self::from(Section::Local, from, name)
    }

    /// The modules that a type names: `app.types` of `list[app.types.Meta]`.
    pub(super) fn of_type(annotation: &str) -> Vec<Self> {
        let word = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
        let code = code_of(annotation);
        let paths = code.split(|it: char| !word(it)).filter_map(|it| {
            // Classes may be in classes; modules begin with a small letter.
            let (path, _) = it.rsplit_once('.')?;
            let capital = |it: &&str| it.starts_with(|it: char| it.is_uppercase());
            let modules: Vec<&str> = path.split('.').take_while(|it| !capital(it)).collect();
            let first = *modules.first().filter(|it| !it.is_empty() && !KNOWN.contains(it))?;
            let standard = STANDARD.contains(&first);
            let section = if standard { Section::Standard } else { Section::Project };
            let module = modules.join(".");
            Some(Self::module(section, &module, &format!("{module}.")))
        });
        paths.collect()
    }

    /// What modules of tables import.
    pub(super) fn of_tables() -> Vec<Self> {
        use Section::{Local, Standard, ThirdParty};
        vec![
            Self::module(Standard, "datetime as dt", "dt."),
            Self::from(Standard, "collections.abc", "Iterable"),
            Self::from(Standard, "collections.abc", "Sequence"),
            Self::from(Standard, "decimal", "Decimal"),
            Self::from(Standard, "functools", "partial"),
            Self::from(Standard, "typing", "Annotated"),
            Self::from(Standard, "typing", "Any"),
            Self::from(Standard, "uuid", "UUID"),
            Self::module(ThirdParty, "numpy as np", "np."),
            Self::module(ThirdParty, "pydantic", "pydantic."),
            Self::module(ThirdParty, "sqlalchemy as sa", "sa."),
            Self::from(ThirdParty, "pgvector", "SparseVector"),
            Self::from(ThirdParty, "pydantic", "JsonValue"),
            Self::from(ThirdParty, "sqlalchemy", "orm"),
            Self::from(ThirdParty, "sqlalchemy.dialects", "postgresql as pg"),
            Self::from(ThirdParty, "sqlalchemy.ext.asyncio", "AsyncSession"),
            Self::from(Local, ".", "composites"),
            Self::from(Local, ".", "enums"),
            Self::from(Local, ".", "support"),
        ]
    }

    pub(super) fn of_support() -> Vec<Self> {
        use Section::{Standard, ThirdParty};
        let mut list = vec![
            Self::module(Standard, "datetime as dt", "dt."),
            Self::module(Standard, "enum", "enum."),
            Self::module(Standard, "json", "json."),
            Self::module(Standard, "math", "math."),
            Self::module(Standard, "struct", "struct."),
            Self::module(Standard, "sys", "sys."),
            Self { asked_by: "array(".to_owned(), ..Self::from(Standard, "array", "array") },
            Self::from(Standard, "contextlib", "asynccontextmanager"),
            Self::from(Standard, "dataclasses", "dataclass"),
            Self {
                asked_by: "fields(".to_owned(),
                ..Self::from(Standard, "dataclasses", "fields")
            },
            Self::from(Standard, "operator", "mul"),
            Self::from(Standard, "uuid", "UUID"),
            Self::module(ThirdParty, "asyncpg", "asyncpg.BitString"),
            Self::module(ThirdParty, "numpy as np", "np."),
            Self::module(ThirdParty, "pgvector", "pgvector."),
            Self::module(ThirdParty, "pydantic", "pydantic."),
            Self::module(ThirdParty, "sqlalchemy as sa", "sa."),
            Self { asked_by: "event.".to_owned(), ..Self::from(ThirdParty, "sqlalchemy", "event") },
            Self::from(ThirdParty, "numpy.typing", "NDArray"),
            Self::from(ThirdParty, "pgvector", "SparseVector"),
            Self::from(ThirdParty, "sqlalchemy", "orm"),
            Self::from(ThirdParty, "sqlalchemy.dialects", "postgresql as pg"),
            Self::from(ThirdParty, "sqlalchemy.ext.compiler", "compiles"),
            Self::from(ThirdParty, "sqlalchemy.orm", "DeclarativeBase"),
            Self {
                asked_by: "operators.".to_owned(),
                ..Self::from(ThirdParty, "sqlalchemy.sql", "operators")
            },
        ];
        let several: [(Section, &'static str, &[&str]); 5] = [
            (
                Standard,
                "collections.abc",
                &["AsyncIterator", "Callable", "Container", "Iterable", "Mapping", "Sequence"],
            ),
            (
                Standard,
                "ipaddress",
                &[
                    "IPv4Address",
                    "IPv4Interface",
                    "IPv4Network",
                    "IPv6Address",
                    "IPv6Interface",
                    "IPv6Network",
                ],
            ),
            (Standard, "typing", &["Annotated", "Any", "Generic", "Literal", "TypeVar", "cast"]),
            (ThirdParty, "pgvector.sqlalchemy", &["HALFVEC", "SPARSEVEC", "VECTOR"]),
            (
                ThirdParty,
                "sqlalchemy.ext.asyncio",
                &[
                    "AsyncConnection",
                    "AsyncEngine",
                    "AsyncSession",
                    "async_sessionmaker",
                    "create_async_engine",
                ],
            ),
        ];
        for (section, from, names) in several {
            list.extend(names.iter().map(|it| Self::from(section, from, it)));
        }
        list
    }

    /// What the module calls it.
    #[cfg(test)]
    pub(super) fn own_name(&self) -> &str {
        self.name.rsplit(" as ").next().unwrap_or(&self.name)
    }

    /// Whether code has the name, as a word of its own and not behind a dot.
    fn is_asked(&self, code: &str) -> bool {
        let word = |it: char| it.is_alphanumeric() || it == '_';
        code.match_indices(self.asked_by.as_str()).any(|(at, found)| {
            let before = code[..at].chars().next_back();
            let after = code[at + found.len()..].chars().next();
            let begins = before.is_none_or(|it| !word(it) && it != '.');
            begins && (found.ends_with(['.', '(']) || after.is_none_or(|it| !word(it)))
        })
    }
}

/// A text without its comments and without what is in its strings, which are nobody's names, but for
/// the types that `cast` is given as strings and the code in formatted strings.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(it) = rest.chars().next() {
        match it {
            '#' => rest = &rest[rest.find('\n').unwrap_or(rest.len())..],
            '"' | '\'' => {
                let (inside, after) = string_at(rest, it);
                let word = |it: char| it.is_alphanumeric() || it == '_';
                let formatted = code.strip_suffix('f').is_some_and(|it| !it.ends_with(word));
                if formatted || code.ends_with("cast(") {
                    code.push_str(&format!(" {inside} "));
                } else {
                    code.push_str("\"\"");
                }
                rest = after;
            }
            it => {
                code.push(it);
                rest = &rest[it.len_utf8()..];
            }
        }
    }
    code
}

/// What is in the string that a text begins with, and what follows it.
fn string_at(text: &str, quote: char) -> (&str, &str) {
    let triple = quote.to_string().repeat(3);
    let ending = if text.starts_with(&triple) { triple } else { quote.to_string() };
    let inside = &text[ending.len()..];
    let mut escaped = false;
    for (at, it) in inside.char_indices() {
        if !escaped && inside[at..].starts_with(&ending) {
            return (&inside[..at], &inside[at + ending.len()..]);
        }
        escaped = it == '\\' && !escaped;
    }
    (inside, "")
}

/// The imports of a section: whole modules, and names by their modules.
type Imports<'c> = (BTreeSet<String>, BTreeMap<String, BTreeSet<&'c str>>);

/// `from` imports, by their modules in order.
pub(super) fn in_order<T>(froms: BTreeMap<String, T>) -> Vec<(String, T)> {
    let mut froms: Vec<(String, T)> = froms.into_iter().collect();
    froms.sort_by_key(|it| natural(&it.0.to_lowercase()));
    froms
}

/// The imports that a text asks for, sorted as isort and ruff do: modules before names, constants
/// before classes before functions.
pub(super) fn imports(text: &str, candidates: &[Candidate]) -> String {
    let code = code_of(text);
    let asked = candidates.iter().filter(|it| it.is_asked(&code));
    let mut sections: BTreeMap<Section, Imports<'_>> = BTreeMap::new();
    for it in asked {
        let (modules, froms) = sections.entry(it.section).or_default();
        if it.from.is_empty() {
            modules.insert(format!("import {}", it.name));
        } else {
            froms.entry(it.from.to_owned()).or_default().insert(&it.name);
        }
    }
    let mut blocks = Vec::new();
    for (modules, froms) in sections.into_values() {
        let mut lines: Vec<String> = modules.into_iter().collect();
        for (from, names) in in_order(froms) {
            let (renamed, plain): (Vec<&str>, Vec<&str>) =
                names.into_iter().partition(|it| it.contains(" as "));
            if !plain.is_empty() {
                lines.push(from_import(&from, plain));
            }
            lines.extend(renamed.iter().map(|it| format!("from {from} import {it}")));
        }
        blocks.push(lines.join("\n"));
    }
    blocks.join("\n\n")
}

pub(super) fn from_import(from: &str, mut names: Vec<&str>) -> String {
    names.sort_by_key(|it| place_of(it));
    let short = format!("from {from} import {}", names.join(", "));
    if fits(&short) {
        return short;
    }
    let items = names.into_iter().map(Code::text).collect();
    Code::Group { open: "(".to_owned(), items, close: ")" }.spread(
        0,
        &format!("from {from} import "),
        "",
    )
}

/// Where a name stands among others of its module: constants, classes, functions, each in the order
/// of people, who know no case and read digits as numbers.
fn place_of(name: &str) -> (u8, Vec<(u64, String)>) {
    (kind_of(name), natural(&name.to_lowercase()))
}

/// Where a name stands in `__all__`, which is the same but for capitals, which come first.
pub(super) fn exported_place(name: &str) -> (u8, Vec<(u64, String)>) {
    (kind_of(name), natural(name))
}

fn kind_of(name: &str) -> u8 {
    let has = |kind: fn(char) -> bool| name.chars().any(kind);
    let constant = name.chars().count() > 1 && has(char::is_uppercase) && !has(char::is_lowercase);
    match name.chars().next() {
        _ if constant => 0,
        Some(it) if it.is_uppercase() => 1,
        _ => 2,
    }
}

/// The numbers of a name, each with what stands before it.
fn natural(name: &str) -> Vec<(u64, String)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        let word = rest[digits..].find(|it: char| it.is_ascii_digit());
        let end = word.map_or(rest.len(), |it| digits + it);
        // What is no number comes after every number.
        let number = rest[..digits].parse().unwrap_or(u64::MAX);
        parts.push((number, rest[digits..end].to_owned()));
        rest = &rest[end..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut candidates = Candidate::of_tables();
        candidates.extend(Candidate::of_type("list[app.types.Meta.Kind] | fractions.Fraction"));
        assert_eq!(imports(text, &candidates), expected);
    }

    #[test]
    fn words_in_strings_and_comments_are_no_names() {
        check("\"\"\"Known by its UUID, \\\"\\\"\\\" and Any\"\"\"\nx = 'sa.text' # Decimal\n", "");
        check("x: UUID = f\"{Any}\" + y.Decimal", "from typing import Any\nfrom uuid import UUID");
        check("cast(\"sa.Table\", x)", "import sqlalchemy as sa");
        check(
            "orm.x('it\\'s') + \"#\" + pg.y",
            "from sqlalchemy import orm\nfrom sqlalchemy.dialects import postgresql as pg",
        );
    }

    #[test]
    fn names_are_in_the_order_of_people() {
        let mut names =
            ["get", "状态", "Item10", "item2", "ABd", "Abc", "Item2", "TABLE", "item10"];
        names.sort_by_key(|it| place_of(it));
        assert_eq!(
            names,
            ["TABLE", "Abc", "ABd", "Item2", "Item10", "get", "item2", "item10", "状态"]
        );
        let mut names = ["Abc", "ABd", "Item10", "Item2"];
        names.sort_by_key(|it| exported_place(it));
        assert_eq!(names, ["ABd", "Abc", "Item2", "Item10"]);
    }

    #[test]
    fn types_of_the_project_bring_their_modules() {
        check(
            "m: app.types.Meta.Kind | fractions.Fraction\nn: sa.Table",
            "import fractions\n\nimport sqlalchemy as sa\n\nimport app.types",
        );
        assert!(Candidate::of_type("dict[str, pydantic.JsonValue] | Any").is_empty());
    }
}
