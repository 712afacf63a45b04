//! Proofs in the headers of revisions: what an edit voids, no more and no less, and that what holds is not run.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use aludel::config::{Flags, Settings};
use aludel::connection::surroundings::Process;
use aludel::diagnostic::SourceFile;
use aludel::revision::id::RevisionId;
use aludel::revision::loss::Losses;
use aludel::revision::proof::Seal;
use aludel::revision_files;
use aludel::workspace::{Workspace, declaration_files};

use super::project::Project;
use super::support::{TestDatabase, block_on, server_url};

const SCHEMA: &str = r#"include = ["parts/*.toml"]
[tables.a]
checks.a_price_check = "price > 0 AND price < 1000"
[tables.a.columns]
id = { type = "bigint", primary_key = true }
price = "numeric(10,2)"
"#;
const PART: &str = "[tables.b.columns]\nid = \"bigint\"\n";

/// A project with three revisions, and what it made of them.
struct Proved {
    project: Project,
    /// The files of the revisions, up and down, from the first to the last.
    files: Vec<[PathBuf; 2]>,
}

fn proved() -> Proved {
    let project = Project::new(SCHEMA);
    fs::create_dir(project.path("parts")).unwrap();
    project.write("parts/b.toml", PART);
    let mut schema = SCHEMA.to_owned();
    for (id, column) in [("a1", ""), ("b2", "note = \"text?\"\n"), ("c3", "size = \"integer?\"\n")]
    {
        schema.push_str(column);
        project.write("schema.toml", &schema);
        let arguments = ["revision", "--autogenerate", "-m", id, "--rev-id", id];
        project.ends(0, &[&arguments[..], &["--dev-url", server_url()]].concat());
    }
    let named = |ending: &str| {
        let entries = fs::read_dir(project.path("migrations")).unwrap();
        let mut paths = entries.map(|it| it.unwrap().path());
        paths.find(|it| it.to_string_lossy().ends_with(ending)).expect("a file")
    };
    let files = ["a1", "b2", "c3"]
        .map(|id| [named(&format!("{id}_{id}.up.sql")), named(&format!("{id}_{id}.down.sql"))]);
    Proved { project, files: files.to_vec() }
}

impl Proved {
    fn workspace(&self) -> Workspace {
        let migrations = self.project.path("migrations");
        let toml = format!("[migrations]\ndirectory = \"{}\"\n", migrations.display());
        let file = SourceFile::new("aludel.toml", toml);
        let flags = Flags { dev_url: Some(server_url().to_owned()), ..Flags::default() };
        let settings = Settings::resolve(&file, &flags, &Process).expect("settings");
        Workspace::new(settings, self.project.path("schema.toml"))
    }

    fn declared(&self) -> Vec<SourceFile> {
        declaration_files(&self.project.path("schema.toml")).expect("the declaration")
    }

    /// Which proofs hold, as the letters of the revisions, and `s` for that of schema.toml.
    fn held(&self) -> String {
        let workspace = self.workspace();
        let Ok(graph) = revision_files::load(&[self.project.path("migrations")]) else {
            return "?".into();
        };
        let mut held: String =
            workspace.proven(&graph).keys().filter_map(|it| it.as_str().chars().next()).collect();
        held.extend(workspace.agreed_by_proof(&self.declared(), &graph).then_some('s'));
        held
    }

    /// Makes an edit, looks which proofs hold then, and takes it back.
    #[track_caller]
    fn check(&self, path: &PathBuf, edit: impl Fn(&str) -> String, expected: &str) {
        let before = fs::read_to_string(path).unwrap();
        let after = edit(&before);
        assert_ne!(before, after, "nothing was edited in {}", path.display());
        fs::write(path, &after).unwrap();
        assert_eq!(self.held(), expected, "{}\n{after}", path.display());
        fs::write(path, before).unwrap();
    }
}

