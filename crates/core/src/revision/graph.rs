//! The graph of revisions: parents, dependencies, and walks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use thiserror::Error;

use super::Revision;
use super::chain::Chain;
use super::checksum::Checksum;
use super::id::RevisionId;

/// Revisions without contradiction: ids unique, parents present, no cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    revisions: BTreeMap<RevisionId, Node>,
    /// The revisions by the labels of their branches.
    labels: BTreeMap<String, RevisionId>,
    /// Parents and dependencies before those that need them; else by time and id.
    order: Vec<RevisionId>,
}

/// A revision with what follows from its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    revision: Revision,
    checksum: Checksum,
    chain: Chain,
    children: BTreeSet<RevisionId>,
    dependents: BTreeSet<RevisionId>,
}

/// A contradiction in a folder of revisions.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GraphError {
    /// Two files claim one id.
    #[error("revision `{id}` is in both {} and {}", first.display(), second.display())]
    Duplicate {
        /// The id.
        id: RevisionId,
        /// The file read first.
        first: PathBuf,
        /// The other file.
        second: PathBuf,
    },
    /// A parent that is in no file.
    #[error("{}: revises `{parent}`, which does not exist", path.display())]
    MissingParent {
        /// The file of the child.
        path: PathBuf,
        /// The parent.
        parent: RevisionId,
    },
    /// A dependency that is in no file.
    #[error("{}: depends on `{dependency}`, which does not exist", path.display())]
    MissingDependency {
        /// The file that depends.
        path: PathBuf,
        /// The dependency.
        dependency: RevisionId,
    },
    /// A label that stands in two files.
    #[error("{}: revision `{first}` already has label `{label}`", path.display())]
    RepeatedLabel {
        /// The label.
        label: String,
        /// The revision read first.
        first: RevisionId,
        /// The other file.
        path: PathBuf,
    },
    /// A label that is a revision's id.
    #[error("{}: label `{label}` is the id of a revision", path.display())]
    LabelIsId {
        /// The label.
        label: String,
        /// The file.
        path: PathBuf,
    },
    /// Revisions that come before themselves.
    #[error("cycle of revisions: {}", ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(" -> "))]
    Cycle {
        /// The way round, each followed by one that it builds on; the first stands again at the end.
        ids: Vec<RevisionId>,
    },
}

impl Graph {
    /// Puts revisions together.
    ///
    /// # Errors
    /// All contradictions at once.
    pub fn new(revisions: impl IntoIterator<Item = Revision>) -> Result<Self, Vec<GraphError>> {
        let mut errors = Vec::new();
        let revisions = by_id(revisions, &mut errors);
        find_missing(&revisions, &mut errors);
        let labels = by_label(&revisions, &mut errors);
        let order = match ordered(&revisions) {
            Ok(order) => order,
            Err(cycle) => {
                errors.push(cycle);
                Vec::new()
            }
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self { revisions: linked(revisions, &order), labels, order })
    }

    /// The revision of this id.
    #[must_use]
    pub fn get(&self, id: &RevisionId) -> Option<&Revision> {
        self.revisions.get(id).map(|it| &it.revision)
    }

    /// The checksum of a revision.
    #[must_use]
    pub fn checksum(&self, id: &RevisionId) -> Option<&Checksum> {
        self.revisions.get(id).map(|it| &it.checksum)
    }

    /// The chain of a revision.
    #[must_use]
    pub fn chain(&self, id: &RevisionId) -> Option<&Chain> {
        self.revisions.get(id).map(|it| &it.chain)
    }

    /// The revision that has this label.
    #[must_use]
    pub fn labelled(&self, label: &str) -> Option<&RevisionId> {
        self.labels.get(label)
    }

