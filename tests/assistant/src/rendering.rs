//! What is an outcome as one line? The form in which the corpus says what should come of a request.

use daemon_assistant::{Command, Create, FieldChange, Outcome, Past, Query, Setting, Sourced};

/// An outcome as one line; values in the order of their paths.
pub fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Question(question) => format!("ask {}", question.slot.as_str()),
        Outcome::Change(change) => command(&change.command),
        Outcome::RollBack(roll_back, _) => command(&Command::RollBack((**roll_back).clone())),
        Outcome::Answer(query, _) => command(query),
        Outcome::Refusal(refusal) => format!("refuse {}", word(&format!("{:?}", refusal.reason))),
    }
}

/// `NotOurs` as `not-ours`.
fn word(name: &str) -> String {
    let mut word = String::new();
    for (place, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && place > 0 {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

fn command(command: &Command) -> String {
    let line = match command {
        Command::Create(create) => format!("create {}", created(create)),
        Command::Adopt(adopt) => format!("adopt {} as {}", adopt.object.value, created(&adopt.create)),
        Command::Update(update) => format!("update {} @{}{}", list(&update.resources), update.environment.value, settings(&update.settings)),
        Command::Scale(scale) => format!("scale {} @{} {}", scale.member.value, scale.environment.value, scale.count.value),
        Command::Delete(delete) => format!("delete {} @{}", list(&delete.resources), delete.environment.value),
        Command::Clone(clone) => {
            let names = clone.names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(",");
            format!("clone {} as {names} @{}{}", clone.original.value, clone.environment.value, settings(&clone.settings))
        }
        Command::CloneEnvironment(clone) => {
            format!(
                "clone-environment {} {} {}/{}",
                clone.from.value.as_str(),
                clone.to.value.as_str(),
                clone.share.value.times,
                clone.share.value.per
            )
        }
        Command::Power(power) => {
            format!("power {} @{} {}", list(&power.resources), power.environment.value, word(&format!("{:?}", power.state.value)))
        }
        Command::RollBack(roll_back) => {
            let environment = roll_back.environment.as_ref().map(|name| format!(" @{}", name.value.as_str())).unwrap_or_default();
            let resources = if roll_back.resources.is_empty() { String::new() } else { format!(" {}", list(&roll_back.resources)) };
            format!("roll-back {}{resources}{environment}", past(&roll_back.past.value))
        }
        Command::Promote(promote) => format!("promote {} {} {}", list(&promote.resources), promote.from.value.as_str(), promote.to.value.as_str()),
        Command::Explain(query) => format!("explain{}", asked(query)),
        Command::Status(query) => format!("status{}", asked(query)),
        Command::WhoChanged(query) => format!("who-changed{}", asked(query)),
    };
    line.trim_end().to_owned()
}

fn list<T: std::fmt::Display>(items: &[Sourced<T>]) -> String {
    let mut texts: Vec<String> = items.iter().map(|item| item.value.to_string()).collect();
    texts.sort();
    texts.join(",")
}

fn created(create: &Create) -> String {
    let names = create.names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(",");
    let (kind, provider) = (&create.type_name.value, &create.provider.value);
    format!("{provider}/{kind} {}.{names} @{}{}", create.blueprint.value.as_str(), create.environment.value, settings(&create.settings))
}

fn settings(settings: &[Setting]) -> String {
    let mut texts: Vec<String> = settings.iter().map(|setting| format!(" {}", shown(&setting.path, &setting.change.value))).collect();
    texts.sort();
    texts.concat()
}

fn shown(path: &str, change: &FieldChange) -> String {
    match change {
        FieldChange::Set(text) => format!("{path}={text}"),
        FieldChange::SetList(items) => format!("{path}=[{}]", items.join(",")),
        FieldChange::Add(items) => format!("{path}+=[{}]", items.join(",")),
        FieldChange::Remove(items) => format!("{path}-=[{}]", items.join(",")),
        FieldChange::Unset => format!("{path}=unset"),
    }
}

fn past(past: &Past) -> String {
    match past {
        Past::PullRequest(number) => format!("pr={number}"),
        Past::BeforePullRequest(number) => format!("before-pr={number}"),
        Past::Commit(commit) => format!("commit={commit}"),
        Past::Moment(moment) => format!("moment={moment}"),
        Past::Day(day) => format!("day={day}"),
        Past::LastChange => "last".to_owned(),
    }
}

fn asked(query: &Query) -> String {
    let resources = if query.resources.is_empty() { String::new() } else { format!(" {}", list(&query.resources)) };
    let field = query.field.as_ref().map(|field| format!(" {}", field.value)).unwrap_or_default();
    let environment = query.environment.as_ref().map(|name| format!(" @{}", name.value.as_str())).unwrap_or_default();
    format!("{resources}{field}{environment}")
}
