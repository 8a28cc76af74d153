//! Which rules are asked? Those whose names say that they deny, warn or ask for an approval, as conftest reads names.

use core_model::Span;
use regorus::unstable::{Expr, Module, Ref, Rule, RuleHead};

/// What the answers of a rule are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Deny,
    NeedsApproval,
    Warn,
}

impl Kind {
    /// `deny`, `deny_root_user`, `violation`; `warn` and `needs_approval` likewise.
    fn of(name: &str) -> Option<Self> {
        let is = |word: &str| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
        match () {
            () if is("deny") || is("violation") => Some(Self::Deny),
            () if is("needs_approval") => Some(Self::NeedsApproval),
            () if is("warn") => Some(Self::Warn),
            () => None,
        }
    }
}

/// One written rule that is asked: one head with its bodies. Several heads of one name are asked one by one, so that each answer
/// is known to the line.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) module: Ref<Module>,
    pub(crate) rule: Ref<Rule>,
    /// The package's components and the rule's name.
    pub(crate) path: Vec<String>,
    /// The same as one text: `main.deny`.
    pub(crate) name: String,
    pub(crate) span: Span,
    /// `policies/ports.rego:12`.
    pub(crate) written_at: String,
}

/// The name of a rule: the first word of its head.
pub(crate) fn name_of(rule: &Rule) -> &str {
    let refr = match rule {
        Rule::Spec { head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. }, .. } => refr,
        Rule::Default { refr, .. } => refr,
    };
    first_word(refr)
}

fn first_word(refr: &Expr) -> &str {
    match refr {
        Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => first_word(refr),
        other => other.span().text(),
    }
}

/// The components of a module's package.
pub(crate) fn package_of(module: &Module) -> Vec<String> {
    let mut components = Vec::new();
    collect(&module.package.refr, &mut components);
    components
}

/// The fixed components of a reference, up to the first that is not.
pub(crate) fn collect(refr: &Expr, components: &mut Vec<String>) -> bool {
    match refr {
        Expr::Var { span, .. } => {
            components.push(span.text().to_owned());
            true
        }
        Expr::RefDot { refr, field, .. } => {
            let is_fixed = collect(refr, components);
            if is_fixed {
                components.push(field.0.text().to_owned());
            }
            is_fixed
        }
        Expr::RefBrack { refr, index, .. } => {
            let is_fixed = collect(refr, components);
            match index.as_ref() {
                Expr::String { value, .. } | Expr::RawString { value, .. } if is_fixed => {
                    components.push(value.as_string().map(ToString::to_string).unwrap_or_default());
                    true
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// The entries of a module. Unit tests, in files that end in `_test.rego`, have none.
pub(crate) fn of_module(module: &Ref<Module>) -> Vec<Entry> {
    let file = module.package.span.source.file();
    if is_test_file(file) {
        return Vec::new();
    }
    let package = package_of(module);
    let mut entries = Vec::new();
    for rule in &module.policy {
        if matches!(rule.as_ref(), Rule::Default { .. } | Rule::Spec { head: RuleHead::Func { .. }, .. }) {
            continue;
        }
        let name = name_of(rule);
        let Some(kind) = Kind::of(name) else { continue };
        let path: Vec<String> = package.iter().cloned().chain([name.to_owned()]).collect();
        let (name, span) = (path.join("."), span_of(rule));
        let written_at = format!("{}:{}", span.file, span.line);
        entries.push(Entry { kind, module: module.clone(), rule: rule.clone(), path, name, span, written_at });
    }
    entries
}

pub(crate) fn is_test_file(file: &str) -> bool {
    file.ends_with("_test.rego")
}

pub(crate) fn span_of(rule: &Rule) -> Span {
    span(rule.span())
}

pub(crate) fn span(span: &regorus::unstable::Span) -> Span {
    Span::new(span.source.file().as_str(), span.line, span.col.max(1))
}
