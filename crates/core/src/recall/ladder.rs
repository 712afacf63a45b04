//! The settings that are tried, from little effort to much.

use crate::model::pgvector::VectorMethod;

/// How far the index is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// `hnsw.ef_search` or `ivfflat.probes`.
    pub effort: u32,
    /// How many candidates are taken for each row that is wanted, to be sorted by their exact distances. None
    /// where the index has these distances.
    pub rerank: Option<u32>,
}

/// What is known of an index, and what was asked for.
#[derive(Debug, Clone)]
pub struct Steps<'a> {
    /// The access method.
    pub method: VectorMethod,
    /// `lists` of an IVFFlat index.
    pub lists: u32,
    /// How many rows are wanted.
    pub k: u32,
    /// Whether the index has distances of something smaller than the vectors.
    pub is_reduced: bool,
    /// Values of `hnsw.ef_search` or `ivfflat.probes`; the usual ones where there are none.
    pub efforts: &'a [u32],
    /// Candidates for each row; the usual ones where there are none.
    pub reranks: &'a [u32],
}

/// The values of `hnsw.ef_search` that are usual.
const EF_SEARCH: [u32; 8] = [10, 20, 40, 80, 160, 320, 640, 1000];
/// What `hnsw.ef_search` is where nobody sets it.
pub const DEFAULT_EF_SEARCH: u32 = 40;
/// What `ivfflat.probes` is where nobody sets it.
pub const DEFAULT_PROBES: u32 = 1;
/// The largest value of `hnsw.ef_search`.
pub const MOST_EF_SEARCH: u32 = 1000;
/// How many candidates are usual.
const RERANK: [u32; 6] = [1, 2, 4, 10, 20, 40];

impl Steps<'_> {
    /// The settings, least first.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        if !self.is_reduced {
            let efforts = self.efforts().into_iter();
            return efforts.map(|effort| Setting { effort, rerank: None }).collect();
        }
        let reranks = if self.reranks.is_empty() { &RERANK[..] } else { self.reranks };
        let mut settings = Vec::new();
        for rerank in reranks.iter().copied() {
            let efforts = match (self.efforts, self.method) {
                // As generated code does: at least as many as candidates.
                ([], VectorMethod::Hnsw) => {
                    vec![self.k.saturating_mul(rerank).clamp(DEFAULT_EF_SEARCH, MOST_EF_SEARCH)]
                }
                // As pgvector's README proposes to begin with.
                ([], VectorMethod::Ivfflat) => vec![self.lists.isqrt().max(DEFAULT_PROBES)],
                _ => self.efforts(),
            };
            settings
                .extend(efforts.into_iter().map(|effort| Setting { effort, rerank: Some(rerank) }));
        }
        settings
    }

    fn efforts(&self) -> Vec<u32> {
        let mut efforts = match (self.efforts, self.method) {
            ([], VectorMethod::Hnsw) => self.usual_ef_search(),
            ([], VectorMethod::Ivfflat) => self.usual_probes(),
            (asked, _) => asked.to_vec(),
        };
        efforts.sort_unstable();
        efforts.dedup();
        efforts
    }

    /// Fewer candidates than rows that are wanted find fewer rows; the default is always of interest.
    fn usual_ef_search(&self) -> Vec<u32> {
        let enough = |it: &u32| *it >= self.k || *it == DEFAULT_EF_SEARCH || *it == MOST_EF_SEARCH;
        EF_SEARCH.into_iter().filter(enough).collect()
    }

    /// Powers of two up to all lists.
    fn usual_probes(&self) -> Vec<u32> {
        let doubled = std::iter::successors(Some(1_u32), |it| it.checked_mul(2));
        doubled.take_while(|it| *it < self.lists).chain([self.lists.max(1)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(method: VectorMethod, k: u32) -> Steps<'static> {
        Steps { method, lists: 20, k, is_reduced: false, efforts: &[], reranks: &[] }
    }

    fn efforts(steps: &Steps<'_>) -> Vec<u32> {
        steps.settings().iter().map(|it| it.effort).collect()
    }

    #[test]
    fn a_ladder_begins_at_what_finds_enough_rows() {
        let hnsw = |k| efforts(&steps(VectorMethod::Hnsw, k));
        assert_eq!(hnsw(10), [10, 20, 40, 80, 160, 320, 640, 1000]);
        assert_eq!(hnsw(100), [40, 160, 320, 640, 1000]);
        assert_eq!(hnsw(5000), [40, 1000]);
        assert_eq!(efforts(&steps(VectorMethod::Ivfflat, 10)), [1, 2, 4, 8, 16, 20]);
    }

    #[test]
    fn what_is_asked_for_is_all() {
        let asked = Steps { efforts: &[80, 30, 80], ..steps(VectorMethod::Hnsw, 10) };
        assert_eq!(efforts(&asked), [30, 80]);
    }

    #[test]
    fn candidates_are_what_a_reduced_index_is_asked_for() {
        let reduced = Steps { is_reduced: true, ..steps(VectorMethod::Hnsw, 10) };
        let settings = reduced.settings();
        let pairs: Vec<_> = settings.iter().map(|it| (it.rerank, it.effort)).collect();
        let expected = [(1, 40), (2, 40), (4, 40), (10, 100), (20, 200), (40, 400)];
        assert_eq!(pairs, expected.map(|(rerank, effort)| (Some(rerank), effort)));
        let lists = Steps { method: VectorMethod::Ivfflat, ..reduced.clone() }.settings();
        assert!(lists.len() == 6 && lists.iter().all(|it| it.effort == 4), "{lists:?}");
        let both = Steps { efforts: &[100, 200], reranks: &[4], ..reduced };
        assert_eq!(both.settings().len(), 2);
    }
}
