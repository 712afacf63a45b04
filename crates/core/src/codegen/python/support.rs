//! The sub-package `support`: what the modules of the tables use of the runtime, by one name, with what
//! the project says of it. Beside its index are the copies of the runtime's modules.

use std::collections::BTreeSet;

use askama::Template;

use super::imports::{exported_place, import_lines};
use super::layout::string;
use super::needs::{Line, Section};
use super::runtime::{self, Module};
use super::shared::{header, rendered};
use super::types::Types;
use super::{PythonRuntime, PythonSettings};
use crate::codegen::GeneratedFile;
use crate::model::ident::PUBLIC;

#[derive(Template)]
#[template(path = "python/support.py", escape = "none")]
struct Support {
    header: String,
    imports: String,
    names: Vec<String>,
    /// Whether the declarative base is one of our own.
    base: bool,
    views: bool,
    types: Vec<TypeView>,
    /// The schema of pgvector that connections look in, where it is another than `public`.
    vector_schema: Option<String>,
}

/// A type of pgvector in its schema.
struct TypeView {
    name: &'static str,
    module: &'static str,
    sql_name: &'static str,
    namespace: String,
}

/// A module that has types of pgvector, and these with their names in SQL.
fn vector_types(module: Module) -> &'static [(&'static str, &'static str)] {
    match module {
        Module::Arrays | Module::Vectors => {
            &[("Embedding", "vector"), ("HalfEmbedding", "halfvec")]
        }
        Module::Sparse => &[("SparseEmbedding", "sparsevec")],
        _ => &[],
    }
}

/// The files of the sub-package, its index first.
pub(super) fn files(
    types: &Types<'_>,
    settings: &PythonSettings,
    needed: &BTreeSet<Module>,
) -> Vec<GeneratedFile> {
    let mut files = vec![index(types, settings, needed)];
    if settings.runtime == PythonRuntime::Copy {
        files.extend(runtime::with_used(needed).into_iter().map(|module| {
            let source = module.source();
            let name = format!("support/{}.py", source.name);
            GeneratedFile { name, text: runtime::copy(&source) }
        }));
    }
    files
}

fn index(types: &Types<'_>, settings: &PythonSettings, needed: &BTreeSet<Module>) -> GeneratedFile {
    let namespace = types.blueprint.vector_namespace.as_ref();
    let elsewhere = namespace.filter(|it| it.as_str() != PUBLIC);
    let views = types.blueprint.entities.iter().any(|it| it.view);
    let connects = needed.contains(&Module::VectorEngine);
    let mut lines = Vec::new();
    let mut own: Vec<&str> = vec!["Base"];
    own.extend(views.then_some("VIEWS"));
    let mut type_views = Vec::new();
    let mut whole = Vec::new();
    if let Some(namespace) = elsewhere {
        for module in needed {
            let source = module.source();
            let of = vector_types(*module).iter().map(|(name, sql_name)| TypeView {
                name,
                module: source.name,
                sql_name,
                namespace: string(&namespace.to_string()),
            });
            own.extend(vector_types(*module).iter().map(|it| it.0));
            whole.extend((!vector_types(*module).is_empty()).then_some(source.name));
            type_views.extend(of);
        }
        if connects {
            own.push("make_engine");
            whole.push(Module::VectorEngine.source().name);
            lines.push(Line::new(Section::Standard, "typing", "Any"));
            lines.push(Line::new(Section::ThirdParty, "sqlalchemy.ext.asyncio", "AsyncEngine"));
        }
    }
    let mut names: BTreeSet<&str> = own.iter().copied().collect();
    for module in needed {
        let source = module.source();
        // Connections with vectors have a function of the same name.
        let replaced = *module == Module::Engine && connects;
        let is_own = |it: &str| own.contains(&it) || (replaced && it == "make_engine");
        let passed = source.exports.iter().filter(|it| !is_own(it));
        for name in passed {
            lines.push(of_runtime(settings.runtime, source.name, name));
            names.insert(name);
        }
    }
    lines.extend(whole.into_iter().map(|it| of_runtime(settings.runtime, "", it)));
    match settings.base.as_deref().and_then(|it| it.split_once(':')) {
        Some((module, "Base")) => lines.push(Line::new(Section::Project, module, "Base")),
        Some((module, name)) => {
            lines.push(Line::new(Section::Project, module, &format!("{name} as Base")));
        }
        None => lines.push(Line::new(Section::ThirdParty, "sqlalchemy.orm", "DeclarativeBase")),
    }
    if settings.base.is_none() || views || (connects && elsewhere.is_some()) {
        lines.push(Line::new(Section::ThirdParty, "", "sqlalchemy as sa"));
    }
    let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    names.sort_by_key(|it| exported_place(it));
    let view = Support {
        header: header(),
        imports: import_lines(&lines),
        names,
        base: settings.base.is_none(),
        views,
        types: type_views,
        vector_schema: elsewhere.filter(|_| connects).map(|it| string(it.as_str())),
    };
    GeneratedFile { name: "support/__init__.py".to_owned(), text: rendered(&view) }
}

/// A name of a module of the runtime, or such a module.
fn of_runtime(placed: PythonRuntime, module: &str, name: &str) -> Line {
    match placed {
        PythonRuntime::Copy => Line::new(Section::Local, &format!(".{module}"), name),
        PythonRuntime::Package => {
            let package = Module::PACKAGE;
            let dot = if module.is_empty() { "" } else { "." };
            Line::new(Section::ThirdParty, &format!("{package}{dot}{module}"), name)
        }
    }
}
