//! What is said of searches by vector indexes.

use super::Lowering;
use crate::model::code_hints::{IndexHints, RecallBudget, Share};
use crate::model::duration::parse_duration;
use crate::model::pgvector::VectorMethod;
use crate::schema_toml::syntax::{At, IndexSyntax, RecallSyntax};

/// How many rows a search returns where nothing is said.
const USUAL_K: u32 = 10;

impl Lowering<'_> {
    /// The settings of searches by an index; None where nothing is said, or its access method has no such searches.
    pub(super) fn index_hints(&mut self, syntax: &IndexSyntax, method: &str) -> Option<IndexHints> {
        let search = &syntax.search;
        let method = VectorMethod::named(method);
        let of = |it: VectorMethod| method == Some(it);
        let any = method.is_some();
        let scan = search.iterative_scan.as_ref();
        let (hnsw, ivfflat) = ("`method = \"hnsw\"`", "`method = \"ivfflat\"`");
        let both = format!("{hnsw} and {ivfflat}");
        let effort = |it: &Option<At<i64>>| it.as_ref().map(|it| it.span);
        let recall = search.recall.as_ref().map(|it| it.at_least.span);
        let keys = [
            ("ef_search", effort(&search.ef_search), of(VectorMethod::Hnsw), hnsw),
            ("probes", effort(&search.probes), of(VectorMethod::Ivfflat), ivfflat),
            ("iterative_scan", scan.map(|it| it.span), any, both.as_str()),
            ("recall", recall, any, both.as_str()),
        ];
        for (key, span, fits, with) in keys {
            if let Some(span) = span.filter(|_| !fits) {
                let message =
                    format!("index `{}`: its access method has no `{key}`", syntax.name.value);
                self.error(span, message, format!("it is for indexes with {with}"));
            }
        }
        let method = method?;
        if let Some(it) = scan.filter(|it| !it.value.is_of(method)) {
            let message = format!("`{}` has no `{}`", method.name(), it.value.setting());
            self.error(it.span, message, "write `\"relaxed_order\"`");
        }
        let hints = IndexHints {
            effort: match method {
                VectorMethod::Hnsw => self.within_range(search.ef_search.as_ref(), 1000),
                VectorMethod::Ivfflat => self.within_range(search.probes.as_ref(), 32_768),
            },
            iterative_scan: scan.map(|it| it.value),
            recall: search.recall.as_ref().and_then(|it| self.recall_budget(it)),
        };
        (hints != IndexHints::default()).then_some(hints)
    }

    fn recall_budget(&mut self, syntax: &RecallSyntax) -> Option<RecallBudget> {
        let k = match &syntax.k {
            None => Some(USUAL_K),
            some => self.within_range(some.as_ref(), 10_000),
        };
        let at_least = Share::parse(syntax.at_least.as_str());
        if at_least.is_none() {
            self.error(syntax.at_least.span, "a recall is a number from 0 to 1", "as in `0.95`");
        }
        let within = syntax.within.as_ref().map(|it| {
            let time = parse_duration(it.as_str()).filter(|it| !it.is_zero());
            if time.is_none() {
                self.error(it.span, "a time has a number and a unit", "as in `5ms` or `1s`");
            }
            time
        });
        let within = match within {
            Some(None) => return None,
            Some(time) => time,
            None => None,
        };
        Some(RecallBudget { k: k?, at_least: at_least?, within })
    }

    /// A number from 1 to this.
    fn within_range(&mut self, written: Option<&At<i64>>, most: u32) -> Option<u32> {
        let At { value, span } = written?;
        let number = u32::try_from(*value).ok().filter(|it| (1..=most).contains(it));
        if number.is_none() {
            let message = format!("{value} is out of range");
            self.error(*span, message, format!("from 1 to {most}"));
        }
        number
    }
}
