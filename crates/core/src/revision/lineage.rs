//! Resolves ids, labels, branches, and relative targets to revisions.
//!
//! A branch is named by a label, or by any of its revisions. It consists of that revision, its
//! ancestors and its descendants. Dependencies (`Depends`) connect branches and belong to none.

use std::collections::BTreeSet;

use super::graph::Graph;
use super::id::RevisionId;
use super::target::{Range, Target, TargetError, TargetPlace, Word, offset};
use crate::diagnostic::nearest::nearest;

/// The revisions that a database has; None where none is asked.
pub type Here<'a> = Option<&'a BTreeSet<RevisionId>>;

/// A place between revisions: after one of them, or None before the first.
type Stop<'a> = Option<&'a RevisionId>;

impl Graph {
    /// The only head; None where there is no revision.
    ///
    /// # Errors
    /// When there are several.
    pub fn head(&self) -> Result<Option<&RevisionId>, TargetError> {
        self.only_head(None, self.heads())
    }

    fn only_head<'a>(
        &self,
        branch: Option<&str>,
        heads: Vec<&'a RevisionId>,
    ) -> Result<Option<&'a RevisionId>, TargetError> {
        match heads.as_slice() {
            [] => Ok(None),
            [head] => Ok(Some(head)),
            _ => Err(TargetError::SeveralHeads {
                branch: branch.map(str::to_owned),
                heads: heads.into_iter().cloned().collect(),
            }),
        }
    }

    /// The revision of this id, label, or beginning of an id.
    ///
    /// # Errors
    /// When there is none, or several ids begin so.
    pub fn named(&self, text: &str) -> Result<&RevisionId, TargetError> {
        let mut candidates = Vec::new();
        for id in self.ids().filter(|it| it.as_str().starts_with(text)) {
            if id.as_str() == text {
                return Ok(id);
            }
            candidates.push(id);
        }
        if let Some(labelled) = self.labelled(text) {
            return Ok(labelled);
        }
        match candidates.as_slice() {
            [only] => Ok(only),
            [] => {
                let names = self.ids().map(RevisionId::as_str).chain(self.labels());
                let nearest = nearest(text, names).map(str::to_owned);
                Err(TargetError::Unknown { text: text.to_owned(), nearest })
            }
            _ => Err(TargetError::Ambiguous {
                text: text.to_owned(),
                candidates: candidates.into_iter().cloned().collect(),
            }),
        }
    }

    /// The revisions of a branch.
    ///
    /// # Errors
    /// When its name names no revision.
    pub fn lineage(&self, branch: &str) -> Result<BTreeSet<RevisionId>, TargetError> {
        let id = self.named(branch)?;
        let mut lineage = self.line_before([id]);
        lineage.extend(self.line_after([id]));
        Ok(lineage)
    }

    /// The revisions that a target names: several for `heads` and `current`, none for `base`.
    ///
    /// # Errors
    /// When it names none, or could mean several.
    pub fn find(&self, target: &Target, here: Here<'_>) -> Result<Vec<RevisionId>, TargetError> {
        let (stops, steps) = self.stops(target, here)?;
        if steps != 0 && stops.len() > 1 {
            let name = |it: &Stop<'_>| it.map_or_else(|| "base".to_owned(), ToString::to_string);
            let candidates = stops.iter().map(name).collect();
            return Err(TargetError::Fork { text: target.to_string(), candidates });
        }
        Ok(stops.into_iter().flatten().cloned().collect())
    }

    /// The places that a target names on all ways at once, and the steps that it takes. Where ways
    /// part and meet again there is one end.
    fn stops<'a>(
        &'a self,
        target: &Target,
        here: Here<'a>,
    ) -> Result<(BTreeSet<Stop<'a>>, i64), TargetError> {
        let lineage = target.branch.as_deref().map(|it| self.lineage(it)).transpose()?;
        let on_branch = |id: &RevisionId| lineage.as_ref().is_none_or(|it| it.contains(id));
        let unplaced = || TargetError::NoDatabase { text: target.to_string() };
        let (mut stops, steps): (BTreeSet<Stop<'_>>, i64) = match &target.place {
            TargetPlace::Word(Word::Base, steps) => ([None].into(), *steps),
            TargetPlace::Word(Word::Head, steps) => {
                let heads = self.heads().into_iter().filter(|it| on_branch(it)).collect();
                let head = self.only_head(target.branch.as_deref(), heads)?;
                (head.into_iter().map(Some).collect(), *steps)
            }
            TargetPlace::Word(Word::Heads, steps) => {
                (self.heads().into_iter().filter(|it| on_branch(it)).map(Some).collect(), *steps)
            }
            TargetPlace::Word(Word::Current, steps) | TargetPlace::Relative(steps) => {
                let tips = self.tips(here.ok_or_else(unplaced)?);
                (tips.filter(|it| on_branch(it)).map(Some).collect(), *steps)
            }
            TargetPlace::Name(text) => {
                let (id, steps) = self.named_with_steps(text)?;
                if !on_branch(id) {
                    let branch = target.branch.clone().unwrap_or_default();
                    return Err(TargetError::OffBranch { id: id.clone(), branch });
                }
                ([Some(id)].into(), steps)
            }
        };
        if stops.is_empty() {
            stops.insert(None);
        }
        for taken in 0..steps.unsigned_abs() {
            let next: BTreeSet<Stop<'a>> =
                stops.iter().flat_map(|it| self.next_stops(*it, steps > 0, &on_branch)).collect();
            if next.is_empty() {
                let available = usize::try_from(taken).unwrap_or(usize::MAX);
                return Err(TargetError::TooFar { text: target.to_string(), available });
            }
            stops = next;
        }
        Ok((stops, steps))
    }

    /// The one revision that a target names; None for `base`.
    ///
    /// # Errors
    /// When it names none, or could mean several.
    pub fn find_one(
        &self,
        target: &Target,
        here: Here<'_>,
    ) -> Result<Option<RevisionId>, TargetError> {
        let mut ids = self.find(target, here)?;
        match ids.len() {
            0 | 1 => Ok(ids.pop()),
            _ => Err(TargetError::Several { text: target.to_string(), ids }),
        }
    }

    /// The revisions of a range, its ends among them. Steps may end at several revisions here, and
    /// one that begins too far back begins at the first revision.
    ///
    /// # Errors
    /// When an end names no place.
    pub fn range(
        &self,
        range: &Range,
        here: Here<'_>,
    ) -> Result<BTreeSet<RevisionId>, TargetError> {
        let from = range.from.as_ref().unwrap_or(&Target::BASE);
        let to = range.to.as_ref().unwrap_or(&Target::HEADS);
        let named = |stops: &BTreeSet<Stop<'_>>| -> BTreeSet<RevisionId> {
            stops.iter().copied().flatten().cloned().collect()
        };
        let relative = |it: &Target| matches!(it.place, TargetPlace::Relative(_));
        let (first, last) = if relative(from) {
            let last = named(&self.stops(to, here)?.0);
            match self.stops(from, Some(&self.ancestors(&last))) {
                Err(TargetError::TooFar { .. }) => (None, last),
                found => (lowest(&found?.0), last),
            }
        } else {
            let (stops, _) = self.stops(from, here)?;
            let before = self.ancestors(&named(&stops));
            let here = if relative(to) { Some(&before) } else { here };
            (lowest(&stops), named(&self.stops(to, here)?.0))
        };
        let mut within = self.line_before(&last);
        if let Some(from) = first {
            let after = self.line_after(&from);
            within.retain(|it| after.contains(it));
        }
        Ok(within)
    }

    /// The revisions among these that none of them builds on.
    pub fn tips<'a>(
        &'a self,
        ids: &'a BTreeSet<RevisionId>,
    ) -> impl Iterator<Item = &'a RevisionId> {
        ids.iter().filter(|id| !self.children(id).any(|child| ids.contains(child)))
    }

    /// A revision, and the steps from it: the whole text may be the name, as ids may hold `-`.
    fn named_with_steps(&self, text: &str) -> Result<(&RevisionId, i64), TargetError> {
        match (self.named(text), offset(text)) {
            (Err(TargetError::Unknown { .. }), Some((start, steps))) => {
                Ok((self.named(start)?, steps))
            }
            (found, _) => Ok((found?, 0)),
        }
    }

    fn next_stops<'a>(
        &'a self,
        stop: Stop<'a>,
        up: bool,
        on_branch: &dyn Fn(&RevisionId) -> bool,
    ) -> Vec<Stop<'a>> {
        let ids: Vec<&RevisionId> = match (stop, up) {
            (None, true) => self.bases(),
            (None, false) => return Vec::new(),
            (Some(id), true) => self.children(id).collect(),
            (Some(id), false) if self.parents(id).is_empty() => return vec![None],
            (Some(id), false) => self.parents(id).iter().collect(),
        };
        ids.into_iter().filter(|it| on_branch(it)).map(Some).collect()
    }
}