    /// All labels, sorted.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.keys().map(String::as_str)
    }

    /// All revisions, each after its parents and dependencies.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Revision> {
        self.order.iter().map(|id| &self.revisions[id].revision)
    }

    /// All ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &RevisionId> {
        self.revisions.keys()
    }

    /// Whether there is no revision.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// How many revisions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// The revisions that nothing builds on.
    #[must_use]
    pub fn heads(&self) -> Vec<&RevisionId> {
        self.order.iter().filter(|id| self.revisions[*id].children.is_empty()).collect()
    }

    /// The revisions that build on nothing.
    #[must_use]
    pub fn bases(&self) -> Vec<&RevisionId> {
        self.order.iter().filter(|id| self.parents(id).is_empty()).collect()
    }

    /// What a revision builds on.
    #[must_use]
    pub fn parents(&self, id: &RevisionId) -> &[RevisionId] {
        self.get(id).map_or(&[], |it| &it.header.parents)
    }

    /// The revisions that build on this one.
    pub fn children(&self, id: &RevisionId) -> impl Iterator<Item = &RevisionId> {
        self.revisions.get(id).into_iter().flat_map(|it| &it.children)
    }

    /// These revisions and all that must be applied before them.
    #[must_use]
    pub fn ancestors<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a RevisionId>,
    ) -> BTreeSet<RevisionId> {
        self.closure(ids, |it| {
            let header = &it.revision.header;
            header.parents.iter().chain(&header.depends)
        })
    }

    /// These revisions and all that must be reverted before them.
    #[must_use]
    pub fn descendants<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a RevisionId>,
    ) -> BTreeSet<RevisionId> {
        self.closure(ids, |it| it.children.iter().chain(&it.dependents))
    }

    /// These revisions and all that they build on. What they only depend on is left out.
    #[must_use]
    pub fn line_before<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a RevisionId>,
    ) -> BTreeSet<RevisionId> {
        self.closure(ids, |it| it.revision.header.parents.iter())
    }

    /// These revisions and all that build on them. What only depends on them is left out.
    #[must_use]
    pub fn line_after<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a RevisionId>,
    ) -> BTreeSet<RevisionId> {
        self.closure(ids, |it| it.children.iter())
    }

    /// The revisions that depend on this one.
    pub fn dependents(&self, id: &RevisionId) -> impl Iterator<Item = &RevisionId> {
        self.revisions.get(id).into_iter().flat_map(|it| &it.dependents)
    }

    /// What can be reached from these revisions, they included.
    fn closure<'a, 'g, I: Iterator<Item = &'g RevisionId>>(
        &'g self,
        ids: impl IntoIterator<Item = &'a RevisionId>,
        next: impl Fn(&'g Node) -> I,
    ) -> BTreeSet<RevisionId> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<_> = ids.into_iter().cloned().collect();
        while let Some(id) = waiting.pop() {
            let Some(node) = self.revisions.get(&id) else { continue };
            if found.insert(id) {
                waiting.extend(next(node).cloned());
            }
        }
        found
    }
}

type Revisions = BTreeMap<RevisionId, Revision>;

fn by_id(revisions: impl IntoIterator<Item = Revision>, errors: &mut Vec<GraphError>) -> Revisions {
    let mut sorted: Revisions = BTreeMap::new();
    for it in revisions {
        if let Some(first) = sorted.get(it.id()) {
            errors.push(GraphError::Duplicate {
                id: it.id().clone(),
                first: first.up.path.clone(),
                second: it.up.path.clone(),
            });
        } else {
            sorted.insert(it.id().clone(), it);
        }
    }
    sorted
}

fn find_missing(revisions: &Revisions, errors: &mut Vec<GraphError>) {
    for it in revisions.values() {
        let path = || it.up.path.clone();
        let missing = |id: &&RevisionId| !revisions.contains_key(*id);
        for parent in it.header.parents.iter().filter(missing) {
            errors.push(GraphError::MissingParent { path: path(), parent: parent.clone() });
        }
        for dependency in it.header.depends.iter().filter(missing) {
            let dependency = dependency.clone();
            errors.push(GraphError::MissingDependency { path: path(), dependency });
        }
    }
}

