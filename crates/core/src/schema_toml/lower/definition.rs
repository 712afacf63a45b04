//! Objects declared by SQL: the identity is taken from the key, the text must be a statement of the
//! right kind, and PostgreSQL checks the rest.

use std::path::Path;

use super::Lowering;
use super::table::Draft;
use crate::diagnostic::{Diagnostic, SourceFile, Span};
use crate::model::code_hints::TableHints;
use crate::model::definition::{DefinedKind, Definition};
use crate::model::ident::{Ident, QualifiedName, Signature};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::secret::is_secret;
use crate::schema_toml::names;
use crate::schema_toml::syntax::{
    At, DefinitionSource, DefinitionSyntax, Document, Name, OptionsSyntax, SQL_FILE, TableSyntax,
};
use crate::sql_text::{Part, ScriptStatement, Token, split};

impl Lowering<'_> {
    /// Takes the names of views, which tables and sequences must leave free.
    pub(super) fn view_names(&mut self, document: &Document) {
        for syntax in document.definitions.iter().filter(|it| it.kind.is_relation()) {
            if let Some(name) = self.qualified(&syntax.name) {
                self.take_relation(&name, syntax.kind.form().noun, syntax.name.span);
            }
        }
    }

    /// All that stands by itself, and what belongs to tables.
    pub(super) fn definitions(&mut self, document: &Document) {
        for syntax in &document.definitions {
            let Some(id) = self.declared_id(syntax) else { continue };
            self.definition(syntax, &id);
            let Some(view) = id.qualified_name() else { continue };
            syntax.attached.iter().for_each(|it| self.attached(it, &view));
            let table = TableSyntax::new(syntax.name.clone());
            let draft = Draft { name: view, syntax: &table, primary_key: None };
            for index in &syntax.indexes {
                if let Some(ident) = self.ident(&index.name) {
                    self.take_relation(&draft.name.sibling(ident), "index", index.name.span);
                }
            }
            syntax.indexes.iter().for_each(|it| self.index(&draft, it));
        }
        for table in &document.tables {
            let Ok(name) = names::qualified(&table.name.value, &Ident::public()) else { continue };
            table.attached.iter().for_each(|it| self.attached(it, &name));
        }
    }

    fn attached(&mut self, syntax: &DefinitionSyntax, relation: &QualifiedName) {
        let Some(name) = self.ident(&syntax.name) else { return };
        let id = ObjectId::child(ObjectKind::Defined(syntax.kind), relation, &name);
        self.definition(syntax, &id);
    }

    fn definition(&mut self, syntax: &DefinitionSyntax, id: &ObjectId) {
        if !self.free_routine(syntax, id) {
            return;
        }
        if syntax.provided {
            self.provided.insert(id.clone());
        }
        if let DefinitionSource::Elsewhere(_) = syntax.source {
            self.origins.insert(id.clone(), syntax.name.span);
            return;
        }
        let Some(statements) = self.statements(syntax, id) else { return };
        self.secrets(syntax, id, &statements);
        if let Some(from) = &syntax.renamed_from {
            self.renamed_definition(id, from);
        }
        if let Some(first) = self.origins.get(id) {
            let message = format!("{} is declared twice", super::shown(id));
            let problem = Diagnostic::error(syntax.name.span, message);
            let first = *first;
            return self.problem(problem.also(first, "first declared here"));
        }
        if let Some(view) = id.qualified_name().filter(|_| syntax.kind.is_relation()) {
            self.code_of_view(syntax, &view);
        }
        let commented = syntax.columns.iter();
        let commented =
            commented.filter_map(|it| Some((Ident::new(it.name.as_str()), it.comment.clone()?)));
        let definition = Definition {
            statements,
            firing: syntax.firing,
            comment: syntax.comment.clone(),
            column_comments: commented.collect(),
            ..Definition::new(id.clone(), "")
        };
        self.insert(definition, syntax.name.span);
        self.grants(id, &syntax.grants);
    }

    /// Secrets belong in no file, and would not be found again: they are not read from a database.
    fn secrets(&mut self, syntax: &DefinitionSyntax, id: &ObjectId, statements: &[String]) {
        if !matches!(syntax.kind, DefinedKind::UserMapping | DefinedKind::Server) {
            return;
        }
        if let Some(option) = statements.iter().find_map(|it| secret_option(it)) {
            let message =
                format!("the option `{option}` of {} contains a secret", super::shown(id));
            let keyword = syntax.kind.form().keyword;
            let help = format!(
                "remove it from the file, and set it in each database by hand: ALTER {keyword} … \
                 OPTIONS (ADD {option} '…')"
            );
            self.error(syntax.name.span, message, help);
        }
    }

    /// What is said of generated code.
    fn code_of_view(&mut self, syntax: &DefinitionSyntax, view: &QualifiedName) {
        if syntax.code != TableHints::default() {
            self.code.tables.insert(view.clone(), syntax.code.clone());
        }
        for column in &syntax.columns {
            let name = Ident::new(column.name.as_str());
            let id = ObjectId::child(ObjectKind::Column, view, &name);
            self.code_of_column(id, &column.code);
        }
    }

    /// Functions, procedures and aggregates share one list of names.
    fn free_routine(&mut self, syntax: &DefinitionSyntax, id: &ObjectId) -> bool {
        let kinds = DefinedKind::ALL.into_iter();
        let others = kinds.filter(|it| syntax.kind.is_routine() && it.is_routine());
        let mut others = others.filter(|it| *it != syntax.kind);
        let taken = others.find_map(|kind| {
            let other = ObjectId { kind: ObjectKind::Defined(kind), ..id.clone() };
            Some((kind, *self.origins.get(&other)?))
        });
        let Some((kind, first)) = taken else { return true };
        let message = format!("the name of {} is already used", super::shown(id));
        let problem = Diagnostic::error(syntax.name.span, message);
        self.problem(problem.also(first, format!("by this {}", kind.form().noun)));
        false
    }

    fn renamed_definition(&mut self, id: &ObjectId, from: &Name) {
        if id.namespace.is_some() && id.relation.is_none() {
            self.rename_qualified(id.clone(), Some(from));
        } else {
            self.rename_ident(id.clone(), Some(from));
        }
    }

    /// What the key says.
    fn declared_id(&mut self, syntax: &DefinitionSyntax) -> Option<ObjectId> {
        let kind = ObjectKind::Defined(syntax.kind);
        let written = &syntax.name;
        match syntax.kind {
            DefinedKind::Cast => self.cast(kind, written),
            DefinedKind::UserMapping => self.with_rest(kind, written, " SERVER "),
            DefinedKind::Transform => {
                let id = self.with_rest(kind, written, " LANGUAGE ")?;
                Some(ObjectId { name: Ident::new(spelled(id.name.as_str())), ..id })
            }
            DefinedKind::OperatorClass | DefinedKind::OperatorFamily => {
                let id = self.with_rest(kind, written, " USING ")?;
                let name = At { value: id.name.as_str().to_owned(), span: written.span };
                let name = self.qualified(&name)?;
                Some(ObjectId { signature: id.signature, ..ObjectId::named(kind, &name) })
            }
            DefinedKind::Operator => self.operator(written),
            _ if syntax.kind.is_routine() => self.routine(kind, written),
            _ if syntax.kind.is_unqualified() => Some(ObjectId::global(kind, self.ident(written)?)),
            _ => Some(ObjectId::named(kind, &self.qualified(written)?)),
        }
    }

    /// `(text AS mood)`.
    fn cast(&mut self, kind: ObjectKind, written: &Name) -> Option<ObjectId> {
        let text = written.value.trim();
        let inner = text.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        let Some((source, target)) = inner.and_then(|it| it.split_once(" AS ")) else {
            let message = format!(
                "`{}` does not name the source and target types of the cast",
                written.value
            );
            self.error(written.span, message, "write it as `(source AS target)`");
            return None;
        };
        let name = format!("({} AS {})", spelled(source.trim()), spelled(target.trim()));
        Some(ObjectId::global(kind, Ident::new(name)))
    }

    /// A name, a word and another name.
    fn with_rest(&mut self, kind: ObjectKind, written: &Name, word: &str) -> Option<ObjectId> {
        let Some((name, rest)) = written.value.split_once(word) else {
            let (what, example) = match word {
                " SERVER " => ("server", "alice SERVER films"),
                " LANGUAGE " => ("language", "jsonb LANGUAGE plperl"),
                _ => ("access method", "fast_ops USING btree"),
            };
            let message = format!("`{}` does not name its {what}", written.value);
            let help = format!("as in `\"{example}\"`");
            self.error(written.span, message, help);
            return None;
        };
        let signature = Some(Signature::new(format!("{word}{rest}")));
        Some(ObjectId { signature, ..ObjectId::global(kind, Ident::new(name)) })
    }

    /// `search(text, integer)`: the types of the arguments as PostgreSQL prints them.
    fn routine(&mut self, kind: ObjectKind, written: &Name) -> Option<ObjectId> {
        let (name, arguments) = self.call(written)?;
        let name = At { value: name, span: written.span };
        let name = self.qualified(&name)?;
        // An aggregate over whole rows is called with an asterisk.
        let whole_rows = kind == ObjectKind::Defined(DefinedKind::Aggregate);
        let arguments = match arguments.as_str() {
            "()" if whole_rows => Signature::new("(*)"),
            _ => arguments,
        };
        Some(ObjectId { signature: Some(arguments), ..ObjectId::named(kind, &name) })
    }

    /// `app.<->(vector, vector)`: an operator needs no quotes, whatever it is made of.
    fn operator(&mut self, written: &Name) -> Option<ObjectId> {
        let (name, arguments) = self.call(written)?;
        let (namespace, name) = match name.rsplit_once('.') {
            Some((namespace, name)) => (Ident::new(namespace.trim_matches('"')), name.to_owned()),
            None => (Ident::public(), name),
        };
        let name = QualifiedName { namespace, name: Ident::new(name) };
        let kind = ObjectKind::Defined(DefinedKind::Operator);
        Some(ObjectId { signature: Some(arguments), ..ObjectId::named(kind, &name) })
    }

    /// The name, and the list in parentheses behind it with each type in PostgreSQL's spelling.
    fn call(&mut self, written: &Name) -> Option<(String, Signature)> {
        let text = written.value.trim();
        let open = outside_quotes(text).find(|(_, it)| *it == '(').map(|(at, _)| at);
        let parts = open.and_then(|at| Some((&text[..at], text[at + 1..].strip_suffix(')')?)));
        let Some((name, list)) = parts else {
            let message = format!("`{}` does not list its argument types", written.value);
            let help = "write the argument types after the name, as in `\"search(text, \
                        integer)\"`, or `()` for none";
            self.error(written.span, message, help);
            return None;
        };
        let arguments: Vec<String> = types(list).iter().map(|it| spelled(it)).collect();
        let signature = Signature::new(format!("({})", arguments.join(", ")));
        Some((name.trim().to_owned(), signature))
    }

    /// The statements, of which the first is CREATE of the right kind.
    fn statements(&mut self, syntax: &DefinitionSyntax, id: &ObjectId) -> Option<Vec<String>> {
        let (text, span) = match &syntax.source {
            DefinitionSource::Query(query) => {
                let query = At {
                    value: query.value.trim().trim_end_matches(';').to_owned(),
                    span: query.span,
                };
                let query = self.contained(&query, Part::Query);
                let with = options(&syntax.options);
                let name = id.qualified_name()?;
                let keyword = syntax.kind.form().keyword;
                return Some(vec![format!("CREATE {keyword} {name}{with} AS\n{query}")]);
            }
            DefinitionSource::Elsewhere(_) => return None,
            DefinitionSource::Definition(text) => (text.value.clone(), text.span),
            DefinitionSource::File(path) => {
                let (text, place) = self.sql_file(path)?;
                self.sources.insert(id.clone(), place);
                (text, place)
            }
        };
        if let Some((first, _)) = syntax.options.first() {
            let help = "it belongs to `query`; a full definition contains it";
            self.error(first.span, "`with` needs a `query`", help);
        }
        self.of_text(syntax, &text, span)
    }

    /// The statements of a text: CREATE, and those that complete the object.
    fn of_text(
        &mut self,
        syntax: &DefinitionSyntax,
        text: &str,
        span: Span,
    ) -> Option<Vec<String>> {
        let statements = match split(text) {
            Ok(statements) => statements,
            Err(error) => {
                self.problem(Diagnostic::error(span, error.to_string()));
                return None;
            }
        };
        let mut statements = statements.iter();
        let Some(create) = statements.next().filter(|it| creates(it, syntax.kind)) else {
            let form = syntax.kind.form();
            let message = format!(
                "the definition of {} `{}` must begin with CREATE {}",
                form.noun, syntax.name.value, form.keyword
            );
            self.problem(Diagnostic::error(span, message));
            return None;
        };
        let mut texts = vec![create.without_or_replace()];
        for statement in statements {
            if !completes(statement, syntax.kind) {
                let first = statement.text.lines().next().unwrap_or_default();
                let shown: String = first.chars().take(40).collect();
                let message = format!("`{shown}` is not part of the definition");
                let help = "declare every object separately; only statements that complete this object \
                     may follow";
                self.error(span, message, help);
                return None;
            }
            texts.push(statement.text.clone());
        }
        Some(texts)
    }

    /// The text of a file that a definition is in, and the place where its SQL begins.
    fn sql_file(&mut self, path: &Name) -> Option<(String, Span)> {
        if !path.value.ends_with(SQL_FILE) {
            let message = format!("`file` needs a file name that ends in `{SQL_FILE}`");
            self.problem(Diagnostic::error(path.span, message));
            return None;
        }
        let place = beside(self.files, path);
        let found = self.files.iter().position(|it| it.path == place);
        let Some((number, file)) = found.and_then(|it| Some((it, self.files.get(it)?))) else {
            let message = format!("cannot read the file `{place}`");
            self.problem(Diagnostic::error(path.span, message));
            return None;
        };
        let first = split(&file.text).ok().and_then(|it| it.into_iter().next());
        let start = first.map_or(0, |it| it.span.start);
        let line = file.text[start..].lines().next().unwrap_or_default();
        Some((file.text.clone(), Span::new(number, start..start + line.len())))
    }
}

