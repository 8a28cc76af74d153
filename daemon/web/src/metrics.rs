//! How much was received, how much waits, and what do targets measure? In Prometheus' text form. The daemon's own labels have fixed
//! sets of values; those of targets are bounded by whoever answers for them.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
};

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use daemon_store::Backlog;

use crate::{health, state::WebState, webhook::Outcome};

const FORM: &str = "text/plain; version=0.0.4; charset=utf-8";

/// One number that the rest of the daemon has to tell. All of one name have one meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// As Prometheus writes names.
    pub name: &'static str,
    pub meaning: &'static str,
    /// Names as Prometheus writes them; values may be any text.
    pub labels: Vec<(&'static str, String)>,
    pub value: f64,
}

/// How many webhooks came, by what became of them.
#[derive(Debug, Default)]
pub(crate) struct WebhookCounters([AtomicU64; Outcome::ALL.len()]);

impl WebhookCounters {
    pub(crate) fn count(&self, outcome: Outcome) {
        if let Some(counter) = self.0.get(outcome as usize) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn rows(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Outcome::ALL.into_iter().zip(&self.0).map(|(outcome, counter)| (outcome.word(), counter.load(Ordering::Relaxed)))
    }
}

pub(crate) async fn show(State(state): State<WebState>) -> Response {
    let mut text = String::new();
    family(&mut text, "ipr_build_info", "gauge", "The version that runs.");
    sample(&mut text, "ipr_build_info", &format!("version=\"{}\"", state.shared.options.version), 1);
    family(&mut text, "ipr_webhooks_total", "counter", "Webhooks by what became of them.");
    for (result, count) in state.shared.webhooks.rows() {
        sample(&mut text, "ipr_webhooks_total", &format!("result=\"{result}\""), count);
    }
    family(&mut text, "ipr_ready", "gauge", "Whether the daemon does its work.");
    sample(&mut text, "ipr_ready", "", u64::from((state.shared.options.is_ready)()));
    let backlog = health::backlog(&state).await;
    family(&mut text, "ipr_database_up", "gauge", "Whether the database answers.");
    sample(&mut text, "ipr_database_up", "", u64::from(backlog.is_some()));
    if let Some(backlog) = backlog {
        family(&mut text, "ipr_backlog", "gauge", "What is still to be done, by place and state.");
        for (place, state, count) in rows(&backlog) {
            sample(&mut text, "ipr_backlog", &format!("place=\"{place}\",state=\"{state}\""), count);
        }
    }
    gauges(&mut text, &(state.shared.options.gauges)());
    ([(CONTENT_TYPE, FORM)], text).into_response()
}

/// Those of one name stand together, under one line that says what they are.
fn gauges(text: &mut String, samples: &[Sample]) {
    let mut families: BTreeMap<&str, Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        families.entry(sample.name).or_default().push(sample);
    }
    for (name, samples) in families {
        family(text, name, "gauge", samples[0].meaning);
        for one in samples {
            let labels: Vec<String> = one.labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
            sample(text, name, &labels.join(","), one.value);
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn rows(backlog: &Backlog) -> [(&'static str, &'static str, i64); 9] {
    [
        ("inbox", "waiting", backlog.deliveries),
        ("queue", "due", backlog.jobs_due),
        ("queue", "later", backlog.jobs_later),
        ("queue", "running", backlog.jobs_running),
        ("queue", "dead", backlog.jobs_dead),
        ("outbox", "due", backlog.writes_due),
        ("outbox", "later", backlog.writes_later),
        ("outbox", "sending", backlog.writes_sending),
        ("outbox", "dead", backlog.writes_dead),
    ]
}

// Writing to a String cannot fail.
fn family(text: &mut String, name: &str, kind: &str, meaning: &str) {
    let _ = writeln!(text, "# HELP {name} {meaning}\n# TYPE {name} {kind}");
}

fn sample(text: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = if labels.is_empty() { writeln!(text, "{name} {value}") } else { writeln!(text, "{name}{{{labels}}} {value}") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_counter_of_its_own() {
        let counters = WebhookCounters::default();
        for (times, outcome) in Outcome::ALL.into_iter().enumerate() {
            (0..times).for_each(|_| counters.count(outcome));
        }
        let rows: Vec<_> = counters.rows().collect();
        for (times, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(rows[times], (outcome.word(), times as u64));
        }
    }

    #[test]
    fn samples_of_one_name_stand_together_and_labels_cannot_break_out() {
        let sample = |name, target: &str, value| Sample { name, meaning: "A number.", labels: vec![("target", target.to_owned())], value };
        let bare = Sample { name: "ipr_c", meaning: "Another.", labels: Vec::new(), value: 24.5 };
        let mut text = String::new();
        gauges(&mut text, &[sample("ipr_b", "one", 1.0), sample("ipr_a", "a\"b\\c\nd", 0.0), sample("ipr_b", "two", 0.0), bare]);
        let expected = "# HELP ipr_a A number.\n# TYPE ipr_a gauge\nipr_a{target=\"a\\\"b\\\\c\\nd\"} 0\n\
                        # HELP ipr_b A number.\n# TYPE ipr_b gauge\nipr_b{target=\"one\"} 1\nipr_b{target=\"two\"} 0\n\
                        # HELP ipr_c Another.\n# TYPE ipr_c gauge\nipr_c 24.5\n";
        assert_eq!(text, expected);
    }
}
