//! The kinds of objects with a definition in SQL: all that are only created, replaced and dropped.
//!
//! To add a kind, add a variant of [`DefinedKind`], its row in [`DefinedKind::form`], and a query
//! in `catalog`.

use serde::{Deserialize, Serialize};

/// Kinds of object that are known by the SQL that makes them, in the order in which they are made
/// when nothing else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefinedKind {
    /// `pg_language`.
    Language,
    /// `pg_am`.
    AccessMethod,
    /// `pg_foreign_data_wrapper`.
    ForeignDataWrapper,
    /// `pg_foreign_server`.
    Server,
    /// `pg_user_mapping`.
    UserMapping,
    /// `pg_collation`.
    Collation,
    /// A base type (`pg_type.typtype = 'b'`).
    BaseType,
    /// A range type, with its multirange type (`pg_type.typtype = 'r'`).
    RangeType,
    /// A function or window function (`pg_proc`).
    Function,
    /// `pg_proc.prokind = 'p'`.
    Procedure,
    /// `pg_proc.prokind = 'a'`.
    Aggregate,
    /// `pg_operator`.
    Operator,
    /// `pg_opfamily`.
    OperatorFamily,
    /// `pg_opclass`.
    OperatorClass,
    /// `pg_cast`.
    Cast,
    /// `pg_transform`.
    Transform,
    /// `pg_conversion`.
    Conversion,
    /// `pg_ts_parser`.
    TextSearchParser,
    /// `pg_ts_template`.
    TextSearchTemplate,
    /// `pg_ts_dict`.
    TextSearchDictionary,
    /// `pg_ts_config`.
    TextSearchConfiguration,
    /// `pg_class.relkind = 'v'`.
    View,
    /// `pg_class.relkind = 'm'`.
    MaterializedView,
    /// `pg_rewrite`.
    Rule,
    /// `pg_trigger`.
    Trigger,
    /// `pg_policy`.
    Policy,
    /// `pg_statistic_ext`.
    Statistics,
    /// `pg_publication`.
    Publication,
    /// `pg_event_trigger`.
    EventTrigger,
}

/// What there is to know of such a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindForm {
    /// The word for people.
    pub noun: &'static str,
    /// What follows CREATE, DROP, ALTER and COMMENT ON.
    pub keyword: &'static str,
    /// Its section in schema.toml; for what belongs to a relation, inside that relation's section.
    pub section: &'static str,
    /// How the object is called after its keyword.
    pub naming: Naming,
    /// Whether tables may need it, so that it is made before them and dropped after them.
    pub before_tables: bool,
}

/// How an object is called in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// By its name, alone or in a namespace.
    Name,
    /// By its name and the relation that it belongs to: `touch ON users`.
    OnRelation,
    /// By a text that is no name: `(text AS mood)`.
    Text,
    /// After FOR: `FOR jsonb LANGUAGE plperl`, `FOR alice SERVER films`.
    For,
}

