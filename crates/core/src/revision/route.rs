//! The route from the applied revisions to a target: which revisions to apply, or to revert.

use std::collections::BTreeSet;

use super::graph::Graph;
use super::id::RevisionId;
use super::target::{Target, TargetError, TargetPlace, Word};

/// Why a database cannot be downgraded to a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// The target names no place.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A downgrade to a revision that the database never had.
    #[error("revision `{id}` is not applied")]
    NotApplied {
        /// The target.
        id: RevisionId,
    },
}

/// How far a database is from where it shall stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Displaced {
    /// What it has and shall not have.
    pub surplus: Vec<RevisionId>,
    /// What it shall have.
    pub missing: Vec<RevisionId>,
}

type Ids = BTreeSet<RevisionId>;

impl Graph {
    /// What to apply to a database that has the revisions `here`, to come to the targets. In the
    /// order of the graph.
    ///
    /// # Errors
    /// When a target names no place, or lies behind.
    pub fn route_up(&self, here: &Ids, targets: &[Target]) -> Result<Vec<RevisionId>, TargetError> {
        let mut wanted = Ids::new();
        for target in targets {
            let ends = match steps(target) {
                Some(count @ 0..) => self.steps_up(here, count.unsigned_abs(), target)?,
                None if target.place != TargetPlace::Word(Word::Base, 0) => {
                    self.find(target, Some(here))?
                }
                Some(_) | None => return Err(wrong_direction(target, "upgrade")),
            };
            wanted.extend(self.ancestors(&ends));
        }
        Ok(self.sorted(|it| wanted.contains(it) && !here.contains(it)))
    }

    /// What to revert from a database that has the revisions `here`, to come to the targets. The
    /// last of the graph first.
    ///
    /// # Errors
    /// When a target names no place, lies ahead, or is not in the database.
    pub fn route_down(
        &self,
        here: &Ids,
        targets: &[Target],
    ) -> Result<Vec<RevisionId>, RouteError> {
        let (mut unwanted, mut kept) = (Ids::new(), Ids::new());
        for target in targets {
            match steps(target) {
                Some(count @ ..=0) => {
                    let last = self.steps_down(here, count.unsigned_abs(), target)?;
                    unwanted.extend(self.descendants(&last));
                }
                Some(_) => return Err(wrong_direction(target, "downgrade").into()),
                None => {
                    let ends = self.find(target, Some(here))?;
                    if let Some(id) = ends.iter().find(|it| !here.contains(it)) {
                        return Err(RouteError::NotApplied { id: id.clone() });
                    }
                    unwanted.extend(self.descendants(&self.first_after(&ends, target)?));
                    kept.extend(self.ancestors(&ends));
                }
            }
        }
        let mut way =
            self.sorted(|it| unwanted.contains(it) && here.contains(it) && !kept.contains(it));
        way.reverse();
        Ok(way)
    }

    /// What a database that has the revisions `here` has too many, and what it lacks, to stand at the
    /// targets and nowhere beyond them. Other branches are left as they are. In the order of the
    /// graph.
    ///
    /// # Errors
    /// When a target names no place.
    pub fn displaced(&self, here: &Ids, targets: &[Target]) -> Result<Displaced, TargetError> {
        let (mut after, mut wanted) = (Ids::new(), Ids::new());
        for target in targets {
            let ends = self.find(target, Some(here))?;
            after.extend(self.descendants(&self.first_after(&ends, target)?));
            wanted.extend(self.ancestors(&ends));
        }
        Ok(Displaced {
            surplus: self
                .sorted(|it| here.contains(it) && after.contains(it) && !wanted.contains(it)),
            missing: self.sorted(|it| wanted.contains(it) && !here.contains(it)),
        })
    }

    /// The first revisions after a place, on the target's branch where it has one.
    fn first_after(&self, ends: &[RevisionId], target: &Target) -> Result<Ids, TargetError> {
        let lineage = target.branch.as_deref().map(|it| self.lineage(it)).transpose()?;
        let next: Vec<&RevisionId> = match ends {
            [] => self.bases(),
            ends => ends.iter().flat_map(|it| self.children(it)).collect(),
        };
        let on_branch = |id: &RevisionId| lineage.as_ref().is_none_or(|it| it.contains(id));
        Ok(next.into_iter().filter(|it| on_branch(it)).cloned().collect())
    }

    /// The next so many revisions that are not in the database.
    fn steps_up(
        &self,
        here: &Ids,
        count: u64,
        target: &Target,
    ) -> Result<Vec<RevisionId>, TargetError> {
        let line = self.line_of(target)?;
        let open = self.sorted(|it| line.contains(it) && !here.contains(it));
        let (before, after) = (|id: &_| self.ancestors([id]), |id: &_| self.descendants([id]));
        first(open, count, Closures { before: &before, after: &after }, target)
    }

    /// The last so many revisions that are in the database.
    fn steps_down(
        &self,
        here: &Ids,
        count: u64,
        target: &Target,
    ) -> Result<Vec<RevisionId>, TargetError> {
        let line = self.line_of(target)?;
        let mut open = self.sorted(|it| line.contains(it) && here.contains(it));
        open.reverse();
        let (before, after) = (|id: &_| self.descendants([id]), |id: &_| self.ancestors([id]));
        first(open, count, Closures { before: &before, after: &after }, target)
    }

    /// The revisions that a target's steps count: those of its branch, or all.
    fn line_of(&self, target: &Target) -> Result<Ids, TargetError> {
        match &target.branch {
            Some(branch) => self.lineage(branch),
            None => Ok(self.ids().cloned().collect()),
        }
    }