/// `check --prove` asks the server about the declaration, whatever the cache has of it.
#[test]
fn proving_does_not_read_the_cache() {
    let Proved { project, .. } = proved();
    let mut edited = 0;
    for entry in fs::read_dir(project.path(".aludel/cache")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        edited += usize::from(text.contains("< 1000"));
        fs::write(&path, text.replace("< 1000", "< 1001")).unwrap();
    }
    assert!(edited > 0, "the cache has no snapshot of the declaration");
    project.ends(0, &["check", "--prove", "--dev-url", server_url()]);
}

/// Some sixty edits, each of which voids what rests on it and nothing else.
#[test]
fn an_edit_voids_what_rests_on_it() {
    let proved = proved();
    assert_eq!(proved.held(), "abcs");
    let after = ["", "a", "ab"];
    let mut edits = 0;
    for (at, [up, down]) in proved.files.iter().enumerate() {
        let mut same = |path: &PathBuf, edit: &dyn Fn(&str) -> String| {
            proved.check(path, edit, "abcs");
            edits += 1;
        };
        // What is not run says nothing of what was.
        same(up, &|it| it.replacen("-- Message: ", "-- Message: another ", 1));
        same(up, &|it| format!("{it}\n-- a remark\n"));
        same(up, &|it| it.replace('\n', "\r\n"));
        same(up, &|it| it.replacen(";\n", "  ;\n", 1));
        same(up, &|it| it.replacen("-- Created: 2", "-- Created: 3", 1));
        same(down, &|it| format!("/* a remark */ {it}"));
        let mut void = |path: &PathBuf, edit: &dyn Fn(&str) -> String| {
            proved.check(path, edit, after[at]);
            edits += 1;
        };
        void(up, &|it| format!("{it}\nSELECT 1;\n"));
        void(up, &|it| it.replacen("TABLE ", "TABLE public.", 1));
        void(up, &|it| it.replacen("-- Revision: ", "-- Transaction: none\n-- Revision: ", 1));
        void(up, &|it| it.replacen("-- Revision: ", "-- Variables: x=1\n-- Revision: ", 1));
        void(down, &|it| format!("{it}\nSELECT 1;\n"));
        void(down, &|it| it.replacen("TABLE ", "TABLE public.", 1));
        // The line itself.
        let line = |it: &str| it.lines().find(|it| it.starts_with("-- Proof")).unwrap().to_owned();
        void(up, &|it| it.replacen(&format!("{}\n", line(it)), "", 1));
        void(up, &|it| it.replacen("; leaves ", "; leaves 0", 1));
        let seal = |it: &str| line(it).rsplit(' ').next().unwrap().to_owned();
        void(up, &|it| it.replacen(&seal(it), &seal(it).chars().rev().collect::<String>(), 1));
        void(up, &|it| it.replacen("Proof: p2", "Proof: p1", 1));
        // What it loses, and the consent to that.
        void(up, &|it| it.replacen("; loses nothing", "; loses table a", 1));
        void(up, &|it| it.replacen("; reverting loses ", "; reverting loses table x, ", 1));
        void(up, &|it| it.replacen("-- Proof", "-- Allows: data-loss (table a)\n-- Proof", 1));
    }
    let declared = proved.project.path("schema.toml");
    proved.check(&declared, |it| format!("{it}\n# a remark\n"), "abc");
    proved.check(&declared, |it| it.replace("1000", "1001"), "abc");
    proved.check(&proved.project.path("parts/b.toml"), |it| it.replace("bigint", "int"), "abc");
    proved.check(&declared, |it| it.replace("parts/*", "parts/b*"), "abc");
    assert!(edits + 4 >= 50, "{edits} edits");
}

/// A file that is missing, or called otherwise, or in another order.
#[test]
fn files_may_be_renamed_and_must_not_go() {
    let proved = proved();
    let [up, down] = &proved.files[1];
    let renamed =
        |it: &PathBuf| it.with_file_name(format!("0{}", it.file_name().unwrap().display()));
    for it in [up, down] {
        fs::rename(it, renamed(it)).unwrap();
    }
    assert_eq!(proved.held(), "abcs");
    fs::remove_file(renamed(down)).unwrap();
    assert_eq!(proved.held(), "a");
}

