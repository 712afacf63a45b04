//! The shape of a declaration file, every value with its place.
//!
//! TOML text goes in, [`Document`] comes out, with a diagnostic for each value of the wrong type and
//! each key that nobody knows. Nothing is resolved here: names are text, types are text.

mod borrowed;
mod codegen;
mod column;
mod definition;
mod grants;
mod hierarchy;
mod index;
mod node;
mod object;
mod problem;
mod table;
mod types;

pub(super) use column::{
    Change, ColumnSyntax, Generated, IdentitySyntax, NotNullSyntax, OnChange, ReferenceSyntax,
    TypeSyntax, UniqueMark,
};
pub(super) use definition::{DefinitionSource, DefinitionSyntax};
pub(super) use grants::{DefaultPrivilegesSyntax, GrantSyntax};
pub(super) use index::{IndexKeySyntax, IndexSyntax, KeyText, OpclassSyntax};
pub(super) use object::{
    CountingSyntax, EnumSyntax, ExtensionSyntax, NamespaceSyntax, RoleSyntax, SequenceSyntax,
};
pub(super) use table::{
    CheckSyntax, ExclusionSyntax, ForeignKeySyntax, KeySyntax, ReplicaSyntax, TableSyntax,
};

#[cfg(test)]
pub(super) use node::asked;
pub(super) use types::{AttributeSyntax, CompositeSyntax, DomainSyntax};

use toml::de::DeTable;

use crate::diagnostic::{Diagnostic, SourceFile, Span};
use node::{Fields, Node};

/// The mistakes found so far.
pub(super) type Problems = Vec<Diagnostic>;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    /// The value.
    pub(super) value: T,
    /// The place.
    pub(super) span: Span,
}

/// A text and its place: a key, or a string.
pub(super) type Name = At<String>;

impl<T> At<T> {
    /// Puts a value at a place.
    pub(super) fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl Name {
    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.value
    }
}

/// Storage parameters as written, in their order.
pub(super) type OptionsSyntax = Vec<(Name, Name)>;

/// How the names of files with SQL end.
pub(super) const SQL_FILE: &str = ".sql";

/// What one file, or several together, say.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// `include`.
    pub(super) include: Vec<Name>,
    /// `[extensions]`.
    pub(super) extensions: Vec<ExtensionSyntax>,
    /// `[schemas]`.
    pub(super) namespaces: Vec<NamespaceSyntax>,
    /// `[roles]`.
    pub(super) roles: Vec<RoleSyntax>,
    /// `[enums]`.
    pub(super) enums: Vec<EnumSyntax>,
    /// `[domains]`.
    pub(super) domains: Vec<DomainSyntax>,
    /// `[composite_types]`.
    pub(super) composites: Vec<CompositeSyntax>,
    /// `[sequences]`.
    pub(super) sequences: Vec<SequenceSyntax>,
    /// `[tables]`.
    pub(super) tables: Vec<TableSyntax>,
    /// `[[default_privileges]]`.
    pub(super) default_privileges: Vec<DefaultPrivilegesSyntax>,
    /// `[views]`, `[functions]` and all others that are declared by the SQL that makes them.
    pub(super) definitions: Vec<DefinitionSyntax>,
}

impl Document {
    /// Adds what another file says.
    fn append(&mut self, other: Self) {
        self.include.extend(other.include);
        self.extensions.extend(other.extensions);
        self.namespaces.extend(other.namespaces);
        self.roles.extend(other.roles);
        self.enums.extend(other.enums);
        self.domains.extend(other.domains);
        self.composites.extend(other.composites);
        self.sequences.extend(other.sequences);
        self.tables.extend(other.tables);
        self.default_privileges.extend(other.default_privileges);
        self.definitions.extend(other.definitions);
    }
}

/// Reads all files into one document. `false` where some text was no TOML, so that parts of it may
/// be missing and looking closer would find mistakes that are none.
pub(super) fn read(files: &[SourceFile], problems: &mut Problems) -> (Document, bool) {
    let mut document = Document::default();
    let mut whole = true;
    let toml = files.iter().enumerate().filter(|(number, file)| *number == 0 || !is_sql(file));
    for (number, file) in toml {
        let (table, errors) = DeTable::parse_recoverable(&file.text);
        if errors.is_empty() {
            document.append(read_file(number, table.get_ref(), problems));
        } else {
            whole = false;
            problems.extend(errors.iter().map(|it| problem::diagnostic(number, &file.text, it)));
        }
    }
    (document, whole)
}

/// Whether a file that came along is one of SQL, which `file` names.
pub(super) fn is_sql(file: &SourceFile) -> bool {
    file.path.ends_with(SQL_FILE)
}

/// What one file says; `number` is its place among all files.
pub(super) fn read_file(number: usize, table: &DeTable<'_>, problems: &mut Problems) -> Document {
    let whole = Span::new(number, 0..0);
    let mut fields = Fields::new(whole, "the declaration", table);
    let include = fields.strings("include", problems);
    if number > 0
        && let Some(first) = include.first()
    {
        let message = "`include` belongs into the main file only";
        problems.push(Diagnostic::error(first.span, message));
    }
    let document = Document {
        include,
        extensions: each(&mut fields, "extensions", object::extension, problems),
        namespaces: each(&mut fields, "schemas", object::namespace, problems),
        roles: each(&mut fields, "roles", object::role, problems),
        enums: each(&mut fields, "enums", object::enum_type, problems),
        domains: each(&mut fields, "domains", types::domain, problems),
        composites: each(&mut fields, "composite_types", types::composite, problems),
        sequences: each(&mut fields, "sequences", object::sequence, problems),
        tables: each(&mut fields, "tables", table::table, problems),
        default_privileges: grants::defaults(&mut fields, problems),
        definitions: definition::sections(&mut fields, problems),
    };
    definition::misplaced(&mut fields, problems);
    fields.finish_or(problems, |key, _| borrowed::in_declaration(key));
    document
}

/// Reads every entry of a table of tables, such as `[tables]`; those that cannot be read are left
/// out, with their diagnostics in `problems`.
fn each<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    read: impl Fn(Name, Node<'_>, &mut Problems) -> Option<T>,
    problems: &mut Problems,
) -> Vec<T> {
    let entries = fields.entries(key, problems);
    entries.into_iter().filter_map(|(name, node)| read(name, node, problems)).collect()
}
