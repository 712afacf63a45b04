//! Operator classes of index keys: which one, and whether it is the default.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::CatalogError;
use super::cast::CastRow;
use super::row::row;
use super::text;
use crate::model::ident::{Ident, PUBLIC};
use crate::model::index::OperatorClass;
use crate::model::options::Options;

row! {
    "operator_classes";
    /// A row of `pg_opclass`.
    struct OperatorClassRow {
        oid: u32,
        namespace: String,
        name: String,
        method_oid: u32,
        method: String,
        input_type: u32,
        stored_type: u32,
        is_default: bool,
        input_preferred: bool,
    }
}

row! {
    "operator_class_parameters";
    /// Parameters of the operator class of one index key.
    struct ParametersRow {
        index_oid: u32,
        key_number: i16,
        parameters: Option<Vec<String>>,
    }
}

row! {
    "domains";
    /// The type that a domain stands on.
    struct DomainRow {
        oid: u32,
        base_type: u32,
    }
}

/// All operator classes, and what it takes to know a type's default one.
pub(super) struct OperatorClasses {
    classes: HashMap<u32, OperatorClassRow>,
    /// Default classes by access method.
    defaults: HashMap<u32, Vec<u32>>,
    /// By index and place of the key, from 0.
    parameters: HashMap<(u32, usize), Options>,
    domains: HashMap<u32, u32>,
    /// Implicit casts that change no byte.
    binary_casts: HashSet<(u32, u32)>,
}

impl OperatorClasses {
    pub(super) fn new(
        classes: Vec<OperatorClassRow>,
        parameters: Vec<ParametersRow>,
        domains: Vec<DomainRow>,
        casts: &[CastRow],
    ) -> Self {
        let mut defaults: HashMap<u32, Vec<u32>> = HashMap::new();
        for class in classes.iter().filter(|it| it.is_default) {
            defaults.entry(class.method_oid).or_default().push(class.oid);
        }
        let parameters = parameters.into_iter().filter_map(|it| {
            let place = usize::try_from(it.key_number).ok()?.checked_sub(1)?;
            Some(((it.index_oid, place), text::parameters(it.parameters)))
        });
        Self {
            parameters: parameters.collect(),
            classes: classes.into_iter().map(|it| (it.oid, it)).collect(),
            defaults,
            domains: domains.into_iter().map(|it| (it.oid, it.base_type)).collect(),
            binary_casts: casts
                .iter()
                .filter(|it| it.is_binary && it.context == "i")
                .map(|it| (it.source_oid, it.target_oid))
                .collect(),
        }
    }

    /// The operator class of a key as it has to be written; none where it is what the server takes
    /// by itself.
    ///
    /// `column_type` is that of a key column. An expression has none in the catalog; then the
    /// index's own type counts, unless the class stores another type than it is given: such a
    /// class is taken to be given its input type.
    pub(super) fn written(
        &self,
        class_oid: u32,
        column_type: Option<u32>,
        stored_type: Option<u32>,
        key: (u32, usize),
        owner: &dyn fmt::Display,
    ) -> Result<Option<OperatorClass>, CatalogError> {
        let class = self.classes.get(&class_oid).ok_or_else(|| CatalogError::Dangling {
            what: "operator class",
            number: class_oid.into(),
            owner: owner.to_string(),
        })?;
        let parameters = self.parameters.get(&key).cloned().unwrap_or_default();
        // A hash index stores the hash.
        let keeps_type = class.stored_type == 0 && class.method != "hash";
        let key_type =
            column_type.or(stored_type.filter(|_| keeps_type)).unwrap_or(class.input_type);
        if parameters.is_empty() && self.is_default(class, key_type) {
            return Ok(None);
        }
        let elsewhere = !matches!(class.namespace.as_str(), "pg_catalog" | PUBLIC);
        Ok(Some(OperatorClass {
            namespace: elsewhere.then(|| Ident::new(class.namespace.as_str())),
            name: Ident::new(class.name.as_str()),
            parameters,
        }))
    }

