//! Do the functions that rules call exist, and does calling them end? Seen in the texts, before any rule is run.
//!
//! The interpreter notices a rule that needs itself, but follows a function that calls itself until the thread's stack ends, and
//! that ends the process. Rego allows neither, so both are refused here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use core_model::{Diagnostic, Span, diagnostic};
use regorus::unstable::{Expr, Import, Literal, LiteralStmt, Module, Query, Ref, Rule, RuleAssign, RuleBody, RuleHead};

use crate::entry::{collect, name_of, package_of, span, span_of};
use crate::functions;
use crate::limits::CALL_DEPTH_MAX;

/// Where a name leads.
#[derive(Debug, Clone)]
struct Use {
    /// `data.main.allowed`, with all components.
    path: Vec<String>,
    is_call: bool,
    at: Span,
}

/// All rules of one name.
#[derive(Debug)]
struct Node {
    uses: Vec<Use>,
    at: Span,
}

/// What is wrong with the calls between the rules of these modules.
pub(crate) fn check(modules: &[Ref<Module>]) -> Vec<Diagnostic> {
    let mut nodes: BTreeMap<Vec<String>, Node> = BTreeMap::new();
    for module in modules {
        let reader = Reader::new(module);
        for rule in &module.policy {
            let node = nodes.entry(reader.path(name_of(rule))).or_insert_with(|| Node { uses: Vec::new(), at: span_of(rule) });
            node.uses.extend(reader.uses(rule));
        }
    }
    let mut diagnostics = unknown_calls(&nodes);
    diagnostics.extend(circles(&nodes));
    if diagnostics.is_empty() {
        diagnostics.extend(too_deep(&nodes));
    }
    diagnostics
}

fn unknown_calls(nodes: &BTreeMap<Vec<String>, Node>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut seen = BTreeSet::new();
    for called in nodes.values().flat_map(|node| &node.uses).filter(|used| used.is_call) {
        let name = called.path.join(".");
        if nodes.contains_key(&called.path) || functions::is_known(&name) || !seen.insert(called.at.clone()) {
            continue;
        }
        let mut message = Diagnostic::error("Unknown function", format!("There is no function `{name}` here.")).at(&called.at);
        message = match name.as_str() {
            "time.now_ns" => message.hint("the time is `input.now`; `time.parse_rfc3339_ns(input.now)` gives its nanoseconds"),
            "http.send" | "net.lookup_ip_addr" | "opa.runtime" | "rand.intn" | "uuid.rfc4122" => {
                message.because("Rules see the plan and nothing else, so that a verdict can be repeated.").hint("take it from `input`")
            }
            _ => match diagnostic::nearest(
                called.path.last().map_or("", String::as_str),
                nodes.keys().filter_map(|path| path.last()).map(String::as_str),
            ) {
                Some(near) => message.hint(format!("did you mean `{near}`?")),
                None => message.hint("`docs/policies.md` lists the functions that rules have"),
            },
        };
        diagnostics.push(message);
    }
    diagnostics
}

/// Functions that lead back to themselves. Rules that do are the interpreter's to find.
fn circles(nodes: &BTreeMap<Vec<String>, Node>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (path, node) in nodes {
        let mut pending: Vec<&Vec<String>> = vec![path];
        let mut reached: BTreeSet<&Vec<String>> = BTreeSet::new();
        while let Some(next) = pending.pop() {
            for called in nodes.get(next).into_iter().flat_map(|node| &node.uses).filter(|used| used.is_call && nodes.contains_key(&used.path)) {
                if reached.insert(&called.path) {
                    pending.push(&called.path);
                }
            }
        }
        if reached.contains(path) {
            let detail = format!("The function `{}` leads back to itself.", path.join("."));
            diagnostics
                .push(Diagnostic::error("Function calls itself", detail).hint("Rego has no recursion; use a comprehension, or `walk`").at(&node.at));
        }
    }
    diagnostics
}

