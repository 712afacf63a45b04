//! What need not be run again, for the files say that it was: proofs of revisions, and of the declaration
//! that agrees with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::SourceFile;
use crate::model::Schema;
use crate::model::fingerprint::canonical;
use crate::revision::Revision;
use crate::revision::file::{self, Header};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::proof::{Proof, SCHEME, Seal};

use super::{Workspace, texts};

/// How the files begin and end that say which declaration agrees with the revisions.
const PREFIX: &str = "schema.";
const SUFFIX: &str = ".proof";

impl Workspace {
    /// The revisions whose proofs hold, with what each leaves.
    #[must_use]
    pub fn proven(&self, graph: &Graph) -> BTreeMap<RevisionId, Proof> {
        let mut proven = BTreeMap::new();
        for revision in graph.iter() {
            let Some(proof) = &revision.header.proof else { continue };
            let seal = self.seal(graph, &proven, revision, &proof.engine, &proof.leaves);
            if seal.as_ref() == Some(&proof.seal) {
                proven.insert(revision.id().clone(), proof.clone());
            }
        }
        proven
    }

    /// The proof of a revision that has run on top of those of a graph; None where one that it builds on
    /// has none.
    #[must_use]
    pub fn proof(&self, graph: &Graph, revision: &Revision, left: &Schema) -> Option<Proof> {
        let header = &revision.header;
        if graph.ancestors(header.parents.iter().chain(&header.depends)).len() != graph.len() {
            // What else is there is not of its making.
            return None;
        }
        let (engine, leaves) = (self.proving_engine()?, left_behind(left));
        let seal = self.seal(graph, &self.proven(graph), revision, &engine, &leaves)?;
        Some(Proof { engine, leaves, seal })
    }

    /// Proofs for the revisions that have none that holds, as far as it is known what they leave.
    #[must_use]
    pub fn proofs(
        &self,
        graph: &Graph,
        leaves: &BTreeMap<RevisionId, Seal>,
    ) -> Vec<(RevisionId, Proof)> {
        let Some(engine) = self.proving_engine() else { return Vec::new() };
        let mut proven = self.proven(graph);
        let mut new = Vec::new();
        for revision in graph.iter().filter(|it| leaves.contains_key(it.id())) {
            let (id, leaves) = (revision.id().clone(), leaves[revision.id()].clone());
            if proven.contains_key(&id) {
                continue;
            }
            if let Some(seal) = self.seal(graph, &proven, revision, &engine, &leaves) {
                let proof = Proof { engine: engine.clone(), leaves, seal };
                proven.insert(id.clone(), proof.clone());
                new.push((id, proof));
            }
        }
        new
    }

    /// The engine that scratch databases are on, as a proof calls it; None before it is known. What makes one
    /// server differ from another of its version comes as the beginning of a hash.
    #[must_use]
    pub fn proving_engine(&self) -> Option<String> {
        let name = self.engine_name.get()?;
        let Some((version, _)) = name.split_once('\n') else { return Some(name.clone()) };
        let version: Vec<&str> = version.split_whitespace().take(2).collect();
        Some(format!("{} ({})", version.join(" "), &Seal::of([name]).as_str()[..12]))
    }

    /// Over everything that a run of the revision depends on, and what came of it.
    fn seal(
        &self,
        graph: &Graph,
        proven: &BTreeMap<RevisionId, Proof>,
        revision: &Revision,
        engine: &str,
        leaves: &Seal,
    ) -> Option<Seal> {
        let header = &revision.header;
        let before: BTreeSet<&RevisionId> = header.parents.iter().chain(&header.depends).collect();
        let before = before.into_iter().map(|it| Some(proven.get(it)?.seal.as_str().to_owned()));
        let mut before = before.collect::<Option<Vec<String>>>()?;
        // Ids of parents may change, as in a rebase; what they are does not.
        before.sort();
        let values = header.variables.iter().map(|it| {
            let value = self.settings.variables.get(&it.name);
            format!("{}={}", it.name, value.map_or("", String::as_str))
        });
        let known = graph.checksum(revision.id()).cloned();
        let checksum = known.unwrap_or_else(|| revision.checksum());
        let own = [SCHEME.to_owned(), engine.to_owned(), leaves.to_string(), checksum.statements()];
        let parts = own.into_iter().chain(self.circumstances()).chain([String::new()]);
        Some(Seal::of(parts.chain(before).chain([String::new()]).chain(values)))
    }

    /// Whether a file beside the revisions says that these files declare what the only head leaves.
    #[must_use]
    pub fn agreed_by_proof(&self, files: &[SourceFile], graph: &Graph) -> bool {
        let Some(line) = self.agreement_line(files, graph) else { return false };
        let folders = self.settings.migrations.directories.value.iter();
        let found = folders.flat_map(|it| proof_files(it));
        found.filter_map(|it| fs::read_to_string(it).ok()).any(|it| it.lines().any(|it| it == line))
    }

    /// Says so in a file, which takes the place of the one before. Its name differs with what it says, and
    /// nothing in it is like in another one, which git would take for the same file with another name: so
    /// two branches that are merged have two files instead of a conflict.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_agreement(&self, files: &[SourceFile], graph: &Graph) -> io::Result<()> {
        let Some(line) = self.agreement_line(files, graph) else { return Ok(()) };
        let Some(folder) = self.settings.migrations.directories.value.first() else {
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
        let key = Seal::of(own.into_iter().chain(self.circumstances()).chain(texts));
        Some(format!("{key} {}", proof.leaves))
    }

    /// What decides beside the files what comes of them.
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

/// A revision with another proof in its header.
#[must_use]
pub fn with_proof(revision: Revision, proof: Option<Proof>) -> Revision {
    let Revision { header, mut up, down } = revision;
    up.text = file::with_proof(&up.text, proof.as_ref());
    Revision { header: Header { proof, ..header }, up, down }
}

fn proof_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_proof = |name: &str| name.starts_with(PREFIX) && name.ends_with(SUFFIX);
    entries.filter(|it| is_proof(&it.file_name().to_string_lossy())).map(|it| it.path()).collect()
}