impl DefinedKind {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::Language,
        Self::AccessMethod,
        Self::ForeignDataWrapper,
        Self::Server,
        Self::UserMapping,
        Self::Collation,
        Self::BaseType,
        Self::RangeType,
        Self::Function,
        Self::Procedure,
        Self::Aggregate,
        Self::Operator,
        Self::OperatorFamily,
        Self::OperatorClass,
        Self::Cast,
        Self::Transform,
        Self::Conversion,
        Self::TextSearchParser,
        Self::TextSearchTemplate,
        Self::TextSearchDictionary,
        Self::TextSearchConfiguration,
        Self::View,
        Self::MaterializedView,
        Self::Rule,
        Self::Trigger,
        Self::Policy,
        Self::Statistics,
        Self::Publication,
        Self::EventTrigger,
    ];

    /// What there is to know of this kind.
    #[must_use]
    pub const fn form(self) -> KindForm {
        use Naming::{For, Name, OnRelation, Text};
        let (noun, keyword, section, naming, before_tables) = match self {
            Self::Language => ("language", "LANGUAGE", "languages", Name, true),
            Self::AccessMethod => ("access method", "ACCESS METHOD", "access_methods", Name, true),
            Self::ForeignDataWrapper => (
                "foreign-data wrapper",
                "FOREIGN DATA WRAPPER",
                "foreign_data_wrappers",
                Name,
                true,
            ),
            Self::Server => ("server", "SERVER", "servers", Name, true),
            Self::UserMapping => ("user mapping", "USER MAPPING", "user_mappings", For, true),
            Self::Collation => ("collation", "COLLATION", "collations", Name, true),
            Self::BaseType => ("base type", "TYPE", "base_types", Name, true),
            Self::RangeType => ("range type", "TYPE", "range_types", Name, true),
            Self::Function => ("function", "FUNCTION", "functions", Name, false),
            Self::Procedure => ("procedure", "PROCEDURE", "procedures", Name, false),
            Self::Aggregate => ("aggregate", "AGGREGATE", "aggregates", Name, false),
            Self::Operator => ("operator", "OPERATOR", "operators", Name, false),
            Self::OperatorFamily => {
                ("operator family", "OPERATOR FAMILY", "operator_families", Name, false)
            }
            Self::OperatorClass => {
                ("operator class", "OPERATOR CLASS", "operator_classes", Name, false)
            }
            Self::Cast => ("cast", "CAST", "casts", Text, false),
            Self::Transform => ("transform", "TRANSFORM", "transforms", For, false),
            Self::Conversion => ("conversion", "CONVERSION", "conversions", Name, false),
            Self::TextSearchParser => {
                ("text search parser", "TEXT SEARCH PARSER", "text_search_parsers", Name, true)
            }
            Self::TextSearchTemplate => (
                "text search template",
                "TEXT SEARCH TEMPLATE",
                "text_search_templates",
                Name,
                true,
            ),
            Self::TextSearchDictionary => (
                "text search dictionary",
                "TEXT SEARCH DICTIONARY",
                "text_search_dictionaries",
                Name,
                true,
            ),
            Self::TextSearchConfiguration => (
                "text search configuration",
                "TEXT SEARCH CONFIGURATION",
                "text_search_configurations",
                Name,
                true,
            ),
            Self::View => ("view", "VIEW", "views", Name, false),
            Self::MaterializedView => {
                ("materialized view", "MATERIALIZED VIEW", "materialized_views", Name, false)
            }
            Self::Rule => ("rule", "RULE", "rules", OnRelation, false),
            Self::Trigger => ("trigger", "TRIGGER", "triggers", OnRelation, false),
            Self::Policy => ("policy", "POLICY", "policies", OnRelation, false),
            Self::Statistics => ("statistics object", "STATISTICS", "statistics", Name, false),
            Self::Publication => ("publication", "PUBLICATION", "publications", Name, false),
            Self::EventTrigger => ("event trigger", "EVENT TRIGGER", "event_triggers", Name, false),
        };
        KindForm { noun, keyword, section, naming, before_tables }
    }

    /// Whether it is a function, a procedure or an aggregate: they share one list of names.
    #[must_use]
    pub const fn is_routine(self) -> bool {
        matches!(self, Self::Function | Self::Procedure | Self::Aggregate)
    }

    /// Whether its objects stand in no namespace.
    #[must_use]
    pub const fn is_unqualified(self) -> bool {
        matches!(
            self,
            Self::Language
                | Self::AccessMethod
                | Self::ForeignDataWrapper
                | Self::Server
                | Self::UserMapping
                | Self::Cast
                | Self::Transform
                | Self::Publication
                | Self::EventTrigger
        )
    }

    /// Whether it is a relation, whose name no other relation and no type may have.
    #[must_use]
    pub const fn is_relation(self) -> bool {
        matches!(self, Self::View | Self::MaterializedView)
    }

    /// Whether there are privileges on it (manual section 5.8).
    #[must_use]
    pub const fn is_grantable(self) -> bool {
        let plain = matches!(self, Self::Language | Self::ForeignDataWrapper | Self::Server);
        plain || self.is_routine() || self.is_relation() || self.is_type()
    }

    /// Whether it can belong to a relation of this kind; tables take all that belong to one.
    #[must_use]
    pub const fn can_belong_to(self, relation: Self) -> bool {
        matches!((self, relation), (Self::Rule | Self::Trigger, Self::View))
    }

    /// Whether it is a type.
    #[must_use]
    pub const fn is_type(self) -> bool {
        matches!(self, Self::BaseType | Self::RangeType)
    }
}

/// Finds a kind by its name in the catalog queries: `text_search_parser`.
impl std::str::FromStr for DefinedKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |it: &Self| serde_json::to_value(it).is_ok_and(|it| it == text);
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// A name that no kind has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind `{0}`")]
pub struct UnknownKind(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_once_in_order_and_found_by_name() {
        assert!(DefinedKind::ALL.is_sorted());
        for kind in DefinedKind::ALL {
            let name = serde_json::to_value(kind).expect("a word");
            assert_eq!(name.as_str().and_then(|it| it.parse().ok()), Some(kind));
        }
        assert!("vieww".parse::<DefinedKind>().is_err());
    }

    #[test]
    fn sections_are_unique() {
        let mut sections: Vec<_> = DefinedKind::ALL.iter().map(|it| it.form().section).collect();
        sections.sort_unstable();
        let before = sections.len();
        sections.dedup();
        assert_eq!(sections.len(), before);
    }
}
