//! What does the router do by itself, and when?

use core_model::resource_type::{Finding, ResourceType, TypeFacts};
use core_model::schema::{Check, Field, Kind};
use core_model::state::DesiredResource;

use super::{REACH, checks, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

const POLICIES: &[&str] = &["ftp", "password", "policy", "read", "reboot", "romon", "sensitive", "sniff", "test", "write"];
/// The names of the schedulers that guard our own changes.
const RESERVED: &str = "ipr-undo";

const START: Check = Check { what: "a time of the day, or `startup`", example: "03:00:00", parse: checks::start, comparable: Check::whole };

const SPECS: &[Field] = &[
    name("What it is called, in place of `<prefix><resource>`."),
    Field::new("runs", Kind::Text, "What is run: the name of a script, or commands.").required(),
    Field::new("interval", Kind::Duration, "How often it runs; once when left out."),
    Field::new("start", Kind::Checked(&START), "When it runs first; as soon as it is made when left out.").keep_when_unset(),
    Field::new("may", Kind::Set(&Kind::Word(POLICIES)), "What it may do; what the daemon's own user may when left out.").keep_when_unset(),
    Field::new("enabled", Kind::Boolean, "Whether it runs; `true` when left out."),
    REACH,
];

const FACTS: TypeFacts = facts("scheduler", "Commands that the router runs by itself.", SPECS);

/// A job of the router's scheduler.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scheduler;

impl Parted for Scheduler {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[Part::new(
            "/system/scheduler",
            Rows::Named("name"),
            &[
                Argument::new("runs", "on-event"),
                Argument::new("interval", "interval").or("0s"),
                Argument::new("start", "start-time"),
                Argument::new("may", "policy"),
                Argument::new("enabled", "disabled").or("no").inverted(),
            ],
        )];
        PARTS
    }
}

impl ResourceType for Scheduler {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let finding = || Finding {
            path: "specs.name".to_owned(),
            summary: "Reserved name",
            detail: format!("Schedulers whose names begin with `{RESERVED}` undo changes that were not confirmed."),
            hint: Some("give it another name".to_owned()),
        };
        resource.object.starts_with(RESERVED).then(finding).into_iter().collect()
    }
}