/// The first rule whose chain of uses is longer than the stack allows.
fn too_deep(nodes: &BTreeMap<Vec<String>, Node>) -> Option<Diagnostic> {
    let mut depths: HashMap<&Vec<String>, usize> = HashMap::new();
    // Each round adds one level, so that no depth of ours is needed to measure theirs.
    for _ in 0..=CALL_DEPTH_MAX {
        let mut changed = false;
        for (path, node) in nodes {
            let below = |used: &Use| led_to(nodes, &used.path).filter(|below| *below != path).filter_map(|below| depths.get(below)).max().copied();
            let depth = node.uses.iter().filter_map(below).max().map_or(1, |depth| depth + 1).min(CALL_DEPTH_MAX + 1);
            changed |= depths.insert(path, depth) != Some(depth);
        }
        if !changed {
            return None;
        }
    }
    let (path, node) = nodes.iter().find(|(path, _)| depths.get(path).is_some_and(|depth| *depth > CALL_DEPTH_MAX))?;
    let detail = format!("`{}` stands on a chain of more than {CALL_DEPTH_MAX} rules, or on a circle of them.", path.join("."));
    Some(Diagnostic::error("Rules nested too deeply", detail).hint("let fewer rules stand on each other").at(&node.at))
}

/// The rules that a reference may need: the one it names, or all below it.
fn led_to<'a>(nodes: &'a BTreeMap<Vec<String>, Node>, path: &'a [String]) -> impl Iterator<Item = &'a Vec<String>> {
    let named = (1..=path.len()).filter_map(|length| nodes.get_key_value(&path[..length])).map(|(path, _)| path);
    let below = nodes.range(path.to_vec()..).map(|(known, _)| known).take_while(move |known| known.starts_with(path));
    named.chain(below)
}

/// Reads the names of one module.
struct Reader {
    package: Vec<String>,
    imports: HashMap<String, Vec<String>>,
}

impl Reader {
    fn new(module: &Module) -> Self {
        Self { package: package_of(module), imports: module.imports.iter().filter_map(import).collect() }
    }

    /// A rule of this package.
    fn path(&self, name: &str) -> Vec<String> {
        self.package.iter().cloned().chain([name.to_owned()]).collect()
    }

    fn uses(&self, rule: &Rule) -> Vec<Use> {
        let mut found = Vec::new();
        let mut locals = BTreeSet::new();
        match rule {
            Rule::Spec { head, bodies, .. } => {
                self.head(head, &mut found, &mut locals);
                for RuleBody { assign, query, .. } in bodies {
                    self.assign(assign.as_ref(), &mut found, &mut locals);
                    self.query(query, &mut found, &mut locals);
                }
            }
            Rule::Default { value, .. } => self.expr(value, &mut found, &mut locals),
        }
        // A name that the rule itself gives to a value hides the rule of that name. What is called is never a value.
        found.retain(|used| {
            used.is_call
                || !(used.path.len() > self.package.len() && used.path.starts_with(&self.package) && locals.contains(&used.path[self.package.len()]))
        });
        found
    }

    fn head(&self, head: &RuleHead, found: &mut Vec<Use>, locals: &mut BTreeSet<String>) {
        match head {
            RuleHead::Compr { assign, .. } => self.assign(assign.as_ref(), found, locals),
            RuleHead::Set { key, .. } => key.iter().for_each(|key| self.expr(key, found, locals)),
            RuleHead::Func { args, assign, .. } => {
                args.iter().for_each(|argument| bind(argument, locals));
                self.assign(assign.as_ref(), found, locals);
            }
        }
    }

    fn assign(&self, assign: Option<&RuleAssign>, found: &mut Vec<Use>, locals: &mut BTreeSet<String>) {
        assign.into_iter().for_each(|assign| self.expr(&assign.value, found, locals));
    }

