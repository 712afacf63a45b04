//! Settings from files, environments and flags, and the mistakes in them.

use super::*;
use crate::connection::surroundings::Imagined;

fn flags(text: &str) -> Flags {
    let mut flags = Flags::default();
    for (name, value) in text.split_whitespace().filter_map(|it| it.split_once('=')) {
        match name {
            "url" => flags.url = Some(value.to_owned()),
            "dev" => flags.dev_url = Some(value.to_owned()),
            "disposable" => flags.dev_disposable = true,
            _ => flags.databases.push(value.to_owned()),
        }
    }
    flags
}

fn resolve(file: &str, around: &str, flag: &str) -> Result<Settings, Vec<ConfigError>> {
    let around = Imagined::variables(&format!("USER=ada {around}"));
    Settings::resolve(&SourceFile::new(FILE_NAME, file), &flags(flag), &around)
}

/// Where the databases are, and who said so.
#[track_caller]
fn check_place(file: &str, around: &str, flag: &str, expected: &str) {
    let shown = match resolve(file, around, flag) {
        Ok(it) => {
            let places = it.databases.iter().map(|it| match &it.place.value {
                DatabasePlace::Server(address) => format!("{address} by {}", it.place.origin),
                DatabasePlace::Embedded(path) => {
                    format!("{} by {}", path.display(), it.place.origin)
                }
            });
            places.collect::<Vec<_>>().join("; ")
        }
        Err(errors) => shown(file, &errors),
    };
    assert_eq!(shown, expected);
}