    /// Whether the server takes this class for a type when none is said: `GetDefaultOpClass` in
    /// its `indexcmds.c`. A class for exactly the type wins; then one for a preferred type that
    /// the type turns into without a change; then the only other one that fits. That `class` fits
    /// is known, for an index uses it.
    fn is_default(&self, class: &OperatorClassRow, key_type: u32) -> bool {
        let key_type = self.base_type(key_type);
        if !class.is_default {
            return false;
        }
        if class.input_type == key_type {
            return true;
        }
        let others = || {
            let oids = self.defaults.get(&class.method_oid).into_iter().flatten();
            oids.filter_map(|it| self.classes.get(it)).filter(|it| it.oid != class.oid)
        };
        if others().any(|it| it.input_type == key_type) {
            return false;
        }
        class.input_preferred
            || !others().any(|it| self.binary_casts.contains(&(key_type, it.input_type)))
    }

    /// Follows domains down.
    fn base_type(&self, type_oid: u32) -> u32 {
        let mut type_oid = type_oid;
        while let Some(base) = self.domains.get(&type_oid) {
            type_oid = *base;
        }
        type_oid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BTREE: u32 = 403;
    const TEXT: u32 = 25;
    const VARCHAR: u32 = 1043;
    const BPCHAR: u32 = 1042;
    const CITEXT: u32 = 20_000;
    const CITEXT_DOMAIN: u32 = 20_001;
    const INT_ARRAY: u32 = 1007;
    const ANYARRAY: u32 = 2277;

    fn class(name: &str, input_type: u32, is_default: bool) -> OperatorClassRow {
        OperatorClassRow {
            oid: name.bytes().fold(0, |sum, it| sum * 31 % 100_003 + u32::from(it)),
            namespace: "pg_catalog".to_owned(),
            name: name.to_owned(),
            method_oid: BTREE,
            method: "btree".to_owned(),
            input_type,
            stored_type: 0,
            is_default,
            input_preferred: input_type == TEXT,
        }
    }

    fn binary_cast(source_oid: u32, target_oid: u32) -> CastRow {
        CastRow {
            source_oid,
            target_oid,
            source: String::new(),
            target: String::new(),
            context: "i".to_owned(),
            is_binary: true,
        }
    }

    #[track_caller]
    fn check(name: &str, key_type: u32, expected: Option<&str>) {
        let classes = vec![
            class("text_ops", TEXT, true),
            class("text_pattern_ops", TEXT, false),
            class("bpchar_ops", BPCHAR, true),
            class("citext_ops", CITEXT, true),
            class("array_ops", ANYARRAY, true),
        ];
        let oid = classes.iter().find(|it| it.name == name).expect("a class").oid;
        let domains = vec![DomainRow { oid: CITEXT_DOMAIN, base_type: CITEXT }];
        let casts =
            [binary_cast(VARCHAR, TEXT), binary_cast(VARCHAR, BPCHAR), binary_cast(CITEXT, TEXT)];
        let classes = OperatorClasses::new(classes, Vec::new(), domains, &casts);
        let written = classes.written(oid, Some(key_type), None, (1, 0), &"x").expect("known");
        assert_eq!(written.map(|it| it.name), expected.map(Ident::from));
    }

    #[test]
    fn a_class_for_exactly_the_type_is_the_default() {
        check("text_ops", TEXT, None);
        check("text_pattern_ops", TEXT, Some("text_pattern_ops"));
        check("citext_ops", CITEXT, None);
        check("text_ops", CITEXT, Some("text_ops"));
        check("citext_ops", CITEXT_DOMAIN, None);
        check("text_ops", CITEXT_DOMAIN, Some("text_ops"));
    }

    #[test]
    fn else_one_for_a_preferred_type() {
        check("text_ops", VARCHAR, None);
        check("bpchar_ops", VARCHAR, Some("bpchar_ops"));
    }

    #[test]
    fn else_the_only_one() {
        check("array_ops", INT_ARRAY, None);
    }
}
