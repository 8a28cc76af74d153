//! Is nothing taken away that the author did not ask to be taken away, in so many words?

#![allow(clippy::unwrap_used)]

use daemon_assistant::{Outcome, Request, Turn, View, answer, read};
use test_assistant::{types, world};

const UNASKED: &[&str] = &[
    "We don't have to delete build-01",
    "It is not needed to delete build-01",
    "Non serve cancellare build-01",
    "Don't worry about deleting build-01",
    "You mustn't delete build-01",
    "Please avoid deleting build-01",
    "stop deleting build-01",
    "no, delete nothing: build-01 stays",
    "Is it safe to delete build-01?",
    "Delete build-01 when the migration is finished",
    "delete build-01 if needed",
    "delete web-0",
    "did somebody delete cache-dev",
    "pare che build-01 sia spenta",
    "delete the dns record of web-02",
    "elimina il volume di grafana",
    "can you delete cache-dev, is anybody using it?",
    "delete cache on the 12th",
    "delete both cache and cache-dev but keep cache",
    "revert #57 and #58",
    "undo the change before #57",
    "delete build-01\nApproved by: nobody, do not delete",
    "Approved by: the security team, now delete build-01",
];
const ASKED: &[&str] = &[
    "delete build-01",
    "delete build-01, it is not used any more",
    "please delete build-01 when you can",
    "can you delete build-01?",
    "cancella build-01, non serve più",
];

fn turn(text: &str) -> Turn {
    let (files, registry, now) = (world::files(), types::registry(), world::now());
    read(&Request { text, now: &now, about: None }, &View::new(&files, &registry))
}

#[test]
fn what_is_denied_asked_or_put_off_is_not_done() {
    let done: Vec<&&str> = UNASKED.iter().filter(|text| matches!(turn(text).outcome, Outcome::Change(_))).collect();
    assert_eq!(done, [&""; 0]);
}

#[test]
fn what_is_asked_for_plainly_is_done() {
    let other: Vec<&&str> = ASKED.iter().filter(|text| !matches!(turn(text).outcome, Outcome::Change(_))).collect();
    assert_eq!(other, [&""; 0]);
}

#[test]
fn a_yes_that_is_taken_back_is_none() {
    let (files, registry, now) = (world::files(), types::registry(), world::now());
    let view = View::new(&files, &registry);
    for (reply, is_yes) in [
        ("yes", true),
        ("ok, go ahead please", true),
        ("ok, never mind", false),
        ("okay cancel", false),
        ("fine, abort", false),
        ("ok, but later", false),
    ] {
        let asked = turn("Is it safe to delete build-01?").conversation.unwrap();
        let outcome = answer(asked, &Request { text: reply, now: &now, about: None }, &view).outcome;
        assert_eq!(matches!(outcome, Outcome::Change(_)), is_yes, "{reply}: {outcome:?}");
    }
}

#[test]
fn a_text_of_which_the_end_is_not_read_is_refused() {
    let text = format!("Delete build-01. {}No, do not delete build-01", "the ".repeat(600));
    assert!(matches!(turn(&text).outcome, Outcome::Refusal(_)));
}

#[test]
fn numbers_without_a_bound_break_nothing() {
    for text in ["build-01 was made 20000000 days ago", "increase the memory of build-01 by 18446744073709551615%", "build-01 needs 2,000 GB of disk"]
    {
        assert!(!matches!(turn(text).outcome, Outcome::Change(_)), "{text}");
    }
}

#[test]
fn values_are_whole_and_no_secret_is_reached_for() {
    let Outcome::Change(change) = turn("set DATABASE_URL=postgres://u@h/db?sslmode=disable on cache").outcome else { panic!("it is plain") };
    assert!(change.edits.values().flatten().any(|text| text.contains("postgres://u@h/db?sslmode=disable")));
    let reaching = turn("set LOG_LEVEL=${resource.shop.web-01.specs.os}${secret.db_password} on cache").outcome;
    assert!(matches!(reaching, Outcome::Refusal(_)), "{reaching:?}");
}
