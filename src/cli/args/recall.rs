//! Arguments of the commands about vector indexes.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::config::parse_duration;
use crate::measurement::Options;
use crate::model::pgvector::IterativeScan;
use crate::operations::RecallOptions;
use crate::recall::settings::typed;

/// What is typed after `recall`.
#[derive(Debug, Args)]
pub struct RecallArgs {
    /// Table, index, or both, as in `documents.documents_embedding_idx` [default: all vector indexes]
    #[arg(value_name = "TABLE.INDEX")]
    pub target: Option<String>,
    /// How many of the nearest rows a search returns
    #[arg(short, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub k: u32,
    /// How many queries to sample, or to take from FILE
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub sample: u32,
    /// Take the queries from a file: JSON lines ([0.1, 0.2], or "{1:1}/5" and "0101" as texts), or .fvecs
    ///
    /// By default they are rows of the table, which are a little easier than what users ask: give queries of
    /// your application where you have some.
    #[arg(long, value_name = "FILE")]
    pub queries: Option<PathBuf>,
    /// Also measure searches with this condition (repeatable)
    #[arg(long = "where", value_name = "SQL")]
    pub filters: Vec<String>,
    /// Time for each index; what was not measured in it is said
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
    pub time: Duration,
    /// Values of hnsw.ef_search to measure [default: from 10 to 1000]
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub ef_search: Vec<u32>,
    /// Values of ivfflat.probes to measure [default: from 1 to all lists]
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=32_768))]
    pub probes: Vec<u32>,
    /// Candidates for each row, of indexes on binary_quantize, halfvec and subvector [default: from 1 to 40]
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rerank: Vec<u32>,
    /// Kinds of iterative scan: off, relaxed_order, strict_order [default: off, and with --where all]
    #[arg(long, value_name = "SCAN", value_delimiter = ',', value_parser = scan)]
    pub iterative_scan: Vec<IterativeScan>,
    /// Further setting of searches by the index, as in hnsw.max_scan_tuples=50000 (repeatable)
    #[arg(long = "set", value_name = "SETTING=VALUE", value_parser = setting)]
    pub settings: Vec<(String, String)>,
    /// The recall that is enough, from 0 to 1
    #[arg(long, value_name = "RECALL", default_value = "0.95", value_parser = share)]
    pub at_least: f64,
    /// Seed of the sample: another number takes other rows
    #[arg(long, value_name = "N", default_value = "1")]
    pub seed: u32,
    /// Draw recall against time into a file, as SVG
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
}

impl From<&RecallArgs> for RecallOptions {
    fn from(args: &RecallArgs) -> Self {
        let measurement = Options {
            k: args.k,
            queries: usize::try_from(args.sample).unwrap_or(usize::MAX),
            filters: args.filters.clone(),
            scans: args.iterative_scan.clone(),
            ef_search: args.ef_search.clone(),
            probes: args.probes.clone(),
            reranks: args.rerank.clone(),
            settings: args.settings.clone(),
            time: args.time,
            seed: args.seed,
            at_least: args.at_least,
            ..Options::default()
        };
        Self { target: args.target.clone(), queries: args.queries.clone(), measurement }
    }
}

fn time(text: &str) -> Result<Duration, String> {
    let time = parse_duration(text).filter(|it| !it.is_zero());
    time.ok_or_else(|| "a time has a unit, as in 30s or 5min".to_owned())
}

fn scan(text: &str) -> Result<IterativeScan, String> {
    IterativeScan::named(text).ok_or_else(|| "one of off, relaxed_order, strict_order".to_owned())
}

fn setting(text: &str) -> Result<(String, String), String> {
    typed(text).ok_or_else(|| "SETTING=VALUE, as in hnsw.max_scan_tuples=50000".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|it| (0.0..=1.0).contains(it));
    share.ok_or_else(|| "a number from 0 to 1".to_owned())
}
