//! Extensions, namespaces, enums and sequences as written.

use super::grants::{self, GrantSyntax};
use super::node::Fields;
use super::node::Node;
use super::{At, Name, Problems, borrowed, codegen};
use crate::diagnostic::Diagnostic;
use crate::model::code_hints::EnumHints;
use crate::schema_toml::form::{
    CACHE, COMMENT, CYCLE, EnumForm, ExtensionForm, INCREMENT, Key, LabelForm, MAX, MIN,
    NamespaceForm, PROVIDED, RENAMED_FROM, RoleForm, START, SequenceForm, Text,
};

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
    let what = format!("extension `{}`", name.value);
    node.read::<ExtensionForm, _>(what, problems, |fields, problems| {
        let version = fields.get(&ExtensionForm::VERSION, problems);
        Some(ExtensionSyntax {
            version: version.map(|it| it.value).filter(|it| it != "*"),
            namespace: fields.get(&ExtensionForm::SCHEMA, problems),
            provided: fields.flag(&PROVIDED, problems),
            name,
        })
    })
}

/// `[schemas.NAME]`.
pub(super) fn namespace(
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<NamespaceSyntax> {
    let what = format!("schema `{}`", name.value);
    node.read::<NamespaceForm, _>(what, problems, |fields, problems| {
        Some(NamespaceSyntax {
            comment: fields.get(&COMMENT, problems),
            grants: grants::grants(fields, problems),
            provided: fields.flag(&PROVIDED, problems),
            name,
        })
    })
}

/// `[roles.NAME]`: roles belong to the cluster, so they can only be provided.
pub(super) fn role(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<RoleSyntax> {
    let what = format!("role `{}`", name.value);
    let provided =
        node.read::<RoleForm, _>(what, problems, |it, problems| Some(it.flag(&PROVIDED, problems)));
    if !provided? {
        let message = format!("role `{}` is not declared as provided", name.value);
        let help = "roles belong to the whole cluster and aludel never creates them: `provided = \
                    true` declares that the role exists";
        problems.push(Diagnostic::error(name.span, message).help(help));
    }
    Some(RoleSyntax { name })
}

/// A list of labels, or a table that has one. What is neither is an enum for those who use it.
pub(super) fn enum_type(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<EnumSyntax> {
    let mut fields = node.open_anyway::<EnumForm>(format!("enum `{}`", name.value), problems);
    let labels = fields.needed(&EnumForm::LABELS, problems).map(|it| it.elements(problems));
    let labels = labels.iter().flatten().filter_map(|it| label(it, problems)).collect();
    let comment = fields.get(&COMMENT, problems);
    let renamed_from = fields.get(&RENAMED_FROM, problems);
    let grants = grants::grants(&mut fields, problems);
    let code = codegen::enum_type(&mut fields, problems);
    let provided = fields.flag(&PROVIDED, problems);
    fields.finish_or(problems, borrowed::in_enum);
    Some(EnumSyntax { name, labels, comment, provided, renamed_from, grants, code })
}

fn label(node: &Node<'_>, problems: &mut Problems) -> Option<LabelSyntax> {
    node.read::<LabelForm, _>("the label", problems, |fields, problems| {
        Some(LabelSyntax {
            renamed_from: fields.get(&RENAMED_FROM, problems),
            name: fields.required(&LabelForm::NAME, problems)?,
        })
    })
}

/// `[sequences.NAME]`.
pub(super) fn sequence(
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<SequenceSyntax> {
    let what = format!("sequence `{}`", name.value);
    node.read::<SequenceForm, _>(what, problems, |fields, problems| {
        Some(SequenceSyntax {
            counting: counting(fields, &SequenceForm::TYPE, problems),
            owned_by: fields.get(&SequenceForm::OWNED_BY, problems),
            unlogged: fields.flag(&SequenceForm::UNLOGGED, problems),
            grants: grants::grants(fields, problems),
            comment: fields.get(&COMMENT, problems),
            provided: fields.flag(&PROVIDED, problems),
            renamed_from: fields.get(&RENAMED_FROM, problems),
            name,
        })
    })
}

/// The keys that a sequence and an identity column have in common.
pub(super) fn counting(
    fields: &mut Fields<'_>,
    data_type: &Key<Text>,
    problems: &mut Problems,
) -> CountingSyntax {
    CountingSyntax {
        data_type: fields.get(data_type, problems),
        start: fields.get(&START, problems),
        increment: fields.get(&INCREMENT, problems),
        min: fields.get(&MIN, problems),
        max: fields.get(&MAX, problems),
        cache: fields.get(&CACHE, problems),
        cycle: fields.flag(&CYCLE, problems),
    }
}
