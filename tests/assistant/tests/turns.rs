//! What comes of single requests? The edits, their sources, and the turns of a conversation.

#![allow(clippy::unwrap_used)]

use daemon_assistant::{Change, Conversation, Outcome, RefusalReason, Request, Source, Turn, View, answer, form, read};
use test_assistant::{types, world};

fn with_view<T>(test: impl FnOnce(&View<'_>) -> T) -> T {
    let (files, registry) = (world::files(), types::registry());
    test(&View::new(&files, &registry))
}

fn turn(text: &str) -> Turn {
    let now = world::now();
    with_view(|view| read(&Request { text, now: &now, about: None }, view))
}

fn change(text: &str) -> Change {
    match turn(text).outcome {
        Outcome::Change(change) => *change,
        other => panic!("{text}: {other:?}"),
    }
}

/// The lines that an edit takes out (`-`) and puts in (`+`).
fn difference(change: &Change) -> Vec<String> {
    let files = world::files();
    let mut lines = Vec::new();
    for (path, after) in &change.edits {
        let before = files.get(path).map(|bytes| String::from_utf8(bytes.clone()).unwrap()).unwrap_or_default();
        let after = after.clone().unwrap_or_default();
        let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
        lines.extend(old.iter().filter(|line| !new.contains(line)).map(|line| format!("-{line}")));
        lines.extend(new.iter().filter(|line| !old.contains(line)).map(|line| format!("+{line}")));
    }
    lines
}

#[test]
fn an_edit_touches_one_line_and_keeps_its_comment() {
    assert_eq!(difference(&change("give web-01 16 GB of RAM")), ["-      memory: 8GB", "+      memory: 16GB"]);
    let moved = difference(&change("change the ip of web-01 to 10.0.20.15"));
    assert_eq!(
        moved,
        [
            "-      network: {link: lan, ip: 10.0.20.11/24}     # a link: dependency, VLAN and gateway follow",
            "+      network: {link: lan, ip: 10.0.20.15/24}     # a link: dependency, VLAN and gateway follow",
        ]
    );
}

#[test]
fn a_change_in_one_environment_goes_into_its_overlay() {
    let change = change("give db in prod 2 GB of memory");
    let overlay = change.edits.get("blueprints/shop-app.prod.yaml").and_then(Option::as_deref).unwrap();
    assert!(overlay.contains("name: db") && overlay.contains("memory: 2GB"), "{overlay}");
    assert_eq!(change.edits.len(), 1);
}

#[test]
fn every_slot_says_where_it_comes_from() {
    let change = change("give web-01 16 GB of RAM");
    let source = |name: &str| change.slots.iter().find(|(own, _)| own == name).map(|(_, slot)| slot.source.clone()).unwrap();
    assert_eq!(source("specs.memory"), Source::Author { turn: 0, start: 12, end: 24, words: "16 GB of RAM".to_owned() });
    assert!(matches!(source("environment"), Source::Repository { file, .. } if file == "blueprints/shop.yaml"));
}

#[test]
fn a_question_is_answered_in_a_later_turn() {
    let now = world::now();
    let asked = turn("dai 4 GB di memoria al db");
    let Outcome::Question(question) = &asked.outcome else { panic!("{:?}", asked.outcome) };
    assert_eq!(question.text, "In quale ambiente?");
    assert!(question.options.len() <= 5);
    let kept = asked.conversation.unwrap().to_json();
    let Outcome::Change(change) =
        with_view(|view| answer(Conversation::from_json(&kept).unwrap(), &Request { text: "prod", now: &now, about: None }, view)).outcome
    else {
        panic!("no change")
    };
    let environment = change.slots.iter().find(|(name, _)| name == "environment").unwrap();
    assert!(matches!(&environment.1.source, Source::Author { turn: 1, words, .. } if words == "prod"));
}

#[test]
fn a_damaged_or_foreign_state_is_not_read() {
    let kept = turn("give db 4GB of memory").conversation.unwrap().to_json();
    assert!(Conversation::from_json(&kept).is_some());
    assert!(Conversation::from_json(&kept.replacen("\"version\":1", "\"version\":2", 1)).is_none());
    assert!(Conversation::from_json("{}").is_none());
}

#[test]
fn what_a_pull_request_is_about_is_it() {
    let now = world::now();
    let first = change("give web-01 12 GB of RAM");
    let outcome = with_view(|view| read(&Request { text: "make it 16 GB", now: &now, about: Some(&first.command) }, view)).outcome;
    let Outcome::Change(second) = outcome else { panic!("{outcome:?}") };
    assert_eq!(difference(&second), ["-      memory: 8GB", "+      memory: 16GB"]);
}

#[test]
fn a_form_is_read_like_a_sentence() {
    let body = "### Container name\n\nproxy\n\n### Image\n\nnginx:1.27\n\n### Environment\n\nprod\n\n### Blueprint\n\ntools\n\n### Memory\n\n256MB\n\n### Variables\n\n_No response_\n";
    let (_, request) = form::request(body).unwrap();
    let change = change(&request);
    let added: Vec<String> = difference(&change).into_iter().filter(|line| line.starts_with('+')).collect();
    assert_eq!(added, ["+    name: proxy", "+      image: nginx:1.27", "+      memory: 256MB"]);
}

#[test]
fn long_texts_are_refused_and_not_cut() {
    let text = format!("give web-01 16GB of RAM {}", "really ".repeat(2_000));
    assert!(matches!(turn(&text).outcome, Outcome::Refusal(refusal) if refusal.reason == RefusalReason::TooLong));
}

#[test]
fn a_copy_takes_the_next_address_and_nothing_that_is_taken() {
    let lines = difference(&change("one more like web-02"));
    assert!(lines.contains(&"+    name: web-03".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("10.0.20.13/24")), "{lines:?}");
}

#[test]
fn what_others_refer_to_is_not_deleted_silently() {
    assert!(matches!(turn("delete web-01").outcome, Outcome::Refusal(refusal) if refusal.reason == RefusalReason::NotPossible));
}
