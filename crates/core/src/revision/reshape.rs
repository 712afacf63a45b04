//! Changes of the graph: moving a branch onto another head, and combining consecutive revisions.

use std::collections::BTreeSet;

use thiserror::Error;

use super::file::{Header, with_header};
use super::graph::Graph;
use super::id::RevisionId;
use super::{Revision, SqlFile};

/// Why a graph cannot be reshaped so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReshapeError {
    /// The head is on the branch that is to be moved, or the other way round.
    #[error("`{moved}` and `{onto}` are not on different branches")]
    SameLine {
        /// The head of what was to be moved.
        moved: RevisionId,
        /// Where to.
        onto: RevisionId,
    },
    /// A revision that is not to be moved builds on one that is.
    #[error("revision `{id}` revises `{on}`, which would be moved without it")]
    Torn {
        /// The revision.
        id: RevisionId,
        /// What it builds on.
        on: RevisionId,
    },
    /// A revision that is to stay builds on one in the middle.
    #[error("revision `{id}` revises `{on}`, which would be removed")]
    Orphaned {
        /// The revision.
        id: RevisionId,
        /// What it builds on.
        on: RevisionId,
    },
    /// A revision that is not the same in every database.
    #[error("revision `{id}` has variables, so it can build a different schema in each database")]
    Variables {
        /// The revision.
        id: RevisionId,
    },
    /// A dependency that leads out of the line.
    #[error("revision `{id}` depends on `{on}`, which is not one of the combined revisions")]
    Dependency {
        /// The revision.
        id: RevisionId,
        /// What it depends on.
        on: RevisionId,
    },
}

impl Graph {
    /// The revisions that are on the line of a head and not on that of another, in order.
    ///
    /// # Errors
    /// When there are none, or when others build on them.
    pub fn branch_of(
        &self,
        head: &RevisionId,
        onto: &RevisionId,
    ) -> Result<Vec<RevisionId>, ReshapeError> {
        let kept = self.line_before([onto]);
        let line = self.line_before([head]);
        let branch: BTreeSet<_> = line.iter().filter(|it| !kept.contains(it)).cloned().collect();
        if branch.is_empty() || line.contains(onto) {
            return Err(ReshapeError::SameLine { moved: head.clone(), onto: onto.clone() });
        }
        for id in &branch {
            if let Some(it) = self.children(id).find(|it| !branch.contains(it)) {
                return Err(ReshapeError::Torn { id: it.clone(), on: id.clone() });
            }
        }
        Ok(self.iter().map(Revision::id).filter(|it| branch.contains(it)).cloned().collect())
    }

    /// A branch with its first revisions on another one. Their fingerprints are not known any more.
    #[must_use]
    pub fn moved(&self, branch: &[RevisionId], onto: &RevisionId) -> Vec<Revision> {
        let revisions = branch.iter().filter_map(|id| self.get(id));
        let moved = revisions.map(|it| {
            let mut parents: Vec<RevisionId> =
                it.header.parents.iter().filter(|it| branch.contains(it)).cloned().collect();
            if parents.len() < it.header.parents.len() || parents.is_empty() {
                parents.push(onto.clone());
            }
            let header = Header { parents, fingerprint: None, proof: None, ..it.header.clone() };
            let text = with_header(&it.up.text, &header);
            let up = SqlFile { path: it.up.path.clone(), text };
            Revision { header, up, down: it.down.clone() }
        });
        moved.collect()
    }

    /// The revisions that would become one that stands in the place of the last of them, in order.
    ///
    /// # Errors
    /// When others need one in the middle.
    pub fn squashable(&self, last: &RevisionId) -> Result<Vec<RevisionId>, ReshapeError> {
        let line = self.line_before([last]);
        for id in &line {
            let header = self.get(id).map(|it| &it.header);
            if header.is_some_and(|it| !it.variables.is_empty()) {
                return Err(ReshapeError::Variables { id: id.clone() });
            }
            let depends = header.into_iter().flat_map(|it| &it.depends);
            if let Some(on) = depends.into_iter().find(|it| !line.contains(it)) {
                return Err(ReshapeError::Dependency { id: id.clone(), on: on.clone() });
            }
            let mut needing = self.children(id).chain(self.dependents(id));
            if let Some(it) = needing.find(|it| !line.contains(it))
                && id != last
            {
                return Err(ReshapeError::Orphaned { id: it.clone(), on: id.clone() });
            }
        }
        Ok(self.iter().map(Revision::id).filter(|it| line.contains(it)).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::sketch::graph;
    use super::*;

    fn id(text: &str) -> RevisionId {
        RevisionId::parse(text).unwrap()
    }

    fn shown<T: ToString>(result: Result<Vec<T>, ReshapeError>) -> String {
        match result {
            Ok(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn branches_are_moved() {
        let fork = graph("a\nb < a\nc < b\nx < a\ny < x, b\nz");
        let branch = |head: &str, onto: &str| shown(fork.branch_of(&id(head), &id(onto)));
        assert_eq!(branch("c", "y"), "c");
        assert_eq!(branch("y", "c"), "x y");
        assert_eq!(branch("z", "c"), "z");
        assert_eq!(branch("c", "b"), "`c` and `b` are not on different branches");
        assert_eq!(branch("a", "c"), "`a` and `c` are not on different branches");
        assert_eq!(branch("x", "c"), "revision `y` revises `x`, which would be moved without it");
        let moved = fork.moved(&[id("x"), id("y")], &id("c"));
        let headers: Vec<_> = moved.iter().map(|it| it.header.parents.clone()).collect();
        assert_eq!(headers, [vec![id("c")], vec![id("x"), id("c")]]);
        let up = &moved[0].up.text;
        assert!(up.starts_with("-- Revision: x\n-- Revises: c\n") && up.ends_with("select 'x';\n"));
    }

    #[test]
    fn lines_are_squashed() {
        let check = |text: &str, last: &str, expected: &str| {
            assert_eq!(shown(graph(text).squashable(&id(last))), expected);
        };
        check("a\nb < a\nc < b", "b", "a b");
        check("z\nl < z\nr < z\nm < l, r\nn < m", "m", "z l r m");
        check("a\nb < a\nc < a", "b", "revision `c` revises `a`, which would be removed");
        check("a\nb < a\nc + a", "b", "revision `c` revises `a`, which would be removed");
        check(
            "a\nb < a + x\nx",
            "b",
            "revision `b` depends on `x`, which is not one of the combined revisions",
        );
    }

    #[test]
    fn variables_are_not_frozen() {
        let mut revision = graph("a").get(&id("a")).unwrap().clone();
        let variable = super::super::variables::Variable::parse("x").unwrap();
        revision.header.variables.push(variable);
        let old = Graph::new([revision, graph("a\nb < a").get(&id("b")).unwrap().clone()]).unwrap();
        assert_eq!(old.squashable(&id("b")), Err(ReshapeError::Variables { id: id("a") }));
    }

    #[test]
    fn what_stands_for_others_has_their_chain() {
        let old = graph("a\nb < a\nc < b");
        let chain = old.chain(&id("b")).unwrap();
        let mut squashed = old.get(&id("b")).unwrap().clone();
        squashed.header.parents = Vec::new();
        squashed.header.replaces = Some(chain.clone());
        let new = Graph::new([squashed, old.get(&id("c")).unwrap().clone()]).unwrap();
        assert_eq!(new.chain(&id("c")), old.chain(&id("c")));
    }
}