    fn sorted(&self, wanted: impl Fn(&RevisionId) -> bool) -> Vec<RevisionId> {
        self.iter().map(super::Revision::id).filter(|it| wanted(it)).cloned().collect()
    }
}

/// The steps of a target that counts from where the database is.
fn steps(target: &Target) -> Option<i64> {
    match target.place {
        TargetPlace::Relative(steps) => Some(steps),
        TargetPlace::Word(Word::Current, steps) => Some(steps),
        TargetPlace::Word(..) | TargetPlace::Name(_) => None,
    }
}

/// Which way the closures of [`Graph`] lead.
#[derive(Clone, Copy)]
struct Closures<'a> {
    /// A revision and all that must be taken before it.
    before: &'a dyn Fn(&RevisionId) -> Ids,
    /// A revision and all that can only be taken after it.
    after: &'a dyn Fn(&RevisionId) -> Ids,
}

/// The first so many revisions of `order`, in which each stands after all that must be taken before
/// it. There must be but one way to choose them.
fn first(
    order: Vec<RevisionId>,
    count: u64,
    closures: Closures<'_>,
    target: &Target,
) -> Result<Vec<RevisionId>, TargetError> {
    let available = order.len();
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count > available {
        return Err(TargetError::TooFar { text: target.to_string(), available });
    }
    let (chosen, rest) = order.split_at(count);
    // A revision that was chosen and that no other needs could give its place to ...
    let mut needed = Ids::new();
    for id in chosen.iter().rev() {
        if !needed.contains(id) {
            needed.extend((closures.before)(id).into_iter().filter(|it| it != id));
        }
    }
    let replaceable: Vec<_> = chosen.iter().filter(|it| !needed.contains(*it)).collect();
    // ... one that was not, that could be taken now, and that is not after all of those.
    let after = replaceable.iter().map(|it| (closures.after)(it));
    let mut later = after.reduce(|a, b| &a & &b).unwrap_or_default();
    let mut others = Vec::new();
    for id in rest {
        if !later.contains(id) {
            others.push(id);
            later.extend((closures.after)(id));
        }
    }
    if others.is_empty() || chosen.is_empty() {
        return Ok(chosen.to_vec());
    }
    let mut candidates: Vec<_> =
        replaceable.into_iter().chain(others).map(ToString::to_string).collect();
    candidates.sort_unstable();
    Err(TargetError::Fork { text: target.to_string(), candidates })
}

fn wrong_direction(target: &Target, command: &'static str) -> TargetError {
    TargetError::WrongWay { text: target.to_string(), command }
}

#[cfg(test)]
mod tests {
    use super::super::graph::sketch::graph;
    use super::*;

    /// Shapes of graphs, and for each what targets mean there.
    const CASES: &str = include_str!("../../../../tests/cases/targets.txt");

    /// One line of a case: `upgrade [z l] head = r m -> m`, that is command, what the database has
    /// (with all before it), targets, the way, and where that leads; or `= ` and an error.
    struct Line<'a> {
        text: &'a str,
        command: &'a str,
        here: Ids,
        targets: Vec<Target>,
        expected: &'a str,
    }

    impl<'a> Line<'a> {
        fn parse(graph: &Graph, text: &'a str) -> Self {
            let (words, expected) = text.split_once(" = ").unwrap();
            let (command, words) = words.split_once(" [").unwrap();
            let (here, targets) = words.split_once(']').unwrap();
            let tips: Vec<_> = here.split_whitespace().map(|it| graph.named(it).unwrap()).collect();
            Self {
                text,
                command: command.trim(),
                here: graph.ancestors(tips),
                targets: targets.split_whitespace().map(|it| Target::parse(it).unwrap()).collect(),
                expected: expected.trim(),
            }
        }

        fn found(&self, graph: &Graph) -> String {
            let (way, after) = match self.command {
                "upgrade" => match graph.route_up(&self.here, &self.targets) {
                    Ok(way) => (way.clone(), self.here.iter().chain(&way).cloned().collect()),
                    Err(error) => return error.to_string(),
                },
                "downgrade" => match graph.route_down(&self.here, &self.targets) {
                    Ok(way) => {
                        let left = self.here.iter().filter(|it| !way.contains(it));
                        (way.clone(), left.cloned().collect::<Ids>())
                    }
                    Err(error) => return error.to_string(),
                },
                other => panic!("no command {other}"),
            };
            assert!(graph.ancestors(&after) == after, "{}: something is missing", self.text);
            let joined = |ids: Vec<&RevisionId>| {
                ids.into_iter().map(RevisionId::as_str).collect::<Vec<_>>().join(" ")
            };
            let tips = joined(graph.tips(&after).collect());
            let tips = if tips.is_empty() { "base" } else { &tips };
            format!("{} -> {tips}", joined(way.iter().collect())).trim_start().to_owned()
        }
    }

    #[test]
    fn ways() {
        let mut wrong = Vec::new();
        let mut lines = 0;
        for case in CASES.split("\n== ").skip(1) {
            let is_line = |it: &&str| it.starts_with("upgrade") || it.starts_with("downgrade");
            let body = case.split_once('\n').map_or("", |it| it.1);
            let sketched = |it: &&str| !is_line(it) && !it.starts_with('#');
            let graph = graph(&body.lines().filter(sketched).collect::<Vec<_>>().join("\n"));
            for text in body.lines().filter(is_line) {
                lines += 1;
                let line = Line::parse(&graph, text);
                let found = line.found(&graph);
                if found != line.expected {
                    wrong.push(format!("{text}\n    found {found}"));
                }
            }
        }
        assert!(lines > 100, "only {lines} lines were read");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
