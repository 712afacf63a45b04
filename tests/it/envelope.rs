//! `--format json`: one document in every case, as its JSON Schema says.

use serde_json::{Value, json};

use super::project::Project;
use super::support::TestDatabase;

/// Whether a value is as a schema says, for the words that the schema of the output uses.
fn conforms(schema: &Value, value: &Value) -> Result<(), String> {
    let of_type = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("a type that this test does not know: {other}"),
    };
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|it| of_type(it)) {
        return Err(format!("{value} is no {types:?}"));
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        return Err(format!("{value} is none of {values:?}"));
    }
    if let (Some(fields), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
        for required in schema["required"].as_array().into_iter().flatten() {
            let name = required.as_str().expect("a name");
            fields.get(name).ok_or_else(|| format!("{name} is missing in {value}"))?;
        }
        for (name, field) in fields {
            let of_field = known.get(name).ok_or_else(|| format!("{name} is not in the schema"))?;
            conforms(of_field, field)?;
        }
    }
    if let (Some(items), Some(of_items)) = (value.as_array(), schema.get("items")) {
        items.iter().try_for_each(|it| conforms(of_items, it))?;
    }
    Ok(())
}

/// Runs a command for programs, and gives its document.
#[track_caller]
fn document(project: &Project, status: i32, word: &str, arguments: &[&str]) -> Value {
    let schema = project.ends(0, &["schema-json", "--of", "output"]).stdout;
    let schema: Value = serde_json::from_str(&schema).expect("a JSON Schema");
    let told = project.ends(status, &[arguments, &["--format", "json"]].concat());
    let document = told.envelope();
    conforms(&schema, &document).unwrap_or_else(|error| panic!("{error}\n{told}"));
    assert_eq!((&document["exit"], &document["status"]), (&json!(status), &json!(word)), "{told}");
    document
}

#[test]
fn every_end_is_told_in_one_document() {
    let project = Project::new("[tables.t.columns]\nid = \"bigint\"\nnote = \"strng\"\n");
    let dev = ["--dev-url", super::support::server_url()];
    let check = [&["check"][..], &dev].concat();
    // A mistake in a file, with its place.
    let wrong = document(&project, 2, "input", &check);
    assert_eq!(wrong["result"], Value::Null);
    let mistake = &wrong["error"]["mistakes"][0];
    assert_eq!((&mistake["file"], &mistake["line"]), (&json!("schema.toml"), &json!(3)), "{wrong}");
    project.write("schema.toml", "[tables.t.columns]\nid = \"bigint\"\n");
    // The answer is no, which is no error; hints are among the messages.
    let pending = document(&project, 1, "no", &check);
    assert_eq!(pending["result"]["findings"][0]["kind"], "pending");
    assert_eq!(pending["error"], Value::Null);
    let messages = pending["messages"].as_array().expect("messages");
    assert!(messages.iter().any(|it| it["level"] == "hint"), "{pending}");
    // A refusal with its hint.
    let generate = ["revision", "--autogenerate", "-m", "x", "--rev-id", "a1"];
    document(&project, 0, "done", &[&generate[..], &dev].concat());
    project.write("schema.toml", "");
    let drop = ["revision", "--autogenerate", "-m", "y"];
    let refused = document(&project, 1, "no", &[&drop[..], &dev].concat());
    assert_eq!(refused["error"]["hints"], json!(["to write it all the same: --allow data-loss"]));
    // A database that does not answer.
    let away = ["current", "--url", "postgres://nobody@127.0.0.1:1/none"];
    document(&project, 3, "database", &away);
    // Passwords are nowhere.
    let database = TestDatabase::create("envelope");
    let upgraded = document(&project, 0, "done", &["upgrade", "--url", &database.url()]);
    assert_eq!(upgraded["result"]["finished"][0]["id"], "a1");
}

/// Arguments that are wrong are told in the same form.
#[test]
fn wrong_arguments_are_told_in_the_same_form() {
    let project = Project::new("");
    let wrong = document(&project, 2, "input", &["upgrade", "--no-such-flag"]);
    let message = wrong["error"]["message"].as_str().expect("a message");
    assert!(message.contains("--no-such-flag"), "{wrong}");
}

/// The page for agents shows the document that a refusal gives, and names every status.
#[test]
fn the_guide_is_true() {
    let project = Project::new("[tables.docs.columns]\nid = \"bigint\"\nnote = \"text?\"\n");
    let guide = project.ends(0, &["agent-guide"]).stdout;
    assert_eq!(guide, include_str!("../../docs/agents.md"));
    let shown = guide.split("```json\n").nth(1).and_then(|it| it.split("```").next());
    let shown: Value = serde_json::from_str(shown.expect("a document")).expect("JSON");
    let dev = ["--dev-url", super::support::server_url()];
    let generate = ["revision", "--autogenerate", "-m", "x"];
    project.ends(0, &[&generate[..], &dev].concat());
    project.write("schema.toml", "[tables.docs.columns]\nid = \"bigint\"\n");
    let mut refused = document(&project, 1, "no", &[&generate[..], &dev].concat());
    // What took long was told as well.
    refused["messages"] = json!([]);
    assert_eq!(refused, shown);
    let schema = project.ends(0, &["schema-json", "--of", "output"]).stdout;
    let schema: Value = serde_json::from_str(&schema).expect("a JSON Schema");
    for status in schema["properties"]["status"]["enum"].as_array().expect("words") {
        let word = status.as_str().expect("a word");
        assert!(guide.contains(&format!("| `{word}` |")), "{word}");
    }
}
