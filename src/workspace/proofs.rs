//! Tests that need not be repeated because the files contain the result: proofs of revisions, and
//! of the declaration that agrees with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::SourceFile;
use crate::diff::not_nulls;
use crate::model::Schema;
use crate::model::fingerprint::canonical;
use crate::model::snapshot::Snapshot;
use crate::revision::Revision;
use crate::revision::consent::measured;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::loss::Losses;
use crate::revision::proof::{Proof, SCHEME, Seal};

use super::declare::wanted_versions;
use super::sources::Sources;
use super::{Workspace, texts};

/// How the files begin and end that say which declaration agrees with the revisions.
const PREFIX: &str = "schema.";
const SUFFIX: &str = ".proof";

/// What the proof of a revision rests on beside the revision.
struct Ground<'a> {
    graph: &'a Graph,
    /// The proofs that hold.
    proven: &'a BTreeMap<RevisionId, Proof>,
    circumstances: &'a [String],
}

impl Workspace {
    /// The revisions whose proofs hold, with what each leaves.
    #[must_use]
    pub fn proven(&self, graph: &Graph) -> BTreeMap<RevisionId, Proof> {
        let circumstances = self.sources.circumstances();
        let mut proven = BTreeMap::new();
        for revision in graph.iter() {
            let Some(proof) = &revision.header.proof else { continue };
            let ground = Ground { graph, proven: &proven, circumstances: &circumstances };
            let found = (&proof.leaves, &proof.losses);
            let again = self.sources.sealed(&ground, revision, &proof.engine, found);
            if again.as_ref() == Some(proof) {
                proven.insert(revision.id().clone(), proof.clone());
            }
        }
        proven
    }

    /// The proof of a revision that has run on top of those of a graph; None where one that it builds on
    /// has none.
    #[must_use]
    pub fn proof(
        &self,
        graph: &Graph,
        revision: &Revision,
        left: &Schema,
        losses: &Losses,
    ) -> Option<Proof> {
        let header = &revision.header;
        if graph.ancestors(header.parents.iter().chain(&header.depends)).len() != graph.len() {
            // What else is there is not of its making.
            return None;
        }
        let (engine, leaves) = (self.proving_engine()?, left_behind(left));
        let (proven, circumstances) = (self.proven(graph), self.sources.circumstances());
        let ground = Ground { graph, proven: &proven, circumstances: &circumstances };
        self.sources.sealed(&ground, revision, &engine, (&leaves, losses))
    }

    /// Proofs for the revisions that have none that holds, as far as it is known what they leave.
    #[must_use]
    pub fn proofs(
        &self,
        graph: &Graph,
        leaves: &BTreeMap<RevisionId, Seal>,
        losses: &BTreeMap<RevisionId, Losses>,
    ) -> Vec<(RevisionId, Proof)> {
        let Some(engine) = self.proving_engine() else { return Vec::new() };
        let (mut proven, circumstances) = (self.proven(graph), self.sources.circumstances());
        let mut new = Vec::new();
        for revision in graph.iter() {
            let id = revision.id();
            let found = leaves.get(id).zip(losses.get(id));
            let Some(found) = found.filter(|_| !proven.contains_key(id)) else { continue };
            let ground = Ground { graph, proven: &proven, circumstances: &circumstances };
            if let Some(proof) = self.sources.sealed(&ground, revision, &engine, found) {
                proven.insert(id.clone(), proof.clone());
                new.push((id.clone(), proof));
            }
        }
        new
    }

    /// The engine that scratch databases are on, as a proof calls it; None before it is known. What makes one
    /// server differ from another of its version comes as the beginning of a hash.
    #[must_use]
    pub fn proving_engine(&self) -> Option<String> {
        let name = self.kept.engine()?;
        let Some((version, _)) = name.split_once('\n') else { return Some(name.to_owned()) };
        let version: Vec<&str> = version.split_whitespace().take(2).collect();
        Some(format!("{} ({})", version.join(" "), &Seal::of([name]).as_str()[..12]))
    }
}

