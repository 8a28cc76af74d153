//! What is measured on a machine? A table of families, and numbers of the last look. Parts are kinds of parts: a rack of large
//! servers has thousands of sensors, and an alarm needs to know where to look, no more.

use std::collections::BTreeMap;

use engine_api::{Gauge, GaugeFamily};

static ON: GaugeFamily = GaugeFamily { name: "ipr_machine_on", meaning: "Whether the machine is on." };
static PARTS: GaugeFamily = GaugeFamily { name: "ipr_machine_parts", meaning: "Parts and sensors that were read, by kind." };
static AT_FAULT: GaugeFamily =
    GaugeFamily { name: "ipr_machine_parts_at_fault", meaning: "Those of them that failed, are about to, or are beyond a critical limit." };
static EVENTS: GaugeFamily = GaugeFamily { name: "ipr_machine_event_log_entries", meaning: "Entries in the log of hardware events." };
static EVENTS_LOST: GaugeFamily =
    GaugeFamily { name: "ipr_machine_event_log_overflowed", meaning: "Whether events found no room in the log and were lost." };
static TEMPERATURE: GaugeFamily =
    GaugeFamily { name: "ipr_machine_temperature_max_celsius", meaning: "The highest temperature that a sensor tells." };
static FAN: GaugeFamily = GaugeFamily { name: "ipr_machine_fan_min_rpm", meaning: "Turns per minute of the slowest fan that tells." };

/// Every family, for the engine's page.
pub static FAMILIES: &[&GaugeFamily] = &[&ON, &PARTS, &AT_FAULT, &EVENTS, &EVENTS_LOST, &TEMPERATURE, &FAN];

/// A kind of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The machine as a whole.
    Chassis,
    Drive,
    Fan,
    Memory,
    PowerSupply,
    Processor,
    Temperature,
    Voltage,
    Other,
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Self::Chassis => "chassis",
            Self::Drive => "drive",
            Self::Fan => "fan",
            Self::Memory => "memory",
            Self::PowerSupply => "power-supply",
            Self::Processor => "processor",
            Self::Temperature => "temperature",
            Self::Voltage => "voltage",
            Self::Other => "other",
        }
    }
}

/// How a machine is: sentences for people, and numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Health {
    /// What is worth knowing, one sentence each, without values that change all the time.
    pub notes: Vec<String>,
    parts: BTreeMap<Part, Count>,
    /// `None`: there is no log, or it was not told.
    pub events: Option<u64>,
    pub events_lost: Option<bool>,
    temperature_max_celsius: Option<f64>,
    fan_min_rpm: Option<f64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Count {
    all: u32,
    at_fault: u32,
}

impl Health {
    /// Nothing could be read, and why.
    pub(crate) fn unknown(why: &str) -> Self {
        Self { notes: vec![format!("its health is not known: {why}")], ..Self::default() }
    }

    /// A part that was read, with the sentence about what is wrong with it.
    pub(crate) fn note_part(&mut self, part: Part, complaint: Option<String>) {
        let count = self.parts.entry(part).or_default();
        count.all += 1;
        count.at_fault += u32::from(complaint.is_some());
        self.notes.extend(complaint);
    }

    pub(crate) fn note_celsius(&mut self, celsius: f64) {
        self.temperature_max_celsius = Some(self.temperature_max_celsius.map_or(celsius, |most| most.max(celsius)));
    }

    pub(crate) fn note_rpm(&mut self, rpm: f64) {
        self.fan_min_rpm = Some(self.fan_min_rpm.map_or(rpm, |least| least.min(rpm)));
    }

    /// The numbers of a machine.
    pub(crate) fn gauges(&self, resource: &str, is_on: Option<bool>) -> Vec<Gauge> {
        let gauge = |family, part: Option<Part>, value| Gauge { family, resource: resource.to_owned(), part: part.map(Part::word), value };
        let flag = |is_so| if is_so { 1.0 } else { 0.0 };
        let mut gauges: Vec<Gauge> = is_on.map(|is_on| gauge(&ON, None, flag(is_on))).into_iter().collect();
        for (part, count) in &self.parts {
            gauges.push(gauge(&PARTS, Some(*part), f64::from(count.all)));
            gauges.push(gauge(&AT_FAULT, Some(*part), f64::from(count.at_fault)));
        }
        gauges.extend(self.events.map(|events| gauge(&EVENTS, None, events as f64)));
        gauges.extend(self.events_lost.map(|is_so| gauge(&EVENTS_LOST, None, flag(is_so))));
        gauges.extend(self.temperature_max_celsius.map(|celsius| gauge(&TEMPERATURE, None, celsius)));
        gauges.extend(self.fan_min_rpm.map(|rpm| gauge(&FAN, None, rpm)));
        gauges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_with_everything_wrong_has_room() {
        use Part::{Chassis, Drive, Fan, Memory, Other, PowerSupply, Processor, Temperature, Voltage};
        let mut health = Health { events: Some(7), events_lost: Some(true), ..Health::default() };
        for part in [Chassis, Drive, Fan, Memory, Other, PowerSupply, Processor, Temperature, Voltage] {
            health.note_part(part, Some("it failed".to_owned()));
        }
        health.note_celsius(45.0);
        health.note_celsius(24.0);
        health.note_rpm(6_000.0);
        health.note_rpm(1_200.0);
        let gauges = health.gauges("compute/r1-n01", Some(true));
        assert_eq!(Gauge::sound(gauges.clone()), gauges, "nothing of it is cut off");
        let value = |name: &str| gauges.iter().find(|gauge| gauge.family.name == name).map(|gauge| gauge.value);
        assert_eq!((value("ipr_machine_temperature_max_celsius"), value("ipr_machine_fan_min_rpm")), (Some(45.0), Some(1_200.0)));
        assert!(gauges.iter().all(|gauge| FAMILIES.contains(&gauge.family)));
    }

    #[test]
    fn what_was_not_told_is_not_measured() {
        assert_eq!(Health::default().gauges("compute/r1-n01", None), []);
    }
}
