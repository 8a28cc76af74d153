//! Do failures say what they must, and nothing that they must not?

use std::error::Error as _;

use core_model::canonical;
use core_model::schema::{Field, Kind};
use serde_json::Value;

use crate::contract::bench::Bench;
use crate::contract::journal::{Interruption, MemoryJournal, Moment};
use crate::contract::sample::{CANARY, Sample};
use crate::contract::subject::Subject;
use crate::error::{EngineError, ErrorKind};

/// Every kind of failure that the target can be brought to is reported as what it is.
pub async fn errors_have_their_kind(subject: &dyn Subject) {
    let mut provoked = Vec::new();
    for kind in ErrorKind::ALL {
        let bench = Bench::fresh(subject).await;
        let Some(error) = subject.provoke(kind, &bench).await else { continue };
        assert_eq!(error.kind, kind, "{error}");
        assert!(!error.attempted.is_empty(), "{kind:?}: the error does not say what was attempted");
        assert_silent(&error, "a provoked failure");
        provoked.push(kind);
    }
    subject.remove_all().await;
    assert!(provoked.contains(&ErrorKind::Unreachable), "the subject cannot make its target unreachable; it could provoke {provoked:?}");
}

/// The canary is in no error and in no intent, whatever goes wrong.
pub async fn a_secret_appears_nowhere(subject: &dyn Subject) {
    let samples = subject.samples();
    let takes_secrets = samples.iter().any(|sample| accepts_secret(sample.facts().specs));
    let with_canary: Vec<&Sample> = samples.iter().filter(|sample| holds_canary(sample)).collect();
    assert!(!takes_secrets || !with_canary.is_empty(), "a type accepts secrets, but no sample holds `contract::canary()`");
    for sample in with_canary {
        for moment in Moment::ALL {
            let mut bench = Bench::fresh(subject).await;
            let wanted = bench.resolve(sample, &sample.values).await;
            let order = bench.plan(sample, &wanted, None).await.unwrap_or_else(|| panic!("{}: nothing to do", sample.title()));
            let printed = format!("{:?}", order.step);
            assert!(!printed.contains(CANARY), "{}: the step holds the secret", sample.title());
            let attempt = bench.interrupt(&order, Interruption { moment, call: 1 }).await;
            if let Some(Err(error)) = &attempt.result {
                assert_silent(error, &sample.title());
            }
            assert_no_canary_in(&attempt.journal, sample);
            bench.must(sample, &order).await;
            assert_no_canary_in(&bench.journal, sample);
        }
        if sample.is_marked() {
            conflict_is_silent(subject, sample).await;
        }
    }
}

async fn conflict_is_silent(subject: &dyn Subject, sample: &Sample) {
    let bench = Bench::fresh(subject).await;
    let wanted = bench.resolve(sample, &sample.values).await;
    let order = bench.plan(sample, &wanted, None).await.unwrap_or_else(|| panic!("{}: nothing to do", sample.title()));
    subject.make_foreign(sample).await;
    if let Err(error) = bench.carry_out(&order).await {
        assert_silent(&error, &sample.title());
    }
    assert_no_canary_in(&bench.journal, sample);
}

fn assert_no_canary_in(journal: &MemoryJournal, sample: &Sample) {
    for entry in journal.entries() {
        assert!(!format!("{entry:?}").contains(CANARY), "{}: the journal holds the secret, in `{}`", sample.title(), entry.intent.operation);
    }
}

fn assert_silent(error: &EngineError, whose: &str) {
    let mut texts = vec![format!("{error}"), format!("{error:?}")];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    for text in texts {
        assert!(!text.contains(CANARY), "{whose}: an error holds the secret");
    }
}

fn holds_canary(sample: &Sample) -> bool {
    canonical::text(&Value::Object(sample.values.clone())).contains("\"$secret\"")
}

fn accepts_secret(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.accepts_secret || matches!(field.kind, Kind::Object(inner) if accepts_secret(inner)))
}