impl Sources {
    /// The proof of a revision, over everything that a run of it depends on, and what came of it: what it
    /// leaves and what it loses. None where a revision that it builds on has no proof.
    fn sealed(
        &self,
        ground: &Ground<'_>,
        revision: &Revision,
        engine: &str,
        (leaves, losses): (&Seal, &Losses),
    ) -> Option<Proof> {
        let Ground { graph, proven, circumstances } = *ground;
        let header = &revision.header;
        let before: BTreeSet<&RevisionId> = header.parents.iter().chain(&header.depends).collect();
        let before = before.into_iter().map(|it| Some(proven.get(it)?.seal.to_string()));
        let mut before = before.collect::<Option<Vec<String>>>()?;
        // Not in the order of the ids, which a rename of the revisions would change.
        before.sort();
        // With the engine, the statements, the consent and the values of variables.
        let measured = measured(graph, revision, engine, losses, &self.settings.variables)?;
        let own = [SCHEME, leaves.as_str(), measured.as_str()].map(str::to_owned).into_iter();
        let parts = own.chain(circumstances.iter().cloned()).chain([String::new()]);
        let seal = Seal::of(parts.chain(before));
        let (engine, leaves, losses) = (engine.to_owned(), leaves.clone(), losses.clone());
        Some(Proof { engine, leaves, losses, measured, seal })
    }
}

impl Workspace {
    /// Whether a file beside the revisions says that these files declare what the only head leaves.
    #[must_use]
    pub fn agreed_by_proof(&self, files: &[SourceFile], graph: &Graph) -> bool {
        let Some(line) = self.agreement_line(files, graph) else { return false };
        let folders = self.sources.settings.migrations.directories.value.iter();
        let found = folders.flat_map(|it| proof_files(it));
        found.filter_map(|it| fs::read_to_string(it).ok()).any(|it| it.lines().any(|it| it == line))
    }

    /// Whether the objects of a database are, to the letter, those that the only head is proved to leave.
    #[must_use]
    pub fn is_left_by_proof(&self, graph: &Graph, live: &Snapshot) -> bool {
        let [head] = graph.heads()[..] else { return false };
        let Some(proof) = self.proven(graph).remove(head) else { return false };
        let mut schema = live.schema.clone();
        wanted_versions(&mut schema, None);
        not_nulls::forget(&mut schema);
        proof.leaves == left_behind(&schema)
    }

    /// Says so in a file, which takes the place of the one before. Its name differs with what it says, and
    /// nothing in it is like in another one, which git would take for the same file with another name: so
    /// two branches that are merged have two files instead of a conflict.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_agreement(&self, files: &[SourceFile], graph: &Graph) -> io::Result<()> {
        let Some(line) = self.agreement_line(files, graph) else { return Ok(()) };
        let Some(folder) = self.sources.settings.migrations.directories.value.first() else {
            return Ok(());
        };
        let name = format!("{PREFIX}{}{SUFFIX}", &line[..12]);
        fs::write(folder.join(&name), format!("{line}\n"))?;
        for file in proof_files(folder) {
            if file.file_name().is_some_and(|it| *it != *name) {
                fs::remove_file(file)?;
            }
        }
        Ok(())
    }

    fn agreement_line(&self, files: &[SourceFile], graph: &Graph) -> Option<String> {
        let [head] = graph.heads()[..] else { return None };
        let proof = self.proven(graph).remove(head)?;
        let grants = if self.database().grants.value { "grants" } else { "" };
        let own = [SCHEME, "declaration", proof.engine.as_str(), grants].map(str::to_owned);
        let texts = texts(files).map(str::to_owned);
        let key = Seal::of(own.into_iter().chain(self.sources.circumstances()).chain(texts));
        Some(format!("{key} {}", proof.leaves))
    }
}

impl Sources {
    /// The settings on which it depends beside the files what is read of a database after they have run.
    pub(super) fn circumstances(&self) -> Vec<String> {
        let database = self.database();
        let mut all = vec![
            self.settings.migrations.ledger_schema.as_str().to_owned(),
            self.search_path().to_string(),
        ];
        all.extend(database.exclude.iter().cloned());
        all.push(String::new());
        all.extend(database.include.iter().cloned());
        all.push(String::new());
        all.extend(database.namespaces.iter().flat_map(|it| it.iter().cloned()));
        all.push(String::new());
        let provided = self.provided();
        if !provided.is_empty() {
            let text = serde_json::to_string(provided);
            all.push(text.expect("names and objects are plain data"));
        }
        all
    }
}

/// The objects of a database, privileges included. Where columns stand is no difference.
pub(super) fn left_behind(schema: &Schema) -> Seal {
    Seal::of(schema.iter().map(|(_, object)| canonical(object)))
}

fn proof_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_proof = |name: &str| name.starts_with(PREFIX) && name.ends_with(SUFFIX);
    entries.filter(|it| is_proof(&it.file_name().to_string_lossy())).map(|it| it.path()).collect()
}