fn by_label(revisions: &Revisions, errors: &mut Vec<GraphError>) -> BTreeMap<String, RevisionId> {
    let mut labels: BTreeMap<String, RevisionId> = BTreeMap::new();
    for (id, revision) in revisions {
        let path = || revision.up.path.clone();
        for label in &revision.header.labels {
            let label = label.clone();
            if revisions.keys().any(|it| it.as_str() == label) {
                errors.push(GraphError::LabelIsId { label, path: path() });
            } else if let Some(first) = labels.get(&label) {
                let first = first.clone();
                errors.push(GraphError::RepeatedLabel { label, first, path: path() });
            } else {
                labels.insert(label, id.clone());
            }
        }
    }
    labels
}

/// The revisions of the folder that must come before this one.
fn predecessors<'a>(
    revisions: &'a Revisions,
    id: &RevisionId,
) -> impl Iterator<Item = &'a RevisionId> + use<'a> {
    revisions
        .get(id)
        .into_iter()
        .flat_map(|it| it.header.parents.iter().chain(&it.header.depends))
        .filter(|it| revisions.contains_key(*it))
}

/// Kahn's order, the oldest first among those that are free.
fn ordered(revisions: &Revisions) -> Result<Vec<RevisionId>, GraphError> {
    let mut successors: BTreeMap<&RevisionId, BTreeSet<&RevisionId>> = BTreeMap::new();
    let mut blocked: BTreeMap<&RevisionId, BTreeSet<&RevisionId>> = BTreeMap::new();
    for id in revisions.keys() {
        blocked.insert(id, predecessors(revisions, id).collect());
        for before in predecessors(revisions, id) {
            successors.entry(before).or_default().insert(id);
        }
    }
    let mut free: BTreeSet<_> = blocked
        .iter()
        .filter(|(_, before)| before.is_empty())
        .map(|(id, _)| (revisions[*id].header.created, *id))
        .collect();
    let mut order = Vec::new();
    while let Some((_, id)) = free.pop_first() {
        order.push(id.clone());
        blocked.remove(id);
        for after in successors.remove(id).unwrap_or_default() {
            let Some(before) = blocked.get_mut(after) else { continue };
            before.remove(id);
            if before.is_empty() {
                free.insert((revisions[after].header.created, after));
            }
        }
    }
    match blocked.keys().next() {
        None => Ok(order),
        Some(start) => Err(cycle(start, &blocked)),
    }
}

/// One cycle among revisions of which each waits for another: walking back from any of them must
/// come to a place twice.
fn cycle(start: &RevisionId, blocked: &BTreeMap<&RevisionId, BTreeSet<&RevisionId>>) -> GraphError {
    let mut way = vec![start.clone()];
    loop {
        let last = way.last().expect("the path starts with a revision");
        let next = blocked[last].first().expect("a blocked revision waits for another one");
        let seen = way.iter().position(|it| it == *next);
        way.push((*next).clone());
        if let Some(first) = seen {
            return GraphError::Cycle { ids: way.split_off(first) };
        }
    }
}

/// Computes checksums and chains, parents first, and the ways forward.
fn linked(mut revisions: Revisions, order: &[RevisionId]) -> BTreeMap<RevisionId, Node> {
    let mut nodes: BTreeMap<RevisionId, Node> = BTreeMap::new();
    for id in order {
        let revision = revisions.remove(id).expect("the order holds each revision once");
        let checksum = revision.checksum();
        let parents: Vec<_> = revision.header.parents.iter().map(|it| &nodes[it].chain).collect();
        // What stands for other revisions has their chain, and so have all that follow.
        let chain = match &revision.header.replaces {
            Some(chain) => chain.clone(),
            None => checksum.chain(&parents),
        };
        for parent in &revision.header.parents {
            let node = nodes.get_mut(parent).expect("parents come first");
            node.children.insert(id.clone());
        }
        for dependency in &revision.header.depends {
            let node = nodes.get_mut(dependency).expect("dependencies come first");
            node.dependents.insert(id.clone());
        }
        let (children, dependents) = (BTreeSet::new(), BTreeSet::new());
        nodes.insert(id.clone(), Node { revision, checksum, chain, children, dependents });
    }
    nodes
}

/// Graphs written by hand for tests.
#[cfg(test)]
pub(crate) mod sketch {
    use std::path::Path;