/// The files that definitions are in, as [`super::super::parse`] wants them.
pub(crate) fn sql_files(document: &Document, files: &[SourceFile]) -> Vec<String> {
    let tables = document.tables.iter().flat_map(|it| &it.attached);
    let views = document.definitions.iter().flat_map(|it| &it.attached);
    let all = document.definitions.iter().chain(tables).chain(views);
    all.filter_map(|it| match &it.source {
        DefinitionSource::File(path) => Some(beside(files, path)),
        DefinitionSource::Definition(_)
        | DefinitionSource::Query(_)
        | DefinitionSource::Elsewhere(_) => None,
    })
    .collect()
}

/// A path relative to the file that names it.
fn beside(files: &[SourceFile], path: &Name) -> String {
    let from = files.get(path.span.file).map_or("", |it| it.path.as_str());
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    folder.join(path.as_str()).display().to_string()
}

/// The first option in a statement that holds a secret.
fn secret_option(statement: &str) -> Option<String> {
    let statements = split(statement).ok()?;
    statements.into_iter().flat_map(|it| it.tokens).find_map(|it| match it {
        Token::Word(name) | Token::Name(name) if is_secret(&name) => Some(name),
        Token::Word(_) | Token::Name(_) | Token::Literal | Token::Symbol(_) => None,
    })
}

