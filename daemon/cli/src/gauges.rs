//! What do targets measure, for `/metrics`? The numbers of the last looks, with their labels; nothing is asked for them.

use std::sync::Arc;

use daemon_app::{Measured, Measurements};
use daemon_web::{GaugeQuestion, Sample};
use engine_api::GAUGE_FORMAT;

/// Answered from memory for each request.
pub(crate) fn question(measurements: Arc<Measurements>) -> GaugeQuestion {
    Box::new(move || {
        let mut samples = vec![Sample {
            name: "ipr_gauge_format",
            meaning: "The form of the names and labels of what targets measure.",
            labels: Vec::new(),
            value: f64::from(GAUGE_FORMAT),
        }];
        for (repository, target, measured) in measurements.all() {
            samples.extend(of_target(&repository, target.as_str(), &measured));
        }
        samples
    })
}

fn of_target(repository: &str, target: &str, measured: &Measured) -> Vec<Sample> {
    let labels = || vec![("repository", repository.to_owned()), ("target", target.to_owned())];
    let mut samples = vec![
        Sample {
            name: "ipr_target_seen",
            meaning: "Whether the last look at the target saw it.",
            labels: labels(),
            value: if measured.gauges.is_some() { 1.0 } else { 0.0 },
        },
        Sample {
            name: "ipr_target_look_timestamp_seconds",
            meaning: "When the target was looked at last. All else of it is as old as that.",
            labels: labels(),
            value: measured.at_unix_s as f64,
        },
    ];
    for gauge in measured.gauges.iter().flatten() {
        let mut labels = labels();
        labels.push(("resource", gauge.resource.clone()));
        labels.extend(gauge.part.map(|part| ("part", part.to_owned())));
        samples.push(Sample { name: gauge.family.name, meaning: gauge.family.meaning, labels, value: gauge.value });
    }
    samples
}