/// Where a range begins; None for the first revision.
fn lowest(stops: &BTreeSet<Stop<'_>>) -> Option<BTreeSet<RevisionId>> {
    stops.iter().map(|it| it.cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::graph::sketch::graph;
    use super::*;

    const GRAPH: &str = "
        a1
        a2 < a1
        a2-1 < a2
        b < a2-1
        c1 < b @ left
        c2 < b
        d < c1, c2
        e < d
        other @ apart
        other2 < other + c1
    ";

    fn shown(result: Result<Vec<RevisionId>, TargetError>) -> String {
        match result {
            Ok(ids) => ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let graph = graph(GRAPH);
        let here = graph.ancestors([graph.named("c1").unwrap()]);
        assert_eq!(shown(graph.find(&Target::parse(text).unwrap(), Some(&here))), expected);
    }

    #[test]
    fn names() {
        check("a2", "a2");
        check("oth", "`oth` is an ambiguous prefix of `other`, `other2`");
        check("left", "c1");
        check("a2-1", "a2-1");
        check("x", "no revision `x`");
        check("lefft", "no revision `lefft`");
        check("apart@b", "revision `b` is not on branch `apart`");
        check("apart@other2", "other2");
        check("nowhere@head", "no revision `nowhere`");
    }

    #[test]
    fn steps() {
        check("a1+1", "a2");
        check("a1+3", "b");
        check("b-2", "a2");
        check("a2-1-1", "a2");
        check("b-0", "b");
        check("x+1", "no revision `x`");
        check("b+1", "`b+1` is ambiguous: `c1`, `c2`");
        check("left@b+1", "c1");
        check("b+2", "d");
        check("d-1", "`d-1` is ambiguous: `c1`, `c2`");
        check("c2@d-1", "c2");
        check("d-2", "b");
        check("a1-1", "");
        check("a1-2", "`a1-2` is out of range: only 1 revision in that direction");
        check("e+1", "`e+1` is out of range: no revision in that direction");
    }

    #[test]
    fn words() {
        check("base", "");
        check("base+1", "`base+1` is ambiguous: `a1`, `other`");
        check("apart@base+1", "other");
        check("head", "there are several heads: `e`, `other2`");
        check("heads", "e other2");
        check("left@head", "e");
        check("apart@heads", "other2");
        check("left@head-1", "d");
        check("left@head-3", "b");
        check("left@head+1", "`left@head+1` is out of range: no revision in that direction");
        check("current", "c1");
        check("current+1", "d");
        check("current-1", "b");
        check("apart@current", "");
        check("apart@current+1", "other");
        let away = graph(GRAPH).find(&Target::parse("current").unwrap(), None);
        assert!(matches!(away, Err(TargetError::NoDatabase { .. })));
    }

    #[test]
    fn heads() {
        assert_eq!(graph("").head(), Ok(None));
        assert_eq!(graph("a\nb < a").head().unwrap().unwrap().as_str(), "b");
        let error = graph("a\nb < a @ x\nc < a").head().unwrap_err();
        assert_eq!(error.to_string(), "there are several heads: `b`, `c`");
        let graph = graph("a @ x\nb < a\nc < a");
        let error = graph.find(&Target::parse("x@head").unwrap(), None).unwrap_err();
        assert_eq!(error.to_string(), "there are several heads on branch `x`: `b`, `c`");
    }

    #[track_caller]
    fn check_range(text: &str, expected: &str) {
        let graph = graph(GRAPH);
        let here = graph.ancestors([graph.named("c1").unwrap()]);
        let found = graph.range(&Range::parse(text).unwrap(), Some(&here));
        assert_eq!(shown(found.map(|it| it.into_iter().collect())), expected);
    }

    #[test]
    fn ranges() {
        check_range(":", "a1 a2 a2-1 b c1 c2 d e other other2");
        check_range("a1:b", "a1 a2 a2-1 b");
        check_range("base:a2", "a1 a2");
        check_range("b:d", "b c1 c2 d");
        check_range("left:", "c1 d e");
        check_range(":current", "a1 a2 a2-1 b c1");
        check_range("current:", "c1 d e");
        check_range("a1:+2", "a1 a2 a2-1");
        check_range("-1:b", "a2-1 b");
        check_range("-2:current", "a2-1 b c1");
        check_range("-99:a2", "a1 a2");
        check_range("-1:d", "c1 c2 d");
        check_range("e:a1", "");
        check_range("apart@base:apart@head", "other other2");
        check_range("x:", "no revision `x`");
    }
}
