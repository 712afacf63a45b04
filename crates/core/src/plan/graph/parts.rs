//! Statements that are split into parts: the nodes of the parts, and their order.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::object::ObjectKind;
use crate::plan::graph::base::Graph;
use crate::plan::graph::key::Key;
use crate::plan::online::{At, Parts, Stage, parts};
use crate::plan::statement::Statement;

/// What is done to each object.
pub(in crate::plan) type Nodes = BTreeMap<Key, Vec<Statement>>;
/// What comes before what.
pub(in crate::plan) type Edges = BTreeSet<(Key, Key)>;

impl Graph<'_> {
    /// Splits the statements that have a form without a wait. Each part has a node of its own;
    /// what needs an object waits for the part in its place, and what stands on a column for the last.
    pub(in crate::plan) fn take_apart(&self, nodes: Nodes, edges: Edges) -> (Nodes, Edges) {
        let site = self.site;
        let mut apart = Nodes::new();
        let mut chains: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
        for (own, statements) in nodes {
            let mut chain = BTreeSet::from([own.clone()]);
            apart.entry(own.clone()).or_default();
            // What is said of a constraint or an index that comes later comes after it.
            let mut rest = At::Own;
            for statement in statements {
                let parts: Parts =
                    parts(&site, &own.id, &statement).unwrap_or_else(|| vec![(rest, statement)]);
                if is_key_or_index(&own) && parts.iter().all(|it| it.0 != At::Own) {
                    rest = parts.last().map_or(rest, |it| it.0);
                }
                for (at, part) in parts {
                    let key = match at {
                        At::Own => own.clone(),
                        At::Stage(stage) => Key { stage, ..own.clone() },
                    };
                    apart.entry(key.clone()).or_default().push(part);
                    chain.insert(key);
                }
            }
            if chain.len() > 1 {
                chains.insert(own, chain.into_iter().collect());
            }
        }
        let mut edges = edges;
        lead_around(&apart, &chains, &mut edges);
        (apart, edges)
    }
}

/// The parts of a statement follow one another, and those after its place come after all that comes
/// before it.
fn lead_around(nodes: &Nodes, chains: &BTreeMap<Key, Vec<Key>>, edges: &mut Edges) {
    let mut more = Edges::new();
    for chain in chains.values() {
        more.extend(chain.iter().zip(chain.iter().skip(1)).map(|(a, b)| (a.clone(), b.clone())));
    }
    for (before, after) in edges.iter() {
        let Some(last) = chains.get(before).and_then(|it| it.last()) else { continue };
        // Where nothing is left in its place, all of it comes later.
        let is_later = nodes.get(before).is_none_or(Vec::is_empty) && is_key_or_index(after);
        if is_later || waits_for_all(last, after) {
            more.insert((last.clone(), after.clone()));
        }
    }
    edges.extend(more);
}

/// Whether something waits for the last part of another: an index or a constraint over a column, and
/// what is given up.
fn waits_for_all(last: &Key, after: &Key) -> bool {
    let over_column = last.id.kind == ObjectKind::Column && is_key_or_index(after);
    last.stage > Stage::Change && (over_column || after.stage == Stage::GiveUp)
}

fn is_key_or_index(key: &Key) -> bool {
    matches!(key.id.kind, ObjectKind::Index | ObjectKind::Constraint)
}
