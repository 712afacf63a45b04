//! Settings and statements of searches.

use super::Notes;
use crate::choice::{Chosen, choose, returned};
use crate::nearest::nearest_sql;
use crate::settings::Settings;
use crate::{Column, Indexed, IterativeScan, Method, Metric, Nearest, Params, Search};

const HNSW: Indexed = Indexed {
    method: Method::Hnsw,
    bytes: 6152,
    m: 16,
};
const IVFFLAT: Indexed = Indexed {
    method: Method::Ivfflat,
    ..HNSW
};
const EXACT: Indexed = Indexed {
    method: Method::Exact,
    ..HNSW
};
const NEAR: Search = Search {
    column: "embedding",
    operator: "<=>",
    index: HNSW,
    nullable: false,
};
const FORCED: &str = "SET LOCAL enable_sort = off;SET LOCAL plan_cache_mode = force_custom_plan;";

#[track_caller]
fn check(index: &Indexed, opts: &Nearest<Notes>, expected: &str, all_there_are: bool) {
    match opts.settings(index, &10) {
        Settings::Fixed { sql, complete } => {
            assert_eq!((sql.as_str(), complete), (expected, all_there_are));
        }
        Settings::Defaults => assert_eq!("", expected),
        Settings::Chosen { sql, .. } => panic!("{sql}"),
    }
}

fn filtered() -> Nearest<Notes> {
    let id: Column<Notes, i64> = Column::new("id", "bigint");
    Nearest::new(10).filter(id.gt(1))
}

#[test]
fn without_an_index_nothing_is_set() {
    check(&EXACT, &Nearest::new(10), "", true);
}

#[test]
fn the_server_chooses() {
    let opts = Nearest::<Notes>::new(10);
    let Settings::Chosen { sql, params } = opts.settings(&HNSW, &10) else {
        panic!("fixed")
    };
    assert!(
        params.as_slice().len() == 1 && !sql.contains("TABLESAMPLE"),
        "{sql}"
    );
    let opts = filtered();
    let Settings::Chosen { sql, params } = opts.settings(&HNSW, &10) else {
        panic!("fixed")
    };
    assert_eq!(params.as_slice().len(), 2);
    assert!(sql.contains("FILTER (WHERE d.id > $2)"), "{sql}");
    assert!(sql.contains("CASE WHEN effort <= 1000 THEN 'off'"), "{sql}");
    // One pass returns no more candidates than that.
    let (sql, _) = choose::<Notes>(&HNSW, &401, opts.filter.as_ref(), true);
    assert!(sql.contains("CASE WHEN false THEN 'off'"), "{sql}");
    // The same statement for every number of rows.
    let (again, _) = choose::<Notes>(&HNSW, &402, opts.filter.as_ref(), true);
    assert_eq!(sql, again);
}

#[test]
fn what_is_usual_holds_where_the_caller_does_not_say() {
    let usual = |opts: Nearest<Notes>| opts.usual(Some(120), Some(IterativeScan::Strict));
    let sent = |effort: u32, scan: &str| {
        format!(
            "{FORCED}SET LOCAL hnsw.ef_search = {effort};SET LOCAL hnsw.iterative_scan = {scan};"
        )
    };
    let all = Nearest::new(10);
    check(&HNSW, &usual(all), &sent(120, "strict_order"), true);
    let own = Nearest::new(10).ef_search(50).iterative(IterativeScan::Off);
    check(&HNSW, &usual(own), &sent(50, "off"), true);
}

#[test]
fn the_caller_can_choose() {
    let told = |more: &str| format!("{FORCED}{more}");
    check(
        &HNSW,
        &Nearest::new(10).ef_search(80),
        &told("SET LOCAL hnsw.ef_search = 80;SET LOCAL hnsw.iterative_scan = relaxed_order;"),
        false,
    );
    check(
        &HNSW,
        &filtered().ef_search(5000),
        &told("SET LOCAL hnsw.ef_search = 1000;SET LOCAL hnsw.iterative_scan = off;"),
        false,
    );
    check(
        &HNSW,
        &filtered()
            .iterative(IterativeScan::Strict)
            .max_scan_tuples(500),
        &told(
            "SET LOCAL hnsw.ef_search = 40;SET LOCAL hnsw.iterative_scan = strict_order;\
             SET LOCAL hnsw.max_scan_tuples = 500;",
        ),
        true,
    );
    check(
        &IVFFLAT,
        &filtered().iterative(IterativeScan::Strict).probes(0),
        &told("SET LOCAL ivfflat.iterative_scan = relaxed_order;SET LOCAL ivfflat.probes = 1;"),
        true,
    );
    check(
        &IVFFLAT,
        &Nearest::new(10).probes(3),
        &told("SET LOCAL ivfflat.iterative_scan = off;SET LOCAL ivfflat.probes = 3;"),
        false,
    );
}

#[test]
fn exact_searches_use_no_index() {
    check(
        &HNSW,
        &Nearest::new(10).exact(),
        "SET LOCAL enable_indexscan = off;SET LOCAL plan_cache_mode = force_custom_plan;",
        true,
    );
}

#[test]
fn a_second_pass_is_for_rows_that_are_near() {
    let chosen = |effort| Chosen {
        complete: false,
        one_pass: Some(effort),
    };
    assert_eq!(chosen(100).more(5, 10), Some(400));
    assert_eq!(chosen(400).more(9, 10), Some(1000));
    assert_eq!(chosen(100).more(4, 10), None);
    assert_eq!(chosen(401).more(9, 10), None);
    assert_eq!(Chosen::fixed(false).more(9, 10), None);
    assert_eq!((returned(400), returned(800)), (400, 900));
}

#[test]
fn limits_are_literals_without_settings_and_parameters_with_them() {
    let (opts, k) = (Nearest::<Notes>::new(10), 10);
    let mut params = Params::new();
    params.push(&0.5_f32);
    let settings = Settings::Defaults;
    let sql = nearest_sql(&NEAR, ("$1", "", ""), &opts, &k, &settings, &mut params);
    assert_eq!(
        sql,
        "SELECT d.id, d.body, d.embedding <=> $1 AS distance FROM public.notes d WHERE true \
         ORDER BY d.embedding <=> $1 LIMIT 10"
    );
    let settings = opts.settings(&HNSW, &k);
    let sql = nearest_sql(&NEAR, ("$1", "", ""), &opts, &k, &settings, &mut params);
    assert!(sql.ends_with("LIMIT $2"), "{sql}");
}

#[test]
fn bounds_are_no_conditions() {
    let opts = Nearest::<Notes>::new(3).max_distance(0.3);
    let found = opts.bounded(vec![0.2, f64::NAN, 0.1, 0.3, 0.4, 0.25], |it| *it);
    assert_eq!(found, [0.1, 0.2, 0.25]);
    let all = Nearest::<Notes>::new(9).bounded(vec![f64::NAN, -1.0, 2.0], |it| *it);
    assert_eq!(all[..2], [-1.0, 2.0]);
    assert!(all[2].is_nan());
}

#[test]
fn similarities_grow_as_distances_shrink() {
    assert_eq!(Metric::Cosine.similarity(0.25), 0.75);
    assert_eq!(Metric::L2.similarity(2.0), -2.0);
    assert_eq!(Metric::Jaccard.operator(), "<%>");
}
