//! The access methods of approximate indexes, their storage parameters and the settings of a search
//! (README, "Indexing" and "Query Options").

/// An access method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VectorMethod {
    /// A graph in layers.
    Hnsw,
    /// Lists around centers, which are computed from the rows when the index is made.
    Ivfflat,
}

/// A storage parameter of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// The least value.
    pub lowest: i64,
    /// The greatest value.
    pub highest: i64,
    /// What holds where nothing is said.
    pub default: i64,
}

/// How many neighbors a vector of an HNSW graph is linked with.
pub const M: Parameter = Parameter { name: "m", lowest: 2, highest: 100, default: 16 };

/// How many candidates are looked at for a new vector of an HNSW graph; at least `2 * m`.
pub const EF_CONSTRUCTION: Parameter =
    Parameter { name: "ef_construction", lowest: 4, highest: 1000, default: 64 };

/// How many lists an IVFFlat index has.
pub const LISTS: Parameter = Parameter { name: "lists", lowest: 1, highest: 32_768, default: 100 };

impl Parameter {
    /// Whether a value is taken.
    #[must_use]
    pub fn takes(&self, value: i64) -> bool {
        (self.lowest..=self.highest).contains(&value)
    }
}

impl VectorMethod {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Hnsw, Self::Ivfflat];

    /// The names of both.
    pub const NAMES: [&'static str; 2] = [Self::Hnsw.name(), Self::Ivfflat.name()];

    /// The access method of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As `pg_am` has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hnsw => "hnsw",
            Self::Ivfflat => "ivfflat",
        }
    }

    /// Its storage parameters.
    #[must_use]
    pub const fn parameters(self) -> &'static [Parameter] {
        match self {
            Self::Hnsw => &[M, EF_CONSTRUCTION],
            Self::Ivfflat => &[LISTS],
        }
    }

    /// Its settings of a session, without its name before them; the first says how much a search
    /// looks at.
    #[must_use]
    pub const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Hnsw => {
                &["ef_search", "iterative_scan", "max_scan_tuples", "scan_mem_multiplier"]
            }
            Self::Ivfflat => &["probes", "iterative_scan", "max_probes"],
        }
    }

    /// The setting of how much a search looks at.
    #[must_use]
    pub const fn effort(self) -> &'static str {
        self.settings()[0]
    }

    /// The version of pgvector that brought it; none where every version has it.
    #[must_use]
    pub const fn since(self) -> Option<&'static str> {
        match self {
            Self::Hnsw => Some("0.5.0"),
            Self::Ivfflat => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What generated code sets is a setting of the access method.
    #[test]
    fn generated_code_names_settings_that_there_are() {
        let templates = [
            include_str!("../../../templates/python/support.py"),
            include_str!("../../../templates/rust/support.rs"),
        ];
        for (method, text) in
            VectorMethod::ALL.iter().flat_map(|it| templates.map(|text| (it, text)))
        {
            for part in text.split(&format!("\"{}.", method.name())).skip(1) {
                let setting = part.split('"').next().unwrap_or_default();
                assert!(method.settings().contains(&setting), "{}.{setting}", method.name());
            }
        }
    }
}
