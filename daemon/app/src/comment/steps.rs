//! What does a plan do to an environment? Its steps, worst first, as much of each as fits.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use core_model::plan::{Action, Inverse, Plan, Risk, Step};
use core_model::resource_type::Registry;

use super::detail::{Detail, Shown, is_severe};
use super::markdown::{capped, counted, details, fence, listed, prose};
use super::step::{self, Full, sign};

/// Steps without danger are folded when they need more lines than this.
const OPEN_LINES_MAX: usize = 40;
const NAMES_ON_A_LINE: usize = 8;
const STAYING_MAX: usize = 5;

/// Worst first, the order in which reviewers should read. What a step waits for is said beside it.
const ACTIONS: [Action; 8] =
    [Action::Delete, Action::Replace, Action::Restart, Action::Update, Action::Create, Action::Adopt, Action::Move, Action::Release];

/// `+1 ~2 -0`, with the other actions where there are any.
pub(crate) fn counts(plan: &Plan) -> String {
    let mut parts = Vec::new();
    for action in [Action::Create, Action::Update, Action::Restart, Action::Replace, Action::Delete, Action::Move, Action::Adopt, Action::Release] {
        let count = plan.count(action);
        if count > 0 || matches!(action, Action::Create | Action::Update | Action::Delete) {
            parts.push(format!("{}{count}", sign(action)));
        }
    }
    parts.join(" ")
}

/// `1 create, 2 updates and 1 delete`.
pub(crate) fn in_words<'a>(plans: impl Iterator<Item = &'a Plan> + Clone) -> String {
    let order = [Action::Create, Action::Update, Action::Restart, Action::Replace, Action::Delete, Action::Move, Action::Adopt, Action::Release];
    let parts: Vec<String> = order
        .iter()
        .map(|action| (plans.clone().map(|plan| plan.count(*action)).sum::<usize>(), action.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    listed(&parts)
}

/// All steps of a plan.
pub(crate) fn body(plan: &Plan, registry: &Registry, detail: Detail, pull_request: Option<u64>) -> String {
    let mut sorted: Vec<&Step> = plan.steps.iter().collect();
    sorted.sort_by_key(|step| (std::cmp::Reverse(step.risk == Risk::DataLoss), ACTIONS.iter().position(|action| *action == step.action)));
    let (severe, calm): (Vec<&Step>, Vec<&Step>) = sorted.into_iter().partition(|step| is_severe(step));
    let severe_lines = Group { steps: &severe, registry, detail, pull_request }.lines();
    let calm_lines = Group { steps: &calm, registry, detail, pull_request }.lines();
    let mut out = String::new();
    if calm_lines.len() <= OPEN_LINES_MAX {
        let between = !severe_lines.is_empty() && !calm_lines.is_empty();
        let all: Vec<String> = severe_lines.into_iter().chain(between.then(String::new)).chain(calm_lines).collect();
        if !all.is_empty() {
            out.push_str(&fence("diff", &all));
        }
    } else {
        if !severe_lines.is_empty() {
            out.push_str(&fence("diff", &severe_lines));
            out.push('\n');
        }
        out.push_str(&details(&format!("{}, none above {}", summary(&calm), worst(&calm)), &fence("diff", &calm_lines)));
    }
    out
}

fn summary(steps: &[&Step]) -> String {
    let mut counts: BTreeMap<usize, (&str, usize)> = BTreeMap::new();
    for step in steps {
        let place = ACTIONS.iter().position(|action| *action == step.action).unwrap_or(ACTIONS.len());
        counts.entry(place).or_insert((step.action.word(), 0)).1 += 1;
    }
    listed(&counts.values().map(|(word, count)| counted(*count, word)).collect::<Vec<_>>())
}

fn worst(steps: &[&Step]) -> &'static str {
    match steps.iter().map(|step| step.risk).max().unwrap_or(Risk::None) {
        Risk::None => "any risk",
        risk => risk.word(),
    }
}

struct Group<'a> {
    steps: &'a [&'a Step],
    registry: &'a Registry,
    detail: Detail,
    pull_request: Option<u64>,
}

