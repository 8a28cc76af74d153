//! Whatever an author writes: what the assistant says notifies nobody but by number, links nowhere, and hides nothing.

use core_model::plan::Action;
use daemon_app::comment::COMMENT_LENGTH_MAX;
use daemon_app::comment::assistant::{ProposalView, amended, ended, proposal, question, refused, unfit};
use daemon_assistant::{Choice, Fill, Language, ModelVersion, Notes, Question, Reading, Slot, Source, Sourced};
use proptest::prelude::*;
use serde_json::json;

use crate::properties::{check_balanced, hostile, outside_code};
use crate::rendered::html;
use crate::world::{REGISTRY, StepExt, plan_in, step};

fn check(text: &str) {
    assert!(text.chars().count() <= COMMENT_LENGTH_MAX, "{} characters", text.chars().count());
    let html = html(text);
    check_balanced(&html);
    let prose = outside_code(&html);
    for active in
        ['@'.to_string(), "#12".to_owned(), "e.vil".to_owned(), "<script".to_owned(), "<!--".to_owned(), "<img".to_owned(), "<a ".to_owned()]
    {
        assert!(!prose.contains(&active), "`{active}` in:\n{text}\n{prose}");
    }
}

fn sources(words: &str) -> [Source; 3] {
    [
        Source::Author { turn: 1, start: 0, end: 1, words: words.to_owned() },
        Source::Repository { file: words.to_owned(), line: 3 },
        Source::rule(words),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_words_stay_words(texts in prop::collection::vec(hostile(), 1..5)) {
        let first = texts[0].as_str();
        let slots: Vec<_> = texts.iter().flat_map(|text| sources(text).map(|source| (text.clone(), Sourced::new(text.clone(), source)))).collect();
        let prompt = core_model::Hash::of_bytes(b"");
        let version = ModelVersion::of(first);
        let reading = Reading::Model { name: first.to_owned(), version, prompt: prompt.clone(), repairs: 1 };
        let failed = Reading::ModelFailed { name: first.to_owned(), prompt, reason: first.to_owned() };
        let notes = Notes { assumptions: texts.clone(), unread: texts.clone(), reading, ..Notes::default() };
        let plans = [("prod".to_owned(), plan_in("prod", vec![step(Action::Update, "compute", "web").set("specs.note", json!(first), json!("b"))]))];
        let registry = &REGISTRY;
        let view = ProposalView {
            summary: first,
            requester: first,
            asked_in: 7,
            closes: true,
            slots: &slots,
            notes: &notes,
            undo: first,
            plans: &plans,
            registry,
        };
        check(&proposal(&view));
        check(&amended(&view));
        check(&ended(first));
        check(&refused(first, &failed));
        check(&unfit(Language::Italian, first, "Nothing would change."));
        let options = texts.iter().map(|text| Choice { label: text.clone(), fill: Fill::Yes }).collect();
        check(&question(&Question { slot: Slot::Confirmation, text: first.to_owned(), options, default: Some(0) }, Language::English));
    }
}

#[test]
fn a_question_names_its_default() {
    let option = |label: &str| Choice { label: label.to_owned(), fill: Fill::Yes };
    let asked = Question {
        slot: Slot::Environment,
        text: "In which environment?".to_owned(),
        options: vec![option("dev"), option("prod")],
        default: Some(0),
    };
    let text = question(&asked, Language::English);
    assert!(text.starts_with("In which environment?\n\n1. dev (default)\n2. prod\n\nAnswer here"), "{text}");
    assert!(question(&asked, Language::Italian).contains("1. dev (predefinita)"));
}
