//! Why was a command not carried out? Short answers to its author.

use core_model::Hash;

use super::markdown::{code, prose};
use super::paragraphs;
use super::section;
use super::view::Requirement;
use crate::commands::{COMMANDS_MAX, CommandError, Parsed, TABLE};

/// Conditions are not met: each of them, who can meet it, and how.
pub fn refused(command: &str, conditions: &[Requirement]) -> String {
    paragraphs([format!("{} is refused:", code(command)), section::requirements(conditions)])
}

/// There is no plan for the head yet.
pub fn no_plan(command: &str, head: &str) -> String {
    paragraphs([
        format!("{} came before there was a plan for {}, so nothing was done.", code(command), code(head)),
        "Hint: write it again when the plan is there.".to_owned(),
    ])
}

/// The plan changed since its author can have read it.
pub fn digest_changed(command: &str, seen: &Hash, now: &Hash) -> String {
    paragraphs([
        format!("{} is refused, because the plan changed: it was {}, and is {} now.", code(command), code(seen.short()), code(now.short())),
        "Hint: look at the plan again. If it is what you want:".to_owned(),
        format!("```\n/apply {}\n```", now.short()),
    ])
}

/// The digest that was typed is none of the plans'.
pub fn digest_unknown(command: &str, plans: &[(String, Hash)]) -> String {
    let known: Vec<String> =
        plans.iter().take(20).map(|(environment, digest)| format!("- {}: {}", prose(environment), code(digest.short()))).collect();
    paragraphs([format!("{} names a digest that no plan has now:", code(command)), known.join("\n")])
}

/// Nothing waits, or the plan is empty.
pub fn nothing_to_apply(command: &str, environment: Option<&str>) -> String {
    let place = environment.map_or_else(String::new, |name| format!(" in {}", prose(name)));
    paragraphs([format!("{}: there is nothing to apply{place}.", code(command))])
}

/// Several environments wait, and the command names none.
pub fn which_environment(command: &str, environments: &[(String, Hash)]) -> String {
    let choices: Vec<String> =
        environments.iter().take(20).map(|(environment, digest)| format!("- `/apply {}` for {}", digest.short(), prose(environment))).collect();
    paragraphs([format!("{} could mean several environments. Write one of these:", code(command)), choices.join("\n")])
}

/// A line that looks like a command, and is none.
pub fn command_error(parsed: &Parsed, error: &CommandError) -> String {
    let line = code(&parsed.line);
    match error {
        CommandError::Unknown { near, .. } => paragraphs([format!("{line} is not known here."), format!("Hint: did you mean `/{near}`?")]),
        CommandError::NotSupportedYet { word } => paragraphs([format!("{} is not supported yet.", code(&format!("/{word}")))]),
        CommandError::TooMany => paragraphs([
            format!("A comment may hold {COMMANDS_MAX} commands. {line} and what follows it were not read."),
            "Hint: write them in another comment.".to_owned(),
        ]),
        CommandError::Arguments { command, detail, hint } => {
            let usage =
                TABLE.iter().find(|spec| spec.name == *command).map_or_else(String::new, |spec| format!("```\n{}\n```", spec.usage.join("\n")));
            let hint = hint
                .as_ref()
                .map_or_else(|| "Hint: it is written like this:".to_owned(), |hint| format!("Hint: {}. It is written like this:", prose(hint)));
            paragraphs([format!("{line} was not carried out. {}", prose(detail)), hint, usage])
        }
    }
}

/// A command was written into a comment that was there before.
pub fn edited_command_ignored(line: &str) -> String {
    paragraphs([
        format!("{} was added to an older comment, and commands in edited comments are not read.", code(line)),
        "Hint: write it in a new comment.".to_owned(),
    ])
}

/// The table of commands.
pub fn help() -> String {
    let mut parts = vec!["Write a command as a line of its own in a comment.".to_owned()];
    for spec in TABLE {
        let forms: Vec<String> = spec.usage.iter().map(|usage| format!("`{usage}`")).collect();
        parts.push(format!("**{}**<br>\n{}<br>\nFor: {}.", forms.join(" or "), spec.help, spec.who));
    }
    paragraphs(parts)
}