/// Line, message and help of each mistake.
fn shown(file: &str, errors: &[ConfigError]) -> String {
    let files = [SourceFile::new(FILE_NAME, file)];
    let lines = errors.iter().map(|it| match it {
        ConfigError::File(it) => {
            let place = it.place().unwrap();
            let help: String = it.help.iter().map(|it| format!(" ({it})")).collect();
            format!("{}: {} at `{}`{help}", place.line(&files), it.message, &file[place.range()])
        }
        other => format!("{other} ({})", other.hint().unwrap_or_default()),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check_mistakes(file: &str, expected: &str) {
    assert_eq!(shown(file, &resolve(file, "", "").unwrap_err()), expected);
}

#[test]
fn the_strongest_layer_counts() {
    let file = "[database]\nurl = 'postgres://file/x'";
    check_place("", "", "", ".aludel/db by the default");
    check_place(file, "", "", "postgres://ada@file:5432/x by aludel.toml");
    let env = "DATABASE_URL=postgres://d/x";
    check_place(file, env, "", "postgres://ada@d:5432/x by DATABASE_URL");
    let env = "DATABASE_URL=postgres://d/x ALUDEL_URL=postgres://a/x";
    check_place(file, env, "", "postgres://ada@a:5432/x by ALUDEL_URL");
    check_place(file, env, "url=postgres://f/x", "postgres://ada@f:5432/x by --url");
}

#[test]
fn variables_are_filled_in_when_the_file_counts() {
    let file = "[database]\nurl = '${HOST_URL}/x'";
    check_place(file, "HOST_URL=postgres://h", "", "postgres://ada@h:5432/x by aludel.toml");
    check_place(file, "", "url=postgres://f/x", "postgres://ada@f:5432/x by --url");
    check_place(
        file,
        "",
        "",
        "2: environment variable `HOST_URL` is not set at `'${HOST_URL}/x'` (set it, or give a \
         default: `${HOST_URL:-…}`)",
    );
}

#[test]
fn what_is_empty_is_no_default() {
    let empty = |who: &str| {
        let hint = "is a secret missing? unset the variable, or give \
                    postgres://user@host:5432/database; `postgres://` alone takes everything from \
                    the PG* variables";
        format!("{who}: the database URL is empty ({hint})")
    };
    let file = "[database]\nurl = 'postgres://file/x'";
    check_place("", "DATABASE_URL=", "", &empty("DATABASE_URL"));
    check_place(file, "DATABASE_URL=", "", &empty("DATABASE_URL"));
    check_place("", "ALUDEL_URL= DATABASE_URL=postgres://d/x", "", &empty("ALUDEL_URL"));
    check_place("", "DATABASE_URL=postgres://d/x", "url=", &empty("--url"));
    check_place("", "PGHOST=db", "url=", &empty("--url"));
    check_place("", "ALUDEL_DEV_URL=", "", &empty("ALUDEL_DEV_URL"));
    check_place("", "", "dev=", &empty("--dev-url"));
    check_place("", "DATABASE_URL=", "url=postgres://f/x", "postgres://ada@f:5432/x by --url");
    let hint = "(is a secret missing? unset the variable, or give \
                postgres://user@host:5432/database; `postgres://` alone takes everything from the \
                PG* variables)";
    let at =
        |line: usize, text: &str| format!("{line}: the database URL is empty at `{text}` {hint}");
    check_place("[database]\nurl = ' '", "", "", &at(2, "' '"));
    check_place("[database]\nurl = '${U:-}'", "", "", &at(2, "'${U:-}'"));
    check_place("[databases.a]\nurl = ''", "", "database=a", &at(2, "''"));
    check_place(
        "[database]\nurl = '${U}'",
        "U=",
        "",
        "2: environment variable `U` is empty at `'${U}'` (set it, or give a default: `${U:-…}`)",
    );
}

#[test]
fn named_databases_have_their_own_place() {
    let file = "[databases.a]\nurl = 'postgres://a/x'\n[databases.b]\nurl = 'postgres://b/x'\n\
                [databases.c]\nlock_retries = 1";
    let env = "DATABASE_URL=postgres://d/x";
    check_place(file, env, "database=b", "postgres://ada@b:5432/x by aludel.toml");
    check_place(
        file,
        env,
        "database=b database=a database=b",
        "postgres://ada@b:5432/x by aludel.toml; postgres://ada@a:5432/x by aludel.toml",
    );
    let missing = "database `c` has no `url` in aludel.toml \
                   (add it: [databases.c] url = \"postgres://…\")";
    check_place(file, env, "database=all", missing);
    check_place(file, env, "database=c url=postgres://f/x", "postgres://ada@f:5432/x by --url");
    let several = "--url gives one database, but --database several ()";
    check_place(file, env, "database=all url=postgres://f/x", several);
    let unknown = "aludel.toml has no database `prod` (add it: [databases.prod])";
    check_place(file, env, "database=prod", unknown);
}

#[test]
fn a_named_database_inherits() {
    let file = "[database]\nlock_timeout = '1s'\nexclude = ['x_*']\n\
                [databases.a]\nurl = 'postgres://a/x'\nlock_timeout = '5s'";
    let settings = resolve(file, "", "database=a").unwrap();
    assert_eq!(settings.databases[0].lock_timeout.value, Duration::from_secs(5));
    assert_eq!(settings.databases[0].exclude.value, ["x_*"]);
    assert_eq!(settings.databases[0].lock_retries.value, 30);
}

#[test]
fn every_key_of_the_design_is_read() {
    let file = r#"
[database]
url = "${DATABASE_URL}"
namespaces = ["public"]
exclude = ["spatial_ref_sys"]
lock_timeout = "3s"
statement_timeout = "0"
lock_retries = 10

[migrations]
directory = "migrations"
name = "{date}_{id}_{slug}"
template = "migrations/frame.sql"
ledger_schema = "aludel"
transaction = "all"

[plan]
online = false

[index_build]
maintenance_work_mem = "2GB"
max_parallel_maintenance_workers = 7

[dev]
url = "target"
"#;
    let settings = resolve(file, "DATABASE_URL=postgres://db/x", "").unwrap();
    assert_eq!(settings.databases[0].namespaces.as_deref(), Some(&vec!["public".to_owned()]));
    assert_eq!(settings.migrations.transaction.value, Transaction::All);
    let template = settings.migrations.template.unwrap().value;
    assert_eq!(template, Path::new("migrations/frame.sql"));
    assert!(!settings.plan.online.value);
    assert_eq!(settings.index_build.max_parallel_maintenance_workers.unwrap().value, 7);
    assert_eq!(settings.dev.value, DevDatabase::Target);
}

#[test]
fn the_template_stands_beside_the_file() {
    let file = SourceFile::new("db/aludel.toml", "[migrations]\ntemplate = 'frame.sql'");
    let settings = Settings::resolve(&file, &Flags::default(), &Imagined::variables("USER=ada"));
    let template = settings.unwrap().migrations.template.unwrap().value;
    assert_eq!(template, Path::new("db/frame.sql"));
    check_mistakes(
        "[migrations]\ntemplate = ' '",
        "2: `migrations.template` must be something at `' '`",
    );
}

#[test]
fn an_empty_file_leaves_the_defaults() {
    let settings = resolve("", "", "").unwrap();
    assert_eq!(settings.dev.value, DevDatabase::Embedded);
    assert!(settings.plan.online.value);
    assert!(settings.index_build.maintenance_work_mem.is_none());
}

#[test]
fn the_dev_database_is_layered_too() {
    let dev = |around: &str, flag: &str| {
        let dev = resolve("[dev]\nurl = 'target'", around, flag).unwrap().dev;
        format!("{:?} by {}", dev.value, dev.origin)
    };
    assert_eq!(dev("", ""), "Target by aludel.toml");
    assert_eq!(dev("ALUDEL_DEV_URL=embedded", ""), "Embedded by ALUDEL_DEV_URL");
    let server = "Server(postgres://ada@d:5432/x (Prefer)) by --dev-url";
    assert_eq!(dev("ALUDEL_DEV_URL=embedded", "dev=postgres://d/x"), server);
    let disposable = "Disposable(postgres://ada@d:5432/x (Prefer)) by --dev-url";
    assert_eq!(dev("", "dev=postgres://d/x disposable=yes"), disposable);
    for (around, flag) in [("", ""), ("", "dev=target"), ("ALUDEL_DEV_URL=embedded", "")] {
        let refused = resolve("", around, &format!("{flag} disposable=yes")).unwrap_err();
        assert!(matches!(refused.as_slice(), [ConfigError::NotDisposable { .. }]), "{refused:?}");
    }
}

#[test]
fn all_mistakes_are_reported_in_order() {
    check_mistakes(
        "[database]\nlock_timout = '3s'\nlock_timeout = 3\nnamespaces = 'public'\n\
         [migration]\n[plan]\nonline = 'yes'\n[index_build]\nmaintenance_work_mem = '2 G'\n\
         [migrations]\nname = '{slug}'",
        "2: unknown key `lock_timout` in `database` at `lock_timout` (did you mean \
         `lock_timeout`?) (known keys: `exclude`, `grants`, `include`, `lock_retries`, \
         `lock_timeout`, `namespaces`, `search_path`, `statement_timeout`, `url`)\n\
         3: `database.lock_timeout` must be a time such as \"500ms\", \"3s\", \"2min\" or \"0\" \
         at `3`\n\
         4: `database.namespaces` must be a list of strings at `'public'`\n\
         5: unknown key `migration` at `migration` (did you mean `migrations`?) (known keys: \
         `codegen`, `database`, `databases`, `dev`, `hooks`, `index_build`, `migrations`, `plan`, \
         `review`)\n\
         7: `plan.online` must be `true` or `false` at `'yes'`\n\
         9: `index_build.maintenance_work_mem` must be an amount of memory such as \"64MB\" or \
         \"2GB\" at `'2 G'`\n\
         11: `migrations.name` must be a file name with `{id}`, and optionally `{date}`, `{time}` \
         and `{slug}` at `'{slug}'`",
    );
}

#[test]
fn broken_toml_has_a_place() {
    let errors = resolve("[database\nurl = 'x'\n", "", "").unwrap_err();
    assert!(matches!(&errors[0], ConfigError::File(it) if it.place().is_some()));
    let errors = resolve("[plan]\nonline = true\nonline = false\n", "", "").unwrap_err();
    assert_eq!(errors.len(), 1);
}

#[test]
fn a_wrong_url_is_told_with_its_origin_and_without_its_password() {
    check_place(
        "",
        "DATABASE_URL=mysql://ada:hunter2@db/x",
        "",
        "DATABASE_URL: neither a `postgres://` URL nor a `key=value` string \
         (postgres://user@host:5432/database)",
    );
    let file = "[database]\nurl = 'postgres://db/x?sslmod=on'";
    check_place(
        file,
        "",
        "",
        "2: `sslmod` is not a connection parameter at `'postgres://db/x?sslmod=on'` \
         (did you mean `sslmode`?)",
    );
    let file = "[database]\nurl = 'postgres://ada:hunter2@db/x?sslmod=on'";
    let expected = "aludel.toml: `sslmod` is not a connection parameter (did you mean `sslmode`?)";
    check_place(file, "", "", expected);
}

#[test]
fn settings_of_generated_code_say_what_they_take() {
    check_mistakes(
        "[codegen.rust]\nderives = ['utoipa ToSchema']\n[codegen.python]\nembedding = 'torch'",
        "2: `codegen.rust.derives` must be a list of derive macros: [\"utoipa::ToSchema\"] at \
         `['utoipa ToSchema']`\n\
         4: `codegen.python.embedding` must be `list` or `numpy` at `'torch'`",
    );
}