#[test]
fn what_is_proved_is_not_run() {
    let Proved { project, files } = proved();
    let fresh = || fs::remove_dir_all(project.path(".aludel")).unwrap();
    // A server that nobody can reach shows that nothing is asked.
    let nobody = "postgres://nobody@127.0.0.1:1/none";
    fresh();
    project.ends(0, &["check", "--dev-url", nobody]).says(&["agree"]);
    let [up, down] = &files[1];
    let text = fs::read_to_string(up).unwrap();
    fs::write(up, format!("{text}\nSELECT 1;\n")).unwrap();
    project.ends(3, &["check", "--dev-url", nobody]);
    project
        .ends(0, &["check", "--dev-url", server_url(), "--write-proofs"])
        .says(&["proofs of 2 revisions"]);
    let _ = fs::remove_dir_all(project.path(".aludel"));
    project.ends(0, &["check", "--dev-url", nobody]).says(&["agree"]);
    project.ends(0, &["check", "--dev-url", server_url(), "--prove"]).says(&["agree"]);
    // A proof that was invented is believed, until somebody asks.
    let text = fs::read_to_string(down).unwrap();
    fs::write(down, text.replace("note", "nothing")).unwrap();
    project
        .ends(1, &["check", "--dev-url", server_url(), "--prove"])
        .says(&["the downgrade of revision b2 (b2) fails"]);
}

/// A database that is to the letter what the revisions are proved to leave is compared without an engine,
/// also where schema.toml says it in other words, and where it was adopted.
#[test]
fn a_database_that_is_as_proved_asks_nothing() {
    let nobody = "postgres://nobody@127.0.0.1:1/none";
    let Proved { project, .. } = proved();
    let database = TestDatabase::create("as_proved");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    let fresh = |project: &Project| drop(fs::remove_dir_all(project.path(".aludel")));
    let check = ["check", "--url", &url, "--dev-url", nobody];
    fresh(&project);
    project.ends(0, &check).says(&["agree"]);
    database.execute("ALTER TABLE b ADD by_hand integer");
    project.ends(3, &check);
    let told = project.ends(1, &["check", "--url", &url, "--dev-url", server_url()]);
    told.says(&["column b.by_hand"]);

    let adopting = Project::new("");
    fs::remove_file(adopting.path("schema.toml")).unwrap();
    database.execute(
        "DROP SCHEMA aludel CASCADE; CREATE VIEW cheap AS SELECT * FROM a WHERE price < 5",
    );
    adopting.ends(0, &["adopt", "--url", &url, "--dev-url", server_url()]);
    fresh(&adopting);
    adopting.ends(0, &check).says(&["agree"]);
    adopting.ends(0, &["check", "--prove", "--dev-url", server_url()]).says(&["agree"]);
}

/// Proofs that were invented are believed, and found out by --prove.
#[test]
fn what_was_made_up_is_found_out() {
    let proved = proved();
    let project = &proved.project;
    let graph = || revision_files::load(&[project.path("migrations")]).expect("revisions");
    let prove = ["check", "--dev-url", server_url(), "--prove"];
    let declared = project.read("schema.toml");
    project.write("schema.toml", &format!("{declared}more = \"text?\"\n"));
    proved.workspace().write_agreement(&proved.declared(), &graph()).expect("a proof");
    project.ends(0, &["check", "--dev-url", server_url()]).says(&["agree"]);
    project.ends(1, &prove).says(&[
        "proofs: the .proof file states that schema.toml agrees with the revisions\n",
        "pending: column a.more is declared",
    ]);
    project.write("schema.toml", &declared);

    // The last revision with a proof that it leaves other objects, sealed as it should be.
    let last = RevisionId::parse("c3").expect("an id");
    let revision = graph().get(&last).cloned().expect("the revision").with_proof(None);
    fs::write(&revision.up.path, &revision.up.text).unwrap();
    let workspace = proved.workspace();
    block_on(workspace.identify()).expect("the engine");
    let losses = BTreeMap::from([(last.clone(), Losses::default())]);
    let leaves = BTreeMap::from([(last, Seal::of(["nothing"]))]);
    let made_up = workspace.proofs(&graph(), &leaves, &losses).pop().expect("a proof").1;
    let revision = revision.with_proof(Some(made_up));
    fs::write(&revision.up.path, &revision.up.text).unwrap();
    assert_eq!(proved.held(), "abc");
    project
        .ends(1, &prove)
        .says(&["proofs: the proof of revision c3 states a different resulting schema\n"]);
}

