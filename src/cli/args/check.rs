//! Arguments of `check`.

use clap::Args;

use super::ConsentArgs;

/// What is typed after `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Do not test upgrade and downgrade of the revisions
    ///
    /// Revisions with a valid proof, and those that .aludel/cache lists as tested, are not tested again by default.
    #[arg(long)]
    pub no_roundtrips: bool,
    /// Ignore proofs and cache: run all revisions, and compare the results with the proofs
    ///
    /// A proof in the header of a revision states that its files were run up, down and up again without
    /// an error. It is not a signature: anyone who can write the file can write the proof.
    #[arg(long, conflicts_with = "no_roundtrips")]
    pub prove: bool,
    /// Write missing and outdated proofs
    ///
    /// They are written to the headers of the up files, and for schema.toml to a file in the same
    /// directory. In a clone with valid proofs, `check` does not have to run the revisions.
    #[arg(long, conflicts_with = "no_roundtrips")]
    pub write_proofs: bool,
    /// Also measure the vector indexes for which schema.toml sets a `recall`, on the configured server
    ///
    /// Takes a minute for each, or two if it is missed.
    #[arg(long)]
    pub recall: bool,
    /// Consent to what is otherwise refused
    #[command(flatten)]
    pub consent: ConsentArgs,
}
