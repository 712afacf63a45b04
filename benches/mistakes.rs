//! How long it takes to say what is wrong with a schema.toml, by how much is wrong: each group grows in
//! proportion. It needs no server.

use aludel::diagnostic::SourceFile;
use aludel::report::snippet;
use aludel::schema_toml;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

criterion_group!(benches, mistakes);
criterion_main!(benches);

fn mistakes(criterion: &mut Criterion) {
    let columns = |count: usize| {
        let wrong = (0..count).map(|it| format!("c{it} = \"no_such_type\"\n"));
        format!("[tables.t.columns]\n{}", wrong.collect::<String>())
    };
    let name = |count: usize| format!("[tables.t.columns]\na = \"{}\"\n", "x".repeat(count * 10));
    let comments = |count: usize| {
        format!(
            "[tables.t.columns]\na = {{ type = \"text\", default = \"{}\" }}\n",
            "/*".repeat(count)
        )
    };
    let kinds: [(&str, &dyn Fn(usize) -> String); 3] =
        [("columns", &columns), ("a name", &name), ("open comments", &comments)];
    for (kind, text) in kinds {
        let mut group = criterion.benchmark_group(kind);
        group.sample_size(10);
        for count in [1_000, 4_000, 16_000] {
            let files = [SourceFile::new("schema.toml", text(count))];
            group.bench_function(BenchmarkId::from_parameter(count), |it| {
                it.iter(|| {
                    let problems = schema_toml::parse(&files).expect_err("mistakes");
                    snippet::render(&problems, &files, false)
                });
            });
        }
        group.finish();
    }
}
