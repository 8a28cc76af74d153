//! What does a target measure? Numbers for curves and alarms, kept from the last look at it; no call leaves for them.
//!
//! Families are written down once, in an engine's table, and parts are words of the program: what is exported has as many names
//! as the program knows, and no more values for a target than [`GAUGES_MAX`].

use std::collections::BTreeSet;

/// The form of names and labels. It grows when a dashboard would have to be changed.
pub const GAUGE_FORMAT: u32 = 1;
/// More values of one target are not kept.
pub const GAUGES_MAX: usize = 32;
const RESOURCE_CHARS_MAX: usize = 200;

/// One kind of number.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GaugeFamily {
    /// As Prometheus writes names, with `ipr_` before it: `ipr_machine_on`.
    pub name: &'static str,
    /// A sentence for people.
    pub meaning: &'static str,
}

/// One number.
#[derive(Debug, Clone, PartialEq)]
pub struct Gauge {
    pub family: &'static GaugeFamily,
    /// What it is about: the type and the object's name, `compute/r1-n01`.
    pub resource: String,
    /// Which parts of it: `fan`.
    pub part: Option<&'static str>,
    pub value: f64,
}

impl GaugeFamily {
    fn is_sound(&self) -> bool {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        self.name.starts_with("ipr_") && self.name.bytes().all(plain) && !self.meaning.is_empty() && !self.meaning.contains(['\n', '\\'])
    }
}

impl Gauge {
    /// Those that may be exported: with names as they must be, once each, and not too many.
    pub fn sound(gauges: Vec<Self>) -> Vec<Self> {
        let mut seen = BTreeSet::new();
        let mut is_sound = |gauge: &Self| {
            let is_named = gauge.family.is_sound() && gauge.resource.chars().count() <= RESOURCE_CHARS_MAX;
            is_named && gauge.value.is_finite() && seen.insert((gauge.family.name, gauge.resource.clone(), gauge.part))
        };
        gauges.into_iter().filter(|gauge| is_sound(gauge)).take(GAUGES_MAX).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: GaugeFamily = GaugeFamily { name: "ipr_thing_on", meaning: "Whether it is on." };
    const STRANGE: GaugeFamily = GaugeFamily { name: "thing on", meaning: "Whether it is on." };
    const TWO_LINES: GaugeFamily = GaugeFamily { name: "ipr_thing_off", meaning: "Whether\nit is off." };

    fn gauge(family: &'static GaugeFamily, resource: &str, value: f64) -> Gauge {
        Gauge { family, resource: resource.to_owned(), part: None, value }
    }

    #[test]
    fn what_would_spoil_the_export_is_left_out() {
        let good = gauge(&ON, "thing/a", 1.0);
        let bad = [
            gauge(&STRANGE, "thing/a", 1.0),
            gauge(&TWO_LINES, "thing/a", 1.0),
            gauge(&ON, "thing/b", f64::NAN),
            gauge(&ON, &"x".repeat(RESOURCE_CHARS_MAX + 1), 1.0),
            gauge(&ON, "thing/a", 0.0),
        ];
        assert_eq!(Gauge::sound([std::slice::from_ref(&good), &bad].concat()), std::slice::from_ref(&good));
        let parts = [Some("fan"), Some("drive")].map(|part| Gauge { part, ..good.clone() }).to_vec();
        assert_eq!(Gauge::sound(parts.clone()), parts);
    }

    #[test]
    fn a_target_has_an_end() {
        let many = (0..100).map(|number| gauge(&ON, &format!("thing/{number}"), 1.0)).collect();
        assert_eq!(Gauge::sound(many).len(), GAUGES_MAX);
    }
}
