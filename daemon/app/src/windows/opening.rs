//! Is a window open, and when does it open next? Its days and hours on the clock of its time zone.

use core_config::Window;
use jiff::civil::{Date, Time};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};

/// How far ahead an opening is looked for. Windows come back every week, so that what does not open in two never does.
const DAYS_AHEAD: i64 = 15;
const DAY_MINUTES: u16 = 24 * 60;

/// A window with its time zone from the table that is built in: the same everywhere.
#[derive(Debug)]
pub(super) struct Hours<'a> {
    window: &'a Window,
    zone: TimeZone,
}

impl<'a> Hours<'a> {
    /// `ipr validate` refuses a zone that the table has not.
    pub(super) fn of(window: &'a Window) -> Self {
        let zone = TimeZoneDatabase::bundled().get(&window.zone).unwrap_or(TimeZone::UTC);
        Self { window, zone }
    }

    /// Whether it is open at a moment, in seconds since 1970.
    fn is_open(&self, moment_s: i64) -> bool {
        // One that began yesterday may still be open.
        self.spans(moment_s, -1, 1).any(|(from, until)| from <= moment_s && moment_s < until)
    }

    /// The beginnings to come.
    fn openings(&self, moment_s: i64) -> impl Iterator<Item = i64> {
        self.spans(moment_s, 0, DAYS_AHEAD).map(|(from, _)| from).filter(move |from| *from > moment_s)
    }

    /// Beginnings and ends on the days from `first` to `last` days after a moment. Where clocks go forward over an end of it, that
    /// end is as much later; where they go back, the first of the two counts.
    fn spans(&self, moment_s: i64, first: i64, last: i64) -> impl Iterator<Item = (i64, i64)> {
        let today = moment(moment_s).to_zoned(self.zone.clone()).date();
        (first..=last).filter_map(move |offset| {
            let day = today.checked_add(Span::new().try_days(offset).ok()?).ok()?;
            if !self.window.days[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())] {
                return None;
            }
            let ends_on = if self.window.until <= self.window.from { day.tomorrow().ok()? } else { day };
            Some((self.second(day, self.window.from)?, self.second(ends_on, self.window.until)?))
        })
    }

    fn second(&self, day: Date, minutes: u16) -> Option<i64> {
        let (day, minutes) = if minutes == DAY_MINUTES { (day.tomorrow().ok()?, 0) } else { (day, minutes) };
        let time = Time::new(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0).ok()?;
        Some(self.zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().ok()?.as_second())
    }

    /// How a moment is called where the window is: `Mon 2026-11-23 08:00 Europe/Rome`.
    fn called(&self, moment_s: i64) -> String {
        format!("{} {}", moment(moment_s).to_zoned(self.zone.clone()).strftime("%a %Y-%m-%d %H:%M"), self.window.zone)
    }
}

fn moment(moment_s: i64) -> Timestamp {
    Timestamp::from_second(moment_s).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Whether steps may run.
#[derive(Debug, PartialEq)]
pub(super) enum Opening {
    Now,
    /// In these words: the first moment at which each set has a window that is open.
    At(String),
    Never,
}

/// Of each set one window must be open.
pub(super) fn opening(sets: &[Vec<&Window>], now_s: i64) -> Opening {
    let sets: Vec<Vec<Hours<'_>>> = sets.iter().map(|windows| windows.iter().map(|window| Hours::of(window)).collect()).collect();
    let are_open = |moment: i64| sets.iter().all(|windows| windows.iter().any(|hours| hours.is_open(moment)));
    if are_open(now_s) {
        return Opening::Now;
    }
    let mut moments: Vec<(i64, &Hours<'_>)> =
        sets.iter().flatten().flat_map(|hours| hours.openings(now_s).map(move |moment| (moment, hours))).collect();
    moments.sort_by_key(|(moment, _)| *moment);
    let first = moments.into_iter().find(|(moment, _)| are_open(*moment));
    first.map_or(Opening::Never, |(moment, hours)| Opening::At(hours.called(moment)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(days: &str, hours: &str, zone: &str) -> Window {
        let written = serde_json::json!({ "days": days, "hours": hours, "zone": zone });
        serde_json::from_value(written).expect("it is written as one")
    }

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("it is written as one").as_second()
    }

    #[test]
    fn a_window_is_open_in_its_hours_where_it_is() {
        // 2026-11-20 is a Friday; Rome is an hour ahead of UTC in winter, and two in summer.
        let office = window("mon-thu", "08:00-18:00", "Europe/Rome");
        for (moment, is_open) in [
            ("2026-11-19T06:59:59Z", false),
            ("2026-11-19T07:00:00Z", true),
            ("2026-11-19T16:59:59Z", true),
            ("2026-11-19T17:00:00Z", false),
            ("2026-11-20T10:00:00Z", false),
            ("2026-07-16T06:00:00Z", true),
            ("2026-07-16T16:00:00Z", false),
        ] {
            assert_eq!(Hours::of(&office).is_open(at(moment)), is_open, "{moment}");
        }
    }

    #[test]
    fn a_night_belongs_to_the_day_it_begins_on() {
        let night = window("sat", "22:00-04:00", "UTC");
        for (moment, is_open) in [
            ("2026-11-21T21:59:59Z", false),
            ("2026-11-21T22:00:00Z", true),
            ("2026-11-22T03:59:59Z", true),
            ("2026-11-22T04:00:00Z", false),
            ("2026-11-22T22:00:00Z", false),
            ("2026-11-21T03:00:00Z", false),
        ] {
            assert_eq!(Hours::of(&night).is_open(at(moment)), is_open, "{moment}");
        }
        let whole_day = window("sun", "00:00-24:00", "UTC");
        let whole_day = Hours::of(&whole_day);
        assert!(whole_day.is_open(at("2026-11-22T23:59:59Z")) && !whole_day.is_open(at("2026-11-23T00:00:00Z")));
    }

    #[test]
    fn hours_that_clocks_leave_out_come_later() {
        // On 2026-03-29 in Rome 02:30 does not exist.
        let night = window("sun", "02:30-04:00", "Europe/Rome");
        let night = Hours::of(&night);
        assert!(!night.is_open(at("2026-03-29T01:29:59Z")), "03:29 in summer time");
        assert!(night.is_open(at("2026-03-29T01:30:00Z")), "03:30 in summer time");
        assert!(!night.is_open(at("2026-03-29T02:00:00Z")), "04:00 in summer time");
    }

    #[test]
    fn the_next_opening_is_when_all_of_them_are_open() {
        let (office, night) = (window("mon-thu", "08:00-18:00", "Europe/Rome"), window("mon-sun", "17:00-06:00", "Europe/Rome"));
        let never = window("sat", "08:00-09:00", "UTC");
        let friday = at("2026-11-20T12:00:00Z");
        let opens = |text: &str| Opening::At(format!("{text} Europe/Rome"));
        assert_eq!(opening(&[vec![&office]], friday), opens("Mon 2026-11-23 08:00"));
        assert_eq!(opening(&[vec![&office], vec![&night]], friday), opens("Mon 2026-11-23 17:00"));
        assert_eq!(opening(&[vec![&office, &night]], friday), opens("Fri 2026-11-20 17:00"), "one of a set is enough");
        assert_eq!(opening(&[vec![&office], vec![&never]], friday), Opening::Never);
        assert_eq!(opening(&[vec![&night]], at("2026-11-20T20:00:00Z")), Opening::Now);
        assert_eq!(opening(&[], friday), Opening::Now, "no windows, no waiting");
    }
}
