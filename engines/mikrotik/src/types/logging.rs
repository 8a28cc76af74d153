//! Where do log lines go, and which?

use core_model::resource_type::{Finding, ResourceType, TypeFacts};
use core_model::schema::{Check, Field, Kind};
use core_model::state::DesiredResource;

use super::{REACH, checks, facts, name};
use crate::shape::{Argument, Part, Parted, Rows};

/// Topics that must all be there, with `!` in front for those that must not.
const TOPICS: Check = Check { what: "topics", example: "info,!dns", parse: checks::topics, comparable: Check::whole };

const SPECS: &[Field] = &[
    name("What the action is called, in place of `<prefix><resource>`; letters and digits alone."),
    Field::new("target", Kind::Word(&["disk", "echo", "memory", "remote"]), "Where lines go.").required(),
    Field::new("remote", Kind::Ip, "The server, with `target: remote`."),
    Field::new("port", Kind::Integer { min: 1, max: 65_535 }, "The server's port; 514 when left out."),
    Field::new("from", Kind::Ip, "The address that lines are sent from; any when left out."),
    Field::new("lines", Kind::Integer { min: 1, max: 65_535 }, "How many are kept, with `target: memory`; 1000 when left out."),
    Field::new("topics", Kind::Set(&Kind::Checked(&TOPICS)), "Which lines go there: all rules of this action."),
    REACH,
];

const FACTS: TypeFacts = facts("logging", "A place for log lines, and the topics that go there.", SPECS);

/// An action of logging, with its rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Logging;

fn any(_: &str) -> bool {
    true
}

impl Parted for Logging {
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part::new(
                "/system/logging/action",
                Rows::Named("name"),
                // The menu has no `unset`, so that each argument has a default here.
                &[
                    Argument::new("target", "target"),
                    Argument::new("remote", "remote").or("0.0.0.0"),
                    Argument::new("port", "remote-port").or("514"),
                    Argument::new("from", "src-address").or("0.0.0.0"),
                    Argument::new("lines", "memory-lines").or("1000"),
                ],
            ),
            // Rules have a comment from 7.24 on only: they are known by the action that they name.
            Part::new("/system/logging", Rows::Each { field: "topics", argument: "topics", owner: "action", only: any }, &[]).without_comment(),
        ];
        PARTS
    }
}

impl ResourceType for Logging {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        if resource.object.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            return Vec::new();
        }
        vec![Finding {
            path: "specs.name".to_owned(),
            summary: "Unusable name",
            detail: format!("An action is called by letters and digits alone, and `{}` is not.", resource.object),
            hint: Some("give it another one, for example `name: central`".to_owned()),
        }]
    }
}