/// The characters of a text that are not in double quotes, with their places.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quoted = false;
    text.char_indices().filter(move |(_, it)| {
        quoted ^= *it == '"';
        !quoted
    })
}

/// What commas divide, outside of parentheses and quotes.
fn types(list: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, it) in outside_quotes(list) {
        match it {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&list[start..]);
    // The asterisk of an aggregate over whole rows stands for no argument.
    found.into_iter().map(str::trim).filter(|it| !matches!(*it, "" | "*")).collect()
}

/// A type as PostgreSQL prints it among the arguments of a routine: without its modifier. NONE stands
/// for the side that a prefix operator does not have.
fn spelled(text: &str) -> String {
    if text.eq_ignore_ascii_case("none") {
        return "NONE".to_owned();
    }
    match PgType::parse(text) {
        Ok(it) => it.without_modifier(),
        Err(_) => text.to_owned(),
    }
}

/// ` WITH (…)`, or nothing.
fn options(options: &OptionsSyntax) -> String {
    if options.is_empty() {
        return String::new();
    }
    let shown: Vec<String> =
        options.iter().map(|(name, value)| format!("{}={}", name.value, value.value)).collect();
    format!(" WITH ({})", shown.join(", "))
}

/// Whether a statement creates an object of this kind, and not of one whose name begins alike, as
/// OPERATOR and OPERATOR CLASS do.
fn creates(statement: &ScriptStatement, kind: DefinedKind) -> bool {
    let keyword = kind.form().keyword;
    let longer = |it: &str| it.len() > keyword.len() && it.starts_with(keyword);
    let mut keywords = DefinedKind::ALL.iter().map(|it| it.form().keyword);
    statement.creates(keyword) && !keywords.any(|it| longer(it) && statement.creates(it))
}

/// Whether a statement may follow CREATE: ALTER of the same kind, and what makes a type whole that
/// began as a shell.
fn completes(statement: &ScriptStatement, kind: DefinedKind) -> bool {
    let made = kind.is_type() && (statement.creates("FUNCTION") || creates(statement, kind));
    made || statement.alters(kind.form().keyword)
}