/// The value of a variable counts, unless it is a secret: whoever has the file could try out what it may be.
#[test]
fn secrets_are_no_part_of_a_seal() {
    let project = Project::new("");
    let up =
        "-- Revision: a1\n-- Variables: owner, db_password\n\nSELECT :'owner', :'db_password';\n";
    project.write("migrations/a1.up.sql", up);
    let graph = revision_files::load(&[project.path("migrations")]).expect("a revision");
    let seal = |owner: &str, password: &str| {
        let given = [("owner", owner), ("db_password", password)];
        let variables = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let flags = Flags { variables, ..Flags::default() };
        let file = SourceFile::new("aludel.toml", "");
        let settings = Settings::resolve(&file, &flags, &Process).expect("settings");
        let workspace = Workspace::new(settings, project.path("schema.toml"));
        block_on(workspace.identify()).expect("the embedded engine");
        let id = RevisionId::parse("a1").expect("an id");
        let losses = BTreeMap::from([(id.clone(), Losses::default())]);
        let leaves = BTreeMap::from([(id, Seal::of(["what is there"]))]);
        workspace.proofs(&graph, &leaves, &losses).pop().expect("a proof").1.seal
    };
    assert_ne!(seal("alice", "one"), seal("bob", "one"));
    assert_eq!(seal("alice", "one"), seal("alice", "two"));
}

/// Each branch has a file of its own, so that git has nothing to merge.
#[test]
fn branches_do_not_conflict() {
    let Proved { project, .. } = proved();
    let proof = |project: &Project| {
        let entries = fs::read_dir(project.path("migrations")).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        let proofs: Vec<String> = names.filter(|it| it.ends_with(".proof")).collect();
        assert_eq!(proofs.len(), 1, "{proofs:?}");
        proofs[0].clone()
    };
    let git = |arguments: &[&str]| {
        let user = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"];
        let mut git = std::process::Command::new("git");
        let output = git.current_dir(project.path("")).args(user).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "schema.toml", "parts", "migrations"]);
    git(&["commit", "-qm", "base"]);
    let schema = project.read("schema.toml");
    let mut names = vec![proof(&project)];
    for (branch, id) in [("left", "d4"), ("right", "e5")] {
        git(&["checkout", "-q", "-b", branch, "main"]);
        project.write("schema.toml", &format!("{schema}{branch} = \"text?\"\n"));
        let arguments = ["revision", "--autogenerate", "-m", id, "--rev-id", id];
        project.ends(0, &[&arguments[..], &["--dev-url", server_url()]].concat());
        names.push(proof(&project));
        // The declaration itself is for people to merge.
        project.write("schema.toml", &schema);
        git(&["add", "migrations"]);
        git(&["commit", "-qam", id]);
    }
    names.dedup();
    assert_eq!(names.len(), 3, "{names:?}");
    git(&["merge", "-q", "--no-edit", "left"]);
    let merged = fs::read_dir(project.path("migrations")).unwrap();
    let proofs =
        merged.filter(|it| it.as_ref().unwrap().path().extension().is_some_and(|it| it == "proof"));
    assert_eq!(proofs.count(), 2);
}
