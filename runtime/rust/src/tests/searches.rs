//! Settings and statements of searches.

use super::Notes;
use crate::nearest::nearest_sql;
use crate::settings::Settings;
use crate::{Column, IterativeScan, Method, Metric, Nearest, Params, Search};

const NEAR: Search = Search {
    column: "embedding",
    operator: "<=>",
    method: Method::Hnsw,
    nullable: false,
};
const FORCED: &str =
    "SET LOCAL enable_seqscan = off;SET LOCAL plan_cache_mode = force_custom_plan;";

#[track_caller]
fn check(method: Method, k: i64, opts: &Nearest<Notes>, expected: &str) -> Settings {
    let settings = opts.settings(method, k, false);
    assert_eq!(settings.sql, expected);
    settings
}

#[test]
fn defaults_need_no_settings() {
    check(Method::Hnsw, 40, &Nearest::new(40), "");
    check(Method::Exact, 400, &Nearest::new(400), "");
}

#[test]
fn more_rows_and_filters_need_more_of_an_index() {
    check(
        Method::Hnsw,
        100,
        &Nearest::new(100),
        &format!(
            "{FORCED}SET LOCAL hnsw.ef_search = 100;SET LOCAL hnsw.iterative_scan = strict_order;"
        ),
    );
    let id: Column<Notes, i64> = Column::new("id");
    let filtered = Nearest::new(10).filter(id.gt(1));
    check(
        Method::Hnsw,
        10,
        &filtered,
        &format!("{FORCED}SET LOCAL hnsw.iterative_scan = strict_order;"),
    );
    let lists = check(
        Method::Ivfflat,
        10,
        &filtered.clone().iterative(IterativeScan::Strict).probes(0),
        &format!(
            "{FORCED}SET LOCAL ivfflat.probes = 1;SET LOCAL ivfflat.iterative_scan = relaxed_order;"
        ),
    );
    assert!(lists.relaxed);
}

#[test]
fn exact_searches_use_no_index() {
    check(
        Method::Hnsw,
        10,
        &Nearest::new(10).exact(),
        "SET LOCAL enable_indexscan = off;SET LOCAL plan_cache_mode = force_custom_plan;",
    );
}

#[test]
fn limits_are_literals_without_settings_and_parameters_with_them() {
    let (opts, k) = (Nearest::<Notes>::new(10), 10);
    let mut params = Params::new();
    params.push(&0.5_f32);
    let settings = Settings::default();
    let sql = nearest_sql(&NEAR, ("$1", "", ""), &opts, &k, &settings, &mut params);
    assert_eq!(
        sql,
        "SELECT d.id, d.body, d.embedding <=> $1 AS distance FROM public.notes d WHERE true \
         ORDER BY d.embedding <=> $1 LIMIT 10"
    );
    let settings = opts.clone().ef_search(80).settings(Method::Hnsw, k, false);
    let sql = nearest_sql(&NEAR, ("$1", "", ""), &opts, &k, &settings, &mut params);
    assert!(sql.ends_with("LIMIT $2"), "{sql}");
}

#[test]
fn bounds_of_distances_are_outside_of_the_limit() {
    let (opts, k) = (Nearest::<Notes>::new(10).max_distance(0.3), 10);
    let mut params = Params::new();
    params.push(&0.5_f32);
    let settings = Settings::default();
    let search = Search {
        nullable: true,
        ..NEAR
    };
    let sql = nearest_sql(&search, ("$1", "", ""), &opts, &k, &settings, &mut params);
    assert_eq!(
        sql,
        "WITH near(c0, c1, distance) AS MATERIALIZED (SELECT d.id, d.body, \
         d.embedding <=> $1 AS distance FROM public.notes d WHERE true \
         AND d.embedding IS NOT NULL ORDER BY d.embedding <=> $1 LIMIT 10) \
         SELECT * FROM near WHERE near.distance <= $2 ORDER BY near.distance + 0"
    );
}

#[test]
fn similarities_grow_as_distances_shrink() {
    assert_eq!(Metric::Cosine.similarity(0.25), 0.75);
    assert_eq!(Metric::L2.similarity(2.0), -2.0);
    assert_eq!(Metric::Jaccard.operator(), "<%>");
}
