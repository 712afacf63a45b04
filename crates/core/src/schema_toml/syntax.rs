//! The structure of a declaration file, every value with its location.
//!
//! In: TOML text. Out: [`Document`], with a diagnostic for each value of the wrong type and each
//! unknown key. Nothing is resolved here: names and types are text.

mod borrowed;
mod codegen;
mod column;
mod data_type;
mod definition;
mod grants;
mod index;
mod inheritance;
mod node;
mod object;
mod problem;
mod table;
mod types;

pub(super) use column::{
    ColumnSyntax, GeneratedSyntax, IdentitySyntax, NotNullSyntax, ReferenceSyntax,
    TypeChangeSyntax, UniqueMark,
};
pub(super) use data_type::TypeSyntax;
pub(super) use definition::{DefinitionSource, DefinitionSyntax};
pub(super) use grants::{DefaultPrivilegesSyntax, GrantSyntax};
pub(super) use index::{IndexKeySyntax, IndexSyntax, KeyText, OpclassSyntax, RecallSyntax};
pub(super) use object::{
    CountingSyntax, EnumSyntax, ExtensionSyntax, NamespaceSyntax, RoleSyntax, SequenceSyntax,
};
pub(super) use table::{
    CheckSyntax, ExclusionSyntax, ForeignKeySyntax, KeySyntax, ReplicaSyntax, TableSyntax,
};

pub(super) use types::{AttributeSyntax, CompositeSyntax, DomainSyntax};

use toml::de::DeTable;

use crate::diagnostic::{Diagnostic, SourceFile, Span};
use crate::schema_toml::form::{Formed, RootForm};
use node::Fields;

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
    let mut fields = Fields::new(RootForm::FORM, whole, "the declaration", table);
    let include = fields.list(&RootForm::INCLUDE, problems);
    if number > 0
        && let Some(first) = include.first()
    {
        let message = "`include` is only allowed in the main file";
        problems.push(Diagnostic::error(first.span, message));
    }
    let document = Document {
        include,
        extensions: fields.each(&RootForm::EXTENSIONS, object::extension, problems),
        namespaces: fields.each(&RootForm::SCHEMAS, object::namespace, problems),
        roles: fields.each(&RootForm::ROLES, object::role, problems),
        enums: fields.each(&RootForm::ENUMS, object::enum_type, problems),
        domains: fields.each(&RootForm::DOMAINS, types::domain, problems),
        composites: fields.each(&RootForm::COMPOSITES, types::composite, problems),
        sequences: fields.each(&RootForm::SEQUENCES, object::sequence, problems),
        tables: fields.each(&RootForm::TABLES, table::table, problems),
        default_privileges: grants::defaults(&mut fields, problems),
        definitions: definition::sections(&mut fields, problems),
    };
    definition::misplaced(&mut fields, problems);
    fields.finish_or(problems, |key, _| borrowed::in_declaration(key));
    document
}