    use super::super::file::Header;
    use super::super::{Revision, SqlFile};
    use super::{Graph, GraphError};

    /// A graph from lines such as `c < a, b + d @ x`: c revises a and b, depends on d and has the
    /// label x. Every revision has a down file but those marked with `!`.
    pub(crate) fn graph(text: &str) -> Graph {
        try_graph(text).unwrap()
    }

    pub(crate) fn try_graph(text: &str) -> Result<Graph, Vec<GraphError>> {
        Graph::new(text.lines().map(str::trim).filter(|it| !it.is_empty()).map(revision))
    }

    fn revision(line: &str) -> Revision {
        let (line, irreversible) = match line.strip_suffix('!') {
            Some(line) => (line, true),
            None => (line, false),
        };
        let (line, labels) = line.split_once('@').unwrap_or((line, ""));
        let (line, depends) = line.split_once('+').unwrap_or((line, ""));
        let (id, parents) = line.split_once('<').unwrap_or((line, ""));
        let id = id.trim();
        let up = format!(
            "-- Revision: {id}\n-- Revises: {parents}\n-- Message: message of {id}\n\
             -- Depends: {depends}\n-- Labels: {labels}\n\nselect '{id}';\n"
        );
        let path = |kind: &str| Path::new("migrations").join(format!("{id}.{kind}.sql"));
        let down = SqlFile { path: path("down"), text: format!("select 'not {id}';\n") };
        Revision {
            header: Header::parse(&path("up"), &up).unwrap(),
            up: SqlFile { path: path("up"), text: up },
            down: (!irreversible).then_some(down),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sketch::{graph, try_graph};
    use super::*;

    fn id(text: &str) -> RevisionId {
        RevisionId::parse(text).unwrap()
    }

    fn joined<'a>(ids: impl IntoIterator<Item = &'a RevisionId>) -> String {
        ids.into_iter().map(RevisionId::as_str).collect::<Vec<_>>().join(" ")
    }

    const DIAMOND: &str = "
        m < l, r
        l < z
        r < z
        z
        other + l
    ";

    #[test]
    fn walks() {
        let graph = graph(DIAMOND);
        assert_eq!(joined(graph.iter().map(Revision::id)), "z l other r m");
        assert_eq!(joined(graph.heads()), "other m");
        assert_eq!(joined(graph.bases()), "z other");
        assert_eq!(joined(&graph.ancestors([&id("m")])), "l m r z");
        assert_eq!(joined(&graph.ancestors([&id("other")])), "l other z");
        assert_eq!(joined(&graph.descendants([&id("l")])), "l m other");
        assert_eq!(joined(graph.children(&id("z"))), "l r");
        assert_eq!(joined(&graph.ancestors([&id("nobody")])), "");
    }

    #[test]
    fn chains_follow_parents() {
        let (short, long) = (graph("b"), graph("a\nb < a"));
        assert_ne!(short.chain(&id("b")), long.chain(&id("b")));
        assert_eq!(graph(DIAMOND).chain(&id("m")), graph(DIAMOND).chain(&id("m")));
    }

    #[track_caller]
    fn check_errors(text: &str, expected: &[&str]) {
        let errors = try_graph(text).unwrap_err();
        assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn contradictions_are_told_together() {
        check_errors(
            "a < gone + lost\na\nb < c\nc < b\nd < c",
            &[
                "revision `a` is in both migrations/a.up.sql and migrations/a.up.sql",
                "migrations/a.up.sql: revises `gone`, which does not exist",
                "migrations/a.up.sql: depends on `lost`, which does not exist",
                "cycle of revisions: b -> c -> b",
            ],
        );
        check_errors(
            "a @ x, b\nb\nc @ x",
            &[
                "migrations/a.up.sql: label `b` is the id of a revision",
                "migrations/c.up.sql: revision `a` already has label `x`",
            ],
        );
        check_errors("a < a", &["cycle of revisions: a -> a"]);
        check_errors("a < b\nb + a", &["cycle of revisions: a -> b -> a"]);
    }
}
