//! Which commands does a comment hold?

use daemon_app::commands::{COMMANDS_MAX, Command, CommandError, TABLE, parse, reference_page};

/// The commands of a comment in one line each; mistakes after a `!`.
fn read(comment: &str) -> Vec<String> {
    let shown = |environment: &Option<String>| environment.clone().unwrap_or_else(|| "*".into());
    parse(comment)
        .iter()
        .map(|parsed| match &parsed.command {
            Ok(Command::Plan { environment }) => format!("plan {}", shown(environment)),
            Ok(Command::Skip { environment, named }) => match named {
                Some(named) => format!("skip {} {named}", shown(environment)),
                None => format!("skip {}", shown(environment)),
            },
            Ok(Command::Why { address }) => format!("why {}", address.as_ref().map_or("*".into(), ToString::to_string)),
            Ok(Command::Help) => "help".into(),
            Ok(Command::Apply { environment, digest, deletes }) => {
                format!("apply {} {} {}", shown(environment), shown(digest), deletes.map_or("*".into(), |count| count.to_string()))
            }
            Err(CommandError::Unknown { word, near }) => format!("! {word} near {near}"),
            Err(CommandError::NotSupportedYet { word }) => format!("! {word} not yet"),
            Err(CommandError::Arguments { command, detail, .. }) => format!("! {command}: {detail}"),
            Err(CommandError::TooMany) => "! too many".into(),
        })
        .collect()
}

fn check(comment: &str, expected: &[&str]) {
    assert_eq!(read(comment), expected, "{comment}");
}

#[test]
fn arguments() {
    check("/plan", &["plan *"]);
    check("/plan prod", &["plan prod"]);
    check("/apply", &["apply * * *"]);
    check("/apply prod", &["apply prod * *"]);
    check("/apply 3f9c0a1b2c3d", &["apply * 3f9c0a1b2c3d *"]);
    check("/apply prod 3f9c0a1b", &["apply prod 3f9c0a1b *"]);
    check("/apply 3f9c0a1b prod", &["apply prod 3f9c0a1b *"]);
    check("/apply beadfeed 3f9c0a1b", &["apply beadfeed 3f9c0a1b *"]);
    check("/apply 3f9c0a1b --deletes 7", &["apply * 3f9c0a1b 7"]);
    check("/apply --deletes=7 prod", &["apply prod * 7"]);
    check("/skip dev", &["skip dev"]);
    check("/skip 3f9c0a1b2c3d", &["skip * 3f9c0a1b2c3d"]);
    check("/skip prod 3f9c0a1b", &["skip prod 3f9c0a1b"]);
    check("/why", &["why *"]);
    check("/why `web.app`?", &["why web.app"]);
    check("/why web", &["! why: `web` is no address."]);
    check("/help", &["help"]);
}

#[test]
fn what_people_type() {
    check("/Apply PROD 3F9C0A1B", &["apply prod 3f9c0a1b *"]);
    check("/plan.", &["plan *"]);
    check("/plan prod, please", &["! plan: `please` is not understood here."]);
    check("/apply 3f9c0a1b2c3d…", &["apply * 3f9c0a1b2c3d *"]);
    check("/apply `3f9c0a1b`", &["apply * 3f9c0a1b *"]);
    check("/apply —deletes 3", &["apply * * 3"]);
    check("/plan\\\n/help", &["plan *", "help"]);
    check("  /plan", &["plan *"]);
    check("looks good\n/apply prod\nthank you", &["apply prod * *"]);
    check("/plan dev\r\n/plan prod\r\n", &["plan dev", "plan prod"]);
}

#[test]
fn mistakes() {
    check("/aply", &["! aply near apply"]);
    check("/aplpy", &["! aplpy near apply"]);
    check("/plann", &["! plann near plan"]);
    check("/apply 3f9c", &["! apply: `3f9c` is too short for a digest."]);
    check("/apply prod staging", &["! apply: `staging` is not understood here."]);
    check("/apply --deletes", &["! apply: `--deletes` wants a value after it."]);
    check("/apply --deletes -1", &["! apply: `--deletes` wants a number, and `-1` is none."]);
    check("/apply --emergency fire", &["! apply: `--emergency` is not supported yet."]);
    check("/rollback", &["! rollback not yet"]);
    check("/unlock prod", &["! unlock not yet"]);
}

#[test]
fn words_of_others_are_not_answered() {
    for comment in
        ["/cc @maria", "/lgtm", "/label bug", "/close", "/etc/passwd", "/tmp", "/", "/ plan", "/applyall", "a /plan b", "ipr apply", "\\apply"]
    {
        check(comment, &[]);
    }
}

#[test]
fn what_was_not_said_to_us() {
    for comment in [
        "> /apply prod",
        "> text\n/apply prod",
        "```\n/apply prod\n```",
        "~~~\n/apply prod",
        "    /apply prod",
        "`/apply prod`",
        "**/apply prod**",
        "[/apply prod](https://example.com)",
        "- /apply prod",
        "1. /apply prod",
        "- item\n\n  /apply prod",
        "# /apply prod",
        "| a |\n|---|\n| /apply prod |",
        "<!-- \n/apply prod\n-->",
        "text <!--\n/apply prod\n-->",
        "<!--\n\n/apply prod\n\n-->",
        "<div>\n/apply prod\n</div>",
        "<pre>\n\n/apply prod\n</pre>",
        "[^1]: note\n\n    /apply prod",
        "\\/apply prod",
        "&#47;apply prod",
        "> [!NOTE]\n> /apply prod",
    ] {
        check(comment, &[]);
    }
}

#[test]
fn answers_by_mail() {
    check("/plan dev\n\nOn Mon, 3 Mar 2025 at 10:00, ipr wrote:\n\n/apply prod\n", &["plan dev"]);
    check("/plan dev\n\nOn Mon, 3 Mar 2025 at 10:00, ipr[bot] <notifications@github.com>\nwrote:\n\n/apply prod\n", &["plan dev"]);
    check("/plan dev\n\n-----Original Message-----\nFrom: ipr\n\n/apply prod\n", &["plan dev"]);
    check("On Mon, 3 Mar 2025, ipr wrote:\n> /apply prod\n\n/plan dev\n", &["plan dev"]);
    check("On Monday we looked at it.\n\n/plan dev\n", &["plan dev"]);
}

#[test]
fn several_and_too_many() {
    check("/plan dev\n\ntext\n\n/apply prod", &["plan dev", "apply prod * *"]);
    let many = "/help\n".repeat(COMMANDS_MAX + 5);
    let found = read(&many);
    assert_eq!(found.len(), COMMANDS_MAX + 1);
    assert_eq!(found.last().unwrap(), "! too many");
}

#[test]
fn the_table_is_sound() {
    for spec in TABLE {
        for usage in spec.usage {
            assert!(usage.starts_with(&format!("/{}", spec.name)), "{usage}");
        }
        let plain = spec.usage[0].replace("<digest>", "3f9c0a1b");
        assert!(parse(&plain)[0].command.is_ok(), "{plain}");
    }
}

/// `docs/commands.md` is made from the table. Run the tests with `IPR_WRITE_DOCS=1` to write it.
#[test]
fn commands_page() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md");
    if std::env::var_os("IPR_WRITE_DOCS").is_some() {
        std::fs::write(path, reference_page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), reference_page(), "run the tests of daemon-app with IPR_WRITE_DOCS=1");
}