    fn query(&self, query: &Query, found: &mut Vec<Use>, locals: &mut BTreeSet<String>) {
        for LiteralStmt { literal, with_mods, .. } in &query.stmts {
            match literal {
                Literal::SomeVars { vars, .. } => locals.extend(vars.iter().map(|var| var.text().to_owned())),
                Literal::SomeIn { key, value, collection, .. } => {
                    key.iter().chain([value]).for_each(|pattern| bind(pattern, locals));
                    self.expr(collection, found, locals);
                }
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expr(expr, found, locals),
                Literal::Every { key, value, domain, query, .. } => {
                    locals.extend(key.iter().chain([value]).map(|var| var.text().to_owned()));
                    self.expr(domain, found, locals);
                    self.query(query, found, locals);
                }
            }
            for replaced in with_mods {
                self.expr(&replaced.r#as, found, locals);
            }
        }
    }

    fn expr(&self, expr: &Expr, found: &mut Vec<Use>, locals: &mut BTreeSet<String>) {
        match expr {
            Expr::String { .. } | Expr::RawString { .. } | Expr::Number { .. } | Expr::Bool { .. } | Expr::Null { .. } => {}
            Expr::Var { .. } => self.reference(expr, false, found),
            Expr::RefDot { refr, .. } => {
                self.reference(expr, false, found);
                self.inside(refr, found, locals);
            }
            Expr::RefBrack { refr, index, .. } => {
                self.reference(expr, false, found);
                self.inside(refr, found, locals);
                self.expr(index, found, locals);
            }
            Expr::Call { fcn, params, .. } => {
                self.reference(fcn, true, found);
                params.iter().for_each(|parameter| self.expr(parameter, found, locals));
            }
            Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().for_each(|item| self.expr(item, found, locals)),
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
                self.expr(key, found, locals);
                self.expr(value, found, locals);
            }),
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.expr(term, found, locals);
                self.query(query, found, locals);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.expr(key, found, locals);
                self.expr(value, found, locals);
                self.query(query, found, locals);
            }
            Expr::UnaryExpr { expr, .. } => self.expr(expr, found, locals),
            Expr::AssignExpr { op, lhs, rhs, .. } => {
                if matches!(op, regorus::unstable::AssignOp::ColEq) {
                    bind(lhs, locals);
                }
                self.expr(lhs, found, locals);
                self.expr(rhs, found, locals);
            }
            Expr::BinExpr { lhs, rhs, .. } | Expr::BoolExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } => {
                self.expr(lhs, found, locals);
                self.expr(rhs, found, locals);
            }
            Expr::Membership { key, value, collection, .. } => {
                key.iter().chain([value, collection]).for_each(|part| self.expr(part, found, locals));
            }
        }
    }

    /// What a reference stands on, where that is more than a name.
    fn inside(&self, refr: &Expr, found: &mut Vec<Use>, locals: &mut BTreeSet<String>) {
        match refr {
            Expr::Var { .. } => {}
            Expr::RefDot { refr, .. } => self.inside(refr, found, locals),
            Expr::RefBrack { refr, index, .. } => {
                self.inside(refr, found, locals);
                self.expr(index, found, locals);
            }
            other => self.expr(other, found, locals),
        }
    }

    fn reference(&self, refr: &Expr, is_call: bool, found: &mut Vec<Use>) {
        let mut components = Vec::new();
        collect(refr, &mut components);
        let Some(first) = components.first() else { return };
        let path = match first.as_str() {
            "input" => return,
            "data" => components[1..].to_vec(),
            first if self.imports.contains_key(first) => self.imports[first].iter().chain(&components[1..]).cloned().collect(),
            _ if is_call && functions::is_known(&components.join(".")) => components,
            _ if is_call && components.len() > 1 => components,
            _ => self.package.iter().chain(&components).cloned().collect(),
        };
        found.push(Use { path, is_call, at: span(refr.span()) });
    }
}

/// The name that an import gives, and where it leads. Imports of `input` and of keywords lead to no rule.
fn import(import: &Import) -> Option<(String, Vec<String>)> {
    let mut components = Vec::new();
    collect(&import.refr, &mut components);
    let (first, path) = components.split_first()?;
    let name = import.r#as.as_ref().map(|name| name.text().to_owned()).or_else(|| path.last().cloned())?;
    (first == "data").then(|| (name, path.to_vec()))
}

/// The names that a pattern gives to values.
fn bind(pattern: &Expr, locals: &mut BTreeSet<String>) {
    match pattern {
        Expr::Var { span, .. } => _ = locals.insert(span.text().to_owned()),
        Expr::Array { items, .. } => items.iter().for_each(|item| bind(item, locals)),
        Expr::Object { fields, .. } => fields.iter().for_each(|(_, _, value)| bind(value, locals)),
        _ => {}
    }
}
