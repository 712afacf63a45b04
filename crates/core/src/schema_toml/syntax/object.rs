//! Extensions, namespaces, enums and sequences as written.

use super::grants::{self, GrantSyntax};
use super::node::{Fields, Node};
use super::{At, Name, Problems, borrowed, codegen};
use crate::diagnostic::Diagnostic;
use crate::model::code_hints::EnumHints;

/// An entry of `[extensions]`.
#[derive(Debug)]
pub(crate) struct ExtensionSyntax {
    pub(crate) name: Name,
    /// None for `"*"`.
    pub(crate) version: Option<String>,
    pub(crate) namespace: Option<Name>,
    pub(crate) provided: bool,
}

/// An entry of `[schemas]`.
#[derive(Debug)]
pub(crate) struct NamespaceSyntax {
    pub(crate) grants: Vec<GrantSyntax>,
    pub(crate) name: Name,
    pub(crate) comment: Option<String>,
    pub(crate) provided: bool,
}

/// An entry of `[roles]`.
#[derive(Debug)]
pub(crate) struct RoleSyntax {
    pub(crate) name: Name,
}

/// An entry of `[enums]`.
#[derive(Debug)]
pub(crate) struct EnumSyntax {
    pub(crate) grants: Vec<GrantSyntax>,
    pub(crate) name: Name,
    pub(crate) labels: Vec<LabelSyntax>,
    pub(crate) comment: Option<String>,
    pub(crate) provided: bool,
    pub(crate) renamed_from: Option<Name>,
    pub(crate) code: EnumHints,
}

impl EnumSyntax {
    fn new(name: Name, labels: Vec<LabelSyntax>) -> Self {
        Self {
            grants: Vec::new(),
            name,
            labels,
            comment: None,
            provided: false,
            renamed_from: None,
            code: EnumHints::default(),
        }
    }
}

/// A label of an enum.
#[derive(Debug)]
pub(crate) struct LabelSyntax {
    pub(crate) name: Name,
    pub(crate) renamed_from: Option<Name>,
}

/// How a sequence counts, as far as it is written.
#[derive(Debug, Default)]
pub(crate) struct CountingSyntax {
    pub(crate) data_type: Option<Name>,
    pub(crate) start: Option<At<i64>>,
    pub(crate) increment: Option<At<i64>>,
    pub(crate) min: Option<At<i64>>,
    pub(crate) max: Option<At<i64>>,
    pub(crate) cache: Option<At<i64>>,
    pub(crate) cycle: bool,
}

/// An entry of `[sequences]`.
#[derive(Debug)]
pub(crate) struct SequenceSyntax {
    pub(crate) grants: Vec<GrantSyntax>,
    pub(crate) name: Name,
    pub(crate) counting: CountingSyntax,
    pub(crate) owned_by: Option<Name>,
    pub(crate) unlogged: bool,
    pub(crate) comment: Option<String>,
    pub(crate) provided: bool,
    pub(crate) renamed_from: Option<Name>,
}

/// `vector = "*"`, or a table of version and schema.
pub(super) fn extension(
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<ExtensionSyntax> {
    let (version, namespace, provided) = if node.is_table() {
        let mut fields = node.fields(format!("extension `{}`", name.value), problems)?;
        let version = fields.string("version", problems);
        let namespace = fields.string("schema", problems);
        let provided = fields.provided(problems);
        fields.finish(problems);
        (version, namespace, provided)
    } else if node.is_string() {
        (node.string(problems), None, false)
    } else {
        return node.wrong("\"*\", a version, or a table with `version` and `schema`", problems);
    };
    let version = version.map(|it| it.value).filter(|it| it != "*");
    Some(ExtensionSyntax { name, version, namespace, provided })
}

/// `[schemas.NAME]`.
pub(super) fn namespace(
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<NamespaceSyntax> {
    let mut fields = node.fields(format!("schema `{}`", name.value), problems)?;
    let comment = fields.comment(problems);
    let grants = grants::grants(&mut fields, problems);
    let provided = fields.provided(problems);
    fields.finish(problems);
    Some(NamespaceSyntax { name, comment, grants, provided })
}

/// `[roles.NAME]`: roles belong to the cluster, so they can only be provided.
pub(super) fn role(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<RoleSyntax> {
    let mut fields = node.fields(format!("role `{}`", name.value), problems)?;
    let provided = fields.provided(problems);
    fields.finish(problems);
    if !provided {
        let message = format!("role `{}` is not declared as provided", name.value);
        let help = "roles belong to the whole cluster and are never created: `provided = true` \
                    says that it is there";
        problems.push(Diagnostic::error(name.span, message).help(help));
    }
    Some(RoleSyntax { name })
}

/// A list of labels, or a table that has one.
pub(super) fn enum_type(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<EnumSyntax> {
    if node.is_list() {
        let labels = labels(&node, problems);
        return Some(EnumSyntax::new(name, labels));
    }
    if !node.is_table() {
        node.no_list::<()>("a list of labels, or a table with `labels`", problems);
        return Some(EnumSyntax::new(name, Vec::new()));
    }
    let mut fields = node.fields(format!("enum `{}`", name.value), problems)?;
    let labels = match fields.take("labels") {
        Some(node) => labels(&node, problems),
        None => {
            fields.missing("labels", problems);
            Vec::new()
        }
    };
    let comment = fields.comment(problems);
    let renamed_from = fields.string("renamed_from", problems);
    let grants = grants::grants(&mut fields, problems);
    let code = codegen::enum_type(&mut fields, problems);
    let provided = fields.provided(problems);
    fields.finish_or(problems, borrowed::in_enum);
    Some(EnumSyntax { name, labels, comment, provided, renamed_from, grants, code })
}

fn labels(node: &Node<'_>, problems: &mut Problems) -> Vec<LabelSyntax> {
    node.elements(problems).iter().filter_map(|it| label(it, problems)).collect()
}

fn label(node: &Node<'_>, problems: &mut Problems) -> Option<LabelSyntax> {
    if !node.is_table() {
        return Some(LabelSyntax { name: node.string(problems)?, renamed_from: None });
    }
    let mut fields = node.fields("the label", problems)?;
    let name = fields.required("name", problems);
    let renamed_from = fields.string("renamed_from", problems);
    fields.finish(problems);
    Some(LabelSyntax { name: name?, renamed_from })
}

/// `[sequences.NAME]`.
pub(super) fn sequence(
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<SequenceSyntax> {
    let mut fields = node.fields(format!("sequence `{}`", name.value), problems)?;
    let sequence = SequenceSyntax {
        counting: counting(&mut fields, problems),
        owned_by: fields.string("owned_by", problems),
        unlogged: fields.flag("unlogged", problems),
        grants: grants::grants(&mut fields, problems),
        comment: fields.comment(problems),
        provided: fields.provided(problems),
        renamed_from: fields.string("renamed_from", problems),
        name,
    };
    fields.finish(problems);
    Some(sequence)
}

/// The keys that a sequence and an identity column have in common.
pub(super) fn counting(fields: &mut Fields<'_>, problems: &mut Problems) -> CountingSyntax {
    CountingSyntax {
        data_type: fields.string("type", problems),
        start: fields.integer("start", problems),
        increment: fields.integer("increment", problems),
        min: fields.integer("min", problems),
        max: fields.integer("max", problems),
        cache: fields.integer("cache", problems),
        cycle: fields.flag("cycle", problems),
    }
}
