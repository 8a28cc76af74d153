//! What does a change say of itself? A title, a table of slots with their sources, and how to take it back.

use core_model::{Address, Name};

use crate::command::{Command, Create, Setting};
use crate::language::Language;
use crate::past::Past;
use crate::source::Sourced;

type Slots = Vec<(String, Sourced<String>)>;

fn put<T: std::fmt::Display>(slots: &mut Slots, name: &str, slot: &Sourced<T>) {
    slots.push((name.to_owned(), Sourced::new(slot.value.to_string(), slot.source.clone())));
}

fn name(slots: &mut Slots, title: &str, slot: &Sourced<Name>) {
    slots.push((title.to_owned(), Sourced::new(slot.value.as_str().to_owned(), slot.source.clone())));
}

fn settings(slots: &mut Slots, settings: &[Setting]) {
    for setting in settings {
        put(slots, &setting.path, &setting.change);
    }
}

fn create(slots: &mut Slots, create: &Create) {
    put(slots, "type", &create.type_name);
    put(slots, "provider", &create.provider);
    create.template.iter().for_each(|slot| name(slots, "template", slot));
    create.names.iter().for_each(|slot| name(slots, "name", slot));
    name(slots, "blueprint", &create.blueprint);
    put(slots, "environment", &create.environment);
    settings(slots, &create.settings);
}

/// Every slot of a command with its value and source.
pub(crate) fn slots(command: &Command) -> Slots {
    let mut slots = Slots::new();
    let resources = |slots: &mut Slots, resources: &[Sourced<Address>]| resources.iter().for_each(|slot| put(slots, "resource", slot));
    match command {
        Command::Create(command) => create(&mut slots, command),
        Command::Adopt(command) => {
            put(&mut slots, "object", &command.object);
            create(&mut slots, &command.create);
        }
        Command::Update(command) => {
            resources(&mut slots, &command.resources);
            put(&mut slots, "environment", &command.environment);
            settings(&mut slots, &command.settings);
        }
        Command::Scale(command) => {
            put(&mut slots, "resource", &command.member);
            put(&mut slots, "environment", &command.environment);
            put(&mut slots, "count", &command.count);
        }
        Command::Delete(command) => {
            resources(&mut slots, &command.resources);
            put(&mut slots, "environment", &command.environment);
        }
        Command::Clone(command) => {
            put(&mut slots, "original", &command.original);
            command.names.iter().for_each(|slot| name(&mut slots, "name", slot));
            put(&mut slots, "environment", &command.environment);
            settings(&mut slots, &command.settings);
        }
        Command::CloneEnvironment(command) => {
            name(&mut slots, "from", &command.from);
            name(&mut slots, "to", &command.to);
            let share = &command.share;
            slots.push(("size".to_owned(), Sourced::new(format!("{}/{}", share.value.times, share.value.per), share.source.clone())));
        }
        Command::Power(command) => {
            resources(&mut slots, &command.resources);
            put(&mut slots, "environment", &command.environment);
            slots.push(("power".to_owned(), Sourced::new(format!("{:?}", command.state.value).to_lowercase(), command.state.source.clone())));
        }
        Command::Promote(command) => {
            resources(&mut slots, &command.resources);
            name(&mut slots, "from", &command.from);
            name(&mut slots, "to", &command.to);
        }
        Command::RollBack(_) | Command::Explain(_) | Command::Status(_) | Command::WhoChanged(_) => {}
    }
    slots
}

/// One line, made of checked names and values only.
pub(crate) fn summary(command: &Command, language: Language) -> String {
    let resources = |resources: &[Sourced<Address>]| listed(resources.iter().map(|slot| slot.value.to_string()));
    let names = |names: &[Sourced<Name>]| listed(names.iter().map(|slot| slot.value.as_str().to_owned()));
    let say = |english: String, italian: String| if language == Language::English { english } else { italian };
    match command {
        Command::Create(command) => say(
            format!("Create {} on {}", names(&command.names), command.provider.value),
            format!("Crea {} su {}", names(&command.names), command.provider.value),
        ),
        Command::Adopt(command) => say(format!("Adopt {}", names(&command.create.names)), format!("Adotta {}", names(&command.create.names))),
        Command::Update(command) => {
            let fields = listed(command.settings.iter().map(|setting| setting.path.rsplit('.').next().unwrap_or(&setting.path).to_owned()));
            say(format!("Change {fields} of {}", resources(&command.resources)), format!("Cambia {fields} di {}", resources(&command.resources)))
        }
        Command::Scale(command) => say(
            format!("Scale the set of {} to {}", command.member.value, command.count.value),
            format!("Porta l'insieme di {} a {}", command.member.value, command.count.value),
        ),
        Command::Delete(command) => say(format!("Delete {}", resources(&command.resources)), format!("Elimina {}", resources(&command.resources))),
        Command::Clone(command) => say(
            format!("Create {} like {}", names(&command.names), command.original.value),
            format!("Crea {} come {}", names(&command.names), command.original.value),
        ),
        Command::CloneEnvironment(command) => {
            let (from, to) = (command.from.value.as_str(), command.to.value.as_str());
            say(format!("Put into {to} what {from} has"), format!("Metti in {to} quello che c'è in {from}"))
        }
        Command::Power(command) => {
            let state = format!("{:?}", command.state.value).to_lowercase();
            say(format!("Power {state}: {}", resources(&command.resources)), format!("Alimentazione {state}: {}", resources(&command.resources)))
        }
        Command::Promote(command) => {
            let (from, to) = (command.from.value.as_str(), command.to.value.as_str());
            say(format!("Promote images from {from} to {to}"), format!("Promuovi le immagini da {from} a {to}"))
        }
        Command::RollBack(command) => match &command.past.value {
            Past::PullRequest(number) => say(format!("Take back pull request #{number}"), format!("Annulla la pull request #{number}")),
            Past::BeforePullRequest(number) => {
                say(format!("Go back to before pull request #{number}"), format!("Torna a prima della pull request #{number}"))
            }
            Past::Commit(commit) => say(format!("Go back to commit {commit}"), format!("Torna al commit {commit}")),
            Past::Moment(moment) => say(format!("Go back to how it was at {moment}"), format!("Torna a com'era il {moment}")),
            Past::Day(day) => say(format!("Take back what was merged on {day}"), format!("Annulla quello che è stato unito il {day}")),
            Past::LastChange => say("Take back the last change".to_owned(), "Annulla l'ultima modifica".to_owned()),
        },
        Command::Explain(_) | Command::Status(_) | Command::WhoChanged(_) => say("Answer".to_owned(), "Risposta".to_owned()),
    }
}

/// The most names in a title.
const LISTED_MAX: usize = 3;

fn listed(items: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = items.collect();
    let more = all.len().saturating_sub(LISTED_MAX);
    let shown = all.into_iter().take(LISTED_MAX).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} +{more}") }
}

pub(crate) fn undo(language: Language) -> &'static str {
    language.choose(
        "To undo: press Revert on the merged pull request, or ask for it: `undo` and its number.",
        "Per annullare: premi Revert sulla pull request unita, o chiedilo: `annulla` e il suo numero.",
    )
}
