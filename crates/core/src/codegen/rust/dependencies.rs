//! The lines of Cargo.toml that generated code needs, as few as possible.

use super::RustRuntime;
use super::needs::Needs;
use super::runtime::{Crate, Part};

/// The lines, sorted.
pub(super) fn lines(needs: &Needs, runtime: RustRuntime) -> Vec<String> {
    let crates = match runtime {
        RustRuntime::Copy => needs.all_crates(),
        RustRuntime::Package => needs.own_crates(),
    };
    let has = |it: Crate| crates.contains(&it);
    let package = (runtime == RustRuntime::Package).then(|| package(needs));
    let plain = [
        (Crate::Bytes, r#"bytes = "1""#),
        (
            Crate::Chrono,
            r#"chrono = { version = "0.4", default-features = false, features = ["serde"] }"#,
        ),
        (Crate::Cidr, r#"cidr = { version = "0.3", features = ["serde"] }"#),
        (
            Crate::DeadpoolPostgres,
            r#"deadpool-postgres = { version = "0.14", features = ["rt_tokio_1"] }"#,
        ),
        (Crate::Eui48, r#"eui48 = { version = "1.1", features = ["serde"] }"#),
        (Crate::FuturesUtil, r#"futures-util = "0.3""#),
        (Crate::GeoTypes, r#"geo-types = { version = "0.7", features = ["serde"] }"#),
        (Crate::Jiff, r#"jiff = { version = "0.2", features = ["serde"] }"#),
        (Crate::PostgresTypes, r#"postgres-types = { version = "0.2", features = ["derive"] }"#),
        (
            Crate::RustDecimal,
            r#"rust_decimal = { version = "1", features = ["db-tokio-postgres"] }"#,
        ),
        (Crate::Serde, r#"serde = { version = "1", features = ["derive"] }"#),
        (Crate::SerdeJson, r#"serde_json = "1""#),
        (
            Crate::Time,
            r#"time = { version = "0.3", features = ["parsing", "serde-human-readable"] }"#,
        ),
        (Crate::Uuid, r#"uuid = { version = "1", features = ["serde"] }"#),
    ];
    let plain = plain.into_iter().filter(|it| has(it.0)).map(|it| it.1.to_owned());
    let mut lines: Vec<String> = plain.chain(package).collect();
    if has(Crate::Pgvector) {
        let features = [
            (Crate::Halfvec, "halfvec"),
            (Crate::Pgvector, "postgres"),
            (Crate::VectorSerde, "serde"),
        ];
        let features = features.iter().filter(|it| has(it.0)).map(|it| it.1);
        lines.push(line("pgvector", "0.4", features));
    }
    lines.push(line("tokio-postgres", "0.7", driver_features(has).into_iter()));
    lines.sort();
    lines
}

/// The features of the driver for the types of other crates.
fn driver_features(has: impl Fn(Crate) -> bool) -> Vec<&'static str> {
    let named = [
        (Crate::Chrono, "with-chrono-0_4"),
        (Crate::Cidr, "with-cidr-0_3"),
        (Crate::Eui48, "with-eui48-1"),
        (Crate::GeoTypes, "with-geo-types-0_7"),
        (Crate::Jiff, "with-jiff-0_2"),
        (Crate::SerdeJson, "with-serde_json-1"),
        (Crate::Time, "with-time-0_3"),
        (Crate::Uuid, "with-uuid-1"),
    ];
    named.into_iter().filter(|it| has(it.0)).map(|it| it.1).collect()
}

/// The runtime as a package, with the features for what is used of it.
fn package(needs: &Needs) -> String {
    let parts = needs.parts();
    let uses = |wanted: &[Part]| wanted.iter().any(|it| parts.contains(it));
    let serde = [Part::EmbeddingSerde, Part::HalfEmbeddingSerde, Part::SparseEmbeddingSerde];
    let features = [
        (uses(&[Part::Jsonb]), "jsonb"),
        (uses(&[Part::Vectors]), "vectors"),
        (uses(&serde), "vectors-serde"),
    ];
    let version = env!("CARGO_PKG_VERSION");
    line("aludel-runtime", version, features.iter().filter(|it| it.0).map(|it| it.1))
}

fn line<'f>(name: &str, version: &str, features: impl Iterator<Item = &'f str>) -> String {
    let features: Vec<String> = features.map(|it| format!("\"{it}\"")).collect();
    match features.as_slice() {
        [] => format!("{name} = \"{version}\""),
        list => {
            let list = list.join(", ");
            format!("{name} = {{ version = \"{version}\", features = [{list}] }}")
        }
    }
}