impl Group<'_> {
    fn lines(&self) -> Vec<String> {
        let mut full: Vec<&Step> = Vec::new();
        let mut lines = Vec::new();
        let mut named: BTreeMap<(usize, String), Vec<&Step>> = BTreeMap::new();
        let mut left_out: Vec<&Step> = Vec::new();
        for step in self.steps {
            match self.detail.of(step) {
                Shown::Full => full.push(step),
                Shown::Line => lines.push(step::line(step)),
                Shown::Name => {
                    let place = ACTIONS.iter().position(|action| *action == step.action).unwrap_or(ACTIONS.len());
                    named.entry((place, step.address.blueprint.to_string())).or_default().push(step);
                }
                Shown::Counted => left_out.push(step),
            }
        }
        lines.extend(in_full(&full, self.registry));
        for ((_, blueprint), steps) in &named {
            lines.extend(names(blueprint, steps));
        }
        if !left_out.is_empty() {
            let and = if lines.is_empty() { "" } else { "and " };
            let more = if lines.is_empty() { "" } else { " more" };
            let how = self.pull_request.map_or_else(String::new, |number| format!("; `ipr plan --pr {number}` shows all").replace('`', ""));
            lines.push(format!("# {and}{}{more}, none above {}{how}", summary(&left_out), worst(&left_out)));
        }
        lines
    }
}

/// Steps in full; what differs in nothing but the address is shown once, with all the addresses.
fn in_full(steps: &[&Step], registry: &Registry) -> Vec<String> {
    let mut alike: Vec<(Full, Vec<&Step>)> = Vec::new();
    let mut places: HashMap<Full, usize> = HashMap::new();
    for step in steps {
        let full = Full::of(step, registry);
        if full.is_one_line() || step.moved_from.is_some() {
            alike.push((full, vec![step]));
            continue;
        }
        match places.entry(full) {
            Entry::Occupied(known) => alike[*known.get()].1.push(step),
            Entry::Vacant(new) => {
                alike.push((new.key().clone(), vec![step]));
                new.insert(alike.len() - 1);
            }
        }
    }
    let mut lines = Vec::new();
    let mut after_fields = false;
    for (full, steps) in alike {
        // Steps with fields are set apart; a list of plain lines stays a list.
        let has_fields = !full.is_one_line();
        if !lines.is_empty() && (has_fields || after_fields) {
            lines.push(String::new());
        }
        after_fields = has_fields;
        lines.extend(full.lines(&steps));
    }
    lines
}

/// `- delete 3000 in shop: web-1, web-2, ...`, several names a line.
fn names(blueprint: &str, steps: &[&Step]) -> Vec<String> {
    let Some(first) = steps.first() else { return Vec::new() };
    let lost = steps.iter().filter(|step| step.risk == Risk::DataLoss).count();
    let lost = if lost > 0 { format!(", {lost} of them with data-loss") } else { String::new() };
    let mut lines = vec![format!("{} {} {} in {blueprint}{lost}:", sign(first.action), first.action.word(), steps.len())];
    for chunk in steps.chunks(NAMES_ON_A_LINE) {
        let names: Vec<String> = chunk.iter().map(|step| step.address.resource.to_string()).collect();
        lines.push(format!("{}     {}", sign(first.action), names.join(", ")));
    }
    lines
}

/// `If it fails: 4 are undone, 1 stays: ...`. Nothing where nothing would be called.
pub(crate) fn if_it_fails(plan: &Plan) -> String {
    let mutating: Vec<&Step> = plan.steps.iter().filter(|step| step.action.mutates()).collect();
    let staying: Vec<(&Step, &str)> = mutating
        .iter()
        .filter_map(|step| match &step.inverse {
            Inverse::None { why } => Some((*step, why.as_str())),
            Inverse::Exact | Inverse::DeleteWhatWeMade => None,
        })
        .collect();
    if mutating.is_empty() {
        return String::new();
    }
    let undone = mutating.len() - staying.len();
    let mut parts = Vec::new();
    if undone > 0 {
        parts.push(format!("{undone} undone"));
    }
    if !staying.is_empty() {
        let mut whys: Vec<String> =
            staying.iter().take(STAYING_MAX).map(|(step, why)| format!("`{}`, {}", step.address, prose(&capped(why, 200)))).collect();
        if staying.len() > STAYING_MAX {
            whys.push(format!("{} more", staying.len() - STAYING_MAX));
        }
        let verb = if staying.len() == 1 { "stays" } else { "stay" };
        parts.push(format!("{} {verb} ({})", staying.len(), whys.join("; ")));
    }
    format!("If it fails: {}.\n", parts.join(", "))
}
