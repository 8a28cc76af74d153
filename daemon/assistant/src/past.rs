//! Which moment or change of the past is meant? "yesterday at 14:00", "before PR 31", "the last change".

use jiff::civil::{Time, Weekday};
use jiff::{Span, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use crate::quantity::{Quantity, quantity_at};
use crate::token::Words;

mod changes;
mod clocks;

use changes::{bare_number, commit, last, pull_request};
use clocks::{clock, is_other_zone, is_plain_clock, own_zone};

/// What a rollback goes back to, or takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", content = "value", rename_all = "kebab-case")]
pub enum Past {
    /// What this pull request changed is taken back.
    PullRequest(u64),
    /// Everything is as it was before this pull request.
    BeforePullRequest(u64),
    /// Everything is as it was at this commit.
    Commit(String),
    /// Everything is as it was at this moment (RFC 3339, UTC).
    Moment(String),
    /// What was merged on this day is taken back (`2026-11-19`).
    Day(String),
    /// What was merged last is taken back.
    LastChange,
}

#[rustfmt::skip]
const DAYS: &[(i64, &[&str])] = &[
    (0, &["today", "this morning", "oggi", "stamattina", "this afternoon", "today s", "this evening", "stamani", "stamane", "questa mattina", "oggi pomeriggio"]),
    (1, &[
        "yesterday", "ieri", "yesterday s", "last night", "yesterday morning", "yesterday afternoon", "yesterday evening", "yesterday night", "last evening",
        "ieri mattina", "ieri pomeriggio", "ieri sera", "ieri notte", "la giornata di ieri",
    ]),
    (2, &["the day before yesterday", "day before yesterday", "l altro ieri", "altro ieri", "avant ieri", "ieri l altro"]),
];

#[rustfmt::skip]
const WEEKDAYS: &[(Weekday, &[&str])] = &[
    (Weekday::Tuesday, &["tues", "last tues", "tuesday s"]), (Weekday::Wednesday, &["wed", "weds", "last wed", "wednesday s"]),
    (Weekday::Thursday, &["thu", "thur", "thurs", "last thurs", "thursday s"]), (Weekday::Friday, &["fri", "last fri", "friday s"]), (Weekday::Monday, &["monday s"]),
    (Weekday::Monday, &["monday", "last monday", "lunedi", "lunedi scorso"]), (Weekday::Tuesday, &["tuesday", "last tuesday", "martedi", "martedi scorso"]),
    (Weekday::Wednesday, &["wednesday", "last wednesday", "mercoledi", "mercoledi scorso"]), (Weekday::Thursday, &["thursday", "last thursday", "giovedi", "giovedi scorso"]),
    (Weekday::Friday, &["friday", "last friday", "venerdi", "venerdi scorso"]), (Weekday::Saturday, &["saturday", "last saturday", "sabato", "sabato scorso"]),
    (Weekday::Sunday, &["sunday", "last sunday", "domenica", "domenica scorsa"]),
];

const UNITS: [(&str, i64, &[&str]); 4] = [
    ("minutes", 60, &["minute", "minutes", "min", "mins", "minuto", "minuti"]),
    ("hours", 3_600, &["hour", "hours", "h", "ora", "ore"]),
    ("days", 86_400, &["day", "days", "giorno", "giorni"]),
    ("weeks", 604_800, &["week", "weeks", "settimana", "settimane"]),
];

/// The moment that begins at a place, with its number of words.
pub(crate) fn past_at(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    pull_request(words, place)
        .or_else(|| bare_number(words, place))
        .or_else(|| commit(words, place))
        .or_else(|| last(words, place))
        .or_else(|| ago(words, place, now))
        .or_else(|| clock_first(words, place, now))
        .or_else(|| clock_of_today(words, place, now))
        .or_else(|| day(words, place, now))
        .or_else(|| before_day(words, place, now))
        .or_else(|| date(words, place, now))
        .or_else(|| day_of_month(words, place, now))
}

/// "two hours ago", "due ore fa", "back two hours".
fn ago(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    if let Some(found) = half_an_hour(words, place, now) {
        return Some(found);
    }
    let (count, length) = match (words.word(place), quantity_at(words, place)) {
        ("an" | "a" | "un" | "una", _) => (1, 1),
        (_, Some((Quantity::Number(count), length))) => (i64::try_from(count).ok()?, length),
        _ => return None,
    };
    let unit = words.word(place + length);
    let (_, seconds, _) = UNITS.iter().find(|(_, _, names)| names.contains(&unit))?;
    let is_back = (place.saturating_sub(2)..place).any(|before| matches!(words.word(before), "back" | "indietro"));
    let ends = usize::from(matches!(words.word(place + length + 1), "ago" | "fa"));
    if ends == 0 && !is_back {
        return None;
    }
    let moment = now.timestamp().checked_sub(Span::new().try_seconds(count.checked_mul(*seconds)?).ok()?).ok()?;
    Some((Past::Moment(moment.to_string()), length + 1 + ends))
}

/// "how it was at 8:00", "com'era alle 8": a time that was today, where it is told as it was.
fn clock_of_today(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    let is_at = matches!(words.word(place), "at" | "alle" | "all");
    let was = (place.saturating_sub(3)..place).any(|before| matches!(words.word(before), "was" | "were" | "era" | "erano" | "stava" | "looked"));
    let (time, length) = Some(place).filter(|_| is_at && was).and_then(|place| clock(words, place))?;
    let has_day = (place + length..place + length + 3).any(|next| named_day(words, next, now).is_some());
    let moment = now.date().to_datetime(time).to_zoned(now.time_zone().clone()).ok()?.timestamp();
    (!has_day && moment < now.timestamp()).then(|| (Past::Moment(moment.to_string()), length))
}

/// "half an hour ago", "mezz'ora fa", "2h ago".
fn half_an_hour(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    let (minutes, length) = match (words.word(place), words.word(place + 1), words.word(place + 2)) {
        ("half", "an", "hour") => (30, 3),
        ("mezz" | "mezza", "ora" | "oretta", _) => (30, 2),
        (short, ..) => {
            let hours: i64 = short.strip_suffix('h')?.parse().ok().filter(|hours| (1..=999).contains(hours))?;
            (hours * 60, 1)
        }
    };
    let is_ago = matches!(words.word(place + length), "ago" | "fa");
    let moment = now.timestamp().checked_sub(minutes.minutes()).ok()?;
    is_ago.then(|| (Past::Moment(moment.to_string()), length + 1))
}

/// "yesterday", "yesterday at 14:00", "last Friday at 9".
fn day(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    // "back to how it was on Monday".
    let tells_of_past = |word: &str| {
        matches!(
            word,
            "back"
                | "was"
                | "were"
                | "undo"
                | "revert"
                | "state"
                | "restore"
                | "restored"
                | "situation"
                | "merged"
                | "deployed"
                | "changed"
                | "changes"
                | "did"
                | "happened"
                | "went"
                | "rollback"
                | "broke"
        )
    };
    // "on Monday all was fine, go back to that day".
    let tells_behind = (place + 2..place + 6)
        .take_while(|next| words.tokens.get(*next).is_some_and(|token| !token.is_punctuation()))
        .any(|next| matches!(words.word(next), "was" | "were" | "worked" | "had" | "ran" | "broke" | "stopped" | "looked"));
    let is_back = words.word(place) == "on" && (tells_behind || (0..place).any(|before| tells_of_past(words.word(before))));
    let lead = usize::from(is_back);
    let place = place + lead;
    let (date, length) = named_day(words, place, now).filter(|_| calendar_day(words, place, now).is_none())?;
    // "everything since Monday": as it was when that day began.
    // "undo everything from Tuesday on".
    let is_onward = || {
        matches!(words.word(place + length), "on" | "onward" | "onwards" | "forward")
            || matches!(
                (words.word(place + length), words.word(place + length + 1)),
                ("in", "poi" | "avanti") | ("to" | "until" | "till", "now" | "today")
            )
    };
    let is_since = |word: &str| matches!(word, "since" | "da" | "dal") || matches!(word, "from" | "starting" | "dalla" | "beginning") && is_onward();
    if place > 0 && is_since(words.word(place - 1)) {
        let length =
            length + if matches!(words.word(place + length), "in" | "to" | "until" | "till") && is_onward() { 2 } else { usize::from(is_onward()) };
        let moment = date.to_zoned(now.time_zone().clone()).ok()?.timestamp();
        return Some((Past::Moment(moment.to_string()), length));
    }
    finish(words, place, length, date, now).map(|(past, length)| (past, length + lead))
}

/// "at 8 this morning", "3pm on Wednesday", "alle 18 di ieri": the hour before its day.
fn clock_first(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    let is_day = |place: usize| {
        [0, 1].into_iter().find(|skip| {
            (*skip == 0 || matches!(words.word(place), "on" | "of" | "di" | "del" | "," | "this")) && named_day(words, place + skip, now).is_some()
        })
    };
    let (time, length) = clock(words, place).or_else(|| {
        let hour = words.word(place).parse().ok().filter(|_| is_day(place + 1) == Some(0))?;
        Some((Time::new(hour, 0, 0, 0).ok()?, 1))
    })?;
    let skip = is_day(place + length)?;
    let (date, more) = named_day(words, place + length + skip, now)?;
    let time = afternoon(words, place + length + skip, more, time);
    let moment = date.to_datetime(time).to_zoned(now.time_zone().clone()).ok()?;
    Some((Past::Moment(moment.timestamp().to_string()), length + skip + more))
}

/// A day by its name or its date.
fn named_day(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(jiff::civil::Date, usize)> {
    // "lunedì 16 novembre", "Wednesday, 18 November 2026": the date says it exactly.
    let dated = || {
        // "mon 16 nov": so short only before a date.
        let is_short = matches!(words.word(place), "mon" | "sat" | "sun" | "lun" | "mar" | "mer" | "gio" | "ven" | "sab" | "dom");
        let length = crate::lexicon::phrase_at(WEEKDAYS, words, place).map(|(_, length)| length).or_else(|| is_short.then_some(1))?;
        let skip = length + usize::from(matches!(words.word(place + length), "," | "the" | "il"));
        calendar_day(words, place + skip, now).map(|(date, more)| (date, skip + more))
    };
    if let Some(found) = dated() {
        return Some(found);
    }
    let by_name = crate::lexicon::phrase_at(DAYS, words, place);
    let by_weekday = || {
        let (weekday, length) = crate::lexicon::phrase_at(WEEKDAYS, words, place)?;
        let back = i64::from((now.weekday().to_monday_zero_offset() - weekday.to_monday_zero_offset()).rem_euclid(7));
        // "Wednesday the 18th".
        let (day, more) = match (words.word(place + length), words.word(place + length + 1)) {
            ("the", day) => (day, 2),
            (day, _) => (day, 1),
        };
        let number = day.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd").trim_end_matches("th").parse::<i8>().ok();
        let back = if back == 0 { 7 } else { back };
        // "martedi mattina": the day is meant.
        let part = usize::from(matches!(
            words.word(place + length),
            "mattina" | "pomeriggio" | "sera" | "notte" | "morning" | "afternoon" | "evening" | "night"
        ));
        let length = length + part;
        let is_same = |number: Option<i8>| now.date().checked_sub(back.days()).is_ok_and(|date| Some(date.day()) == number);
        // "lunedì scorso, il 16", "last Monday (the 16th)".
        let (said, same) = same_day(words, place + length).map_or((None, 0), |(day, same)| (Some(day), same));
        let length = if is_same(number) { length + more } else { length };
        Some((back, if is_same(said) { length + same } else { length }))
    };
    let by_distance = by_name.or_else(by_weekday).and_then(|(back, length)| Some((now.date().checked_sub(back.days()).ok()?, length)));
    by_distance.or_else(|| calendar_day(words, place, now))
}

/// ", il 16", "(the 16th)": behind the name of a day its number.
fn same_day(words: &Words<'_>, place: usize) -> Option<(i8, usize)> {
    let sign = matches!(words.word(place), "," | "(").then_some(1)?;
    let article = usize::from(matches!(words.word(place + sign), "the" | "il"));
    let fold = words.word(place + sign + article);
    let day = ["st", "nd", "rd", "th"].iter().find_map(|end| fold.strip_suffix(end)).unwrap_or(fold).parse().ok()?;
    let closes = usize::from(words.word(place) == "(" && words.word(place + sign + article + 1) == ")");
    (article == 1 || closes == 1).then_some((day, sign + article + 1 + closes))
}

/// "yesterday evening at 8" is at twenty.
fn afternoon(words: &Words<'_>, place: usize, length: usize, time: Time) -> Time {
    let is_late = (place..place + length).any(|word| matches!(words.word(word), "afternoon" | "evening" | "night" | "pomeriggio" | "sera" | "notte"));
    if is_late && (1..12).contains(&time.hour()) { Time::new(time.hour() + 12, time.minute(), 0, 0).unwrap_or(time) } else { time }
}

#[rustfmt::skip]
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "gennaio", "gen"], &["february", "feb", "febbraio"], &["march", "mar", "marzo"], &["april", "apr", "aprile"],
    &["may", "maggio", "mag"], &["june", "jun", "giugno", "giu"], &["july", "jul", "luglio", "lug"], &["august", "aug", "agosto", "ago"],
    &["september", "sept", "sep", "settembre", "set"], &["october", "oct", "ottobre", "ott"], &["november", "nov", "novembre"], &["december", "dec", "dicembre", "dic"],
];

/// "16 novembre", "November 17th", "the 17th of November", "16/11", "16.11.2026": the last one that was.
fn calendar_day(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(jiff::civil::Date, usize)> {
    let month_at = |place: usize| {
        let found = MONTHS.iter().position(|names| names.contains(&words.word(place)))?;
        i8::try_from(found + 1).ok()
    };
    let day_at = |place: usize| {
        let fold = words.word(place);
        let digits = fold.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd").trim_end_matches("th");
        digits.parse::<i8>().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2)
    };
    let (day, month, length) = match (day_at(place), month_at(place)) {
        (Some(day), _) => match month_at(place + 1) {
            Some(month) => (day, month, 2),
            None if matches!(words.word(place + 1), "of" | "di") => (day, month_at(place + 2)?, 3),
            None => return None,
        },
        (None, Some(month)) => {
            let skip = 1 + usize::from(words.word(place + 1) == "the");
            (day_at(place + skip)?, month, skip + 1)
        }
        (None, None) => {
            let fold = words.word(place);
            let parts: Vec<&str> = fold.split(['/', '.']).collect();
            let (day, month) = match parts.as_slice() {
                [day, month] if fold.contains('/') => (day, month),
                [day, month, year] if year.len() == 4 => (day, month),
                _ => return None,
            };
            (day.parse().ok()?, month.parse().ok()?, 1)
        }
    };
    let year: Option<i16> = words.word(place + length).parse().ok().filter(|year| (2000..=2100).contains(year));
    let length = length + usize::from(year.is_some());
    let year = year.unwrap_or_else(|| now.year());
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    let is_ahead = date > now.date();
    let date = if is_ahead { jiff::civil::Date::new(year - 1, month, day).ok()? } else { date };
    Some((date, length))
}

fn day_of_month(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    // "on 17 November", "on the 17th of November".
    let lead = match (words.word(place), words.word(place + 1)) {
        ("on" | "il" | "del" | "al", _) if calendar_day(words, place + 1, now).is_some() => 1,
        ("on", "the") => 2,
        ("the", _) => 1,
        _ => 0,
    };
    // "il giorno 17 novembre".
    let lead = lead + usize::from(words.word(place + lead) == "giorno" && calendar_day(words, place + lead + 1, now).is_some());
    let (date, length) = calendar_day(words, place + lead, now).or_else(|| numbered_day(words, place, lead, now))?;
    finish(words, place, lead + length, date, now)
}

/// "on the 12th", "il giorno 12": the last one that was.
fn numbered_day(words: &Words<'_>, place: usize, lead: usize, now: &Zoned) -> Option<(jiff::civil::Date, usize)> {
    let (fold, length) = if words.word(place + lead) == "giorno" { (words.word(place + lead + 1), 2) } else { (words.word(place + lead), 1) };
    let is_announced = length == 2
        || lead == 2
        || lead == 1
            && words.word(place) == "the"
            && place > 0
            && matches!(words.word(place - 1), "of" | "from" | "as" | "since" | "at" | "to" | "between" | "until" | "till");
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| fold.strip_suffix(end)).or((length == 2).then_some(fold))?;
    let day: i8 = digits.parse().ok().filter(|day| is_announced && (1..=31).contains(day))?;
    let of = |months: i64| now.date().checked_sub(months.months()).ok().and_then(|date| jiff::civil::Date::new(date.year(), date.month(), day).ok());
    of(0).filter(|date| *date <= now.date()).or_else(|| of(1)).map(|date| (date, length))
}

/// "before yesterday", "prima di lunedì": as it was when that day began.
fn before_day(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    let skip = match (words.word(place), words.word(place + 1)) {
        ("prima", "di" | "del" | "delle" | "della" | "degli" | "dell") => 2,
        ("before", "the") => 2,
        ("before", _) => 1,
        _ => return None,
    };
    // "prima delle modifiche di ieri".
    let is_noun = |word: &str| {
        matches!(
            word,
            "modifiche"
                | "modifica"
                | "cambiamenti"
                | "aggiornamenti"
                | "aggiornamento"
                | "changes"
                | "change"
                | "merges"
                | "merge"
                | "deploy"
                | "deploys"
                | "of"
                | "from"
                | "di"
                | "del"
        )
    };
    let nouns = (place + skip..place + skip + 3).take_while(|place| is_noun(words.word(*place))).count();
    let skip = skip + nouns;
    match day(words, place + skip, now)? {
        (Past::Day(date), length) => {
            let date: jiff::civil::Date = date.parse().ok()?;
            let moment = date.to_zoned(now.time_zone().clone()).ok()?.timestamp();
            Some((Past::Moment(moment.to_string()), skip + length))
        }
        (past, length) => Some((past, skip + length)),
    }
}

/// `2026-11-19`, with or without a time.
fn date(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    let fold = words.fold(place);
    let date = if fold.len() == 10 { fold.parse().ok() } else { fold.split_once('t').and_then(|(date, _)| date.parse().ok()) }?;
    if let Ok(moment) = words.tokens.get(place)?.text.parse::<jiff::Timestamp>() {
        return Some((Past::Moment(moment.to_string()), 1));
    }
    finish(words, place, 1, date, now)
}

fn finish(words: &Words<'_>, place: usize, length: usize, date: jiff::civil::Date, now: &Zoned) -> Option<(Past, usize)> {
    // "del 17 novembre u.s.", "of the 17th last".
    let length = length
        + usize::from(matches!(
            words.word(place + length),
            "u.s" | "u.s." | "us" | "c.a" | "c.a." | "c.m" | "c.m." | "ultimo" | "scorso" | "corrente"
        ));
    // "November 18, 2pm".
    let comma = usize::from(words.word(place + length) == "," && is_plain_clock(words, place + length + 1));
    // "date: 17 November 2026, time: 18:15", each on its line.
    let label = (place + length..place + length + 3)
        .find(|next| matches!(words.word(*next), "time" | "ora" | "orario" | "hour") && is_plain_clock(words, next + 1))
        .filter(|label| (place + length..*label).all(|next| words.tokens[next].is_punctuation()));
    let comma = label.map_or(comma, |label| label + 1 - place - length);
    match clock(words, place + length + comma).map(|(time, more)| (time, more + comma)) {
        Some((time, more)) => {
            let time = afternoon(words, place, length, time);
            let is_universal = matches!(words.word(place + length + more), "utc" | "gmt");
            let zone = if is_universal { jiff::tz::TimeZone::UTC } else { now.time_zone().clone() };
            let moment = date.to_datetime(time).to_zoned(zone).ok()?;
            let zone = if is_universal { 1 } else { own_zone(words, place + length + more, now) };
            if zone == 0 && is_other_zone(words, place + length + more) {
                return None;
            }
            Some((Past::Moment(moment.timestamp().to_string()), length + more + zone))
        }
        None => Some((Past::Day(date.to_string()), length)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::clean::clean;

    #[test]
    fn moments_are_read_in_both_languages() {
        let now: Zoned = "2026-11-20T10:00:00+01:00[Europe/Rome]".parse().or_else(|_| "2026-11-20T10:00:00+01:00[+01:00]".parse()).unwrap();
        for (text, expected) in [
            ("PR 31", Past::PullRequest(31)),
            ("#31", Past::PullRequest(31)),
            ("before PR #31", Past::BeforePullRequest(31)),
            ("prima della PR 31", Past::BeforePullRequest(31)),
            ("commit 1a2b3c4", Past::Commit("1a2b3c4".to_owned())),
            ("yesterday", Past::Day("2026-11-19".to_owned())),
            ("yesterday at 14:00", Past::Moment("2026-11-19T13:00:00Z".to_owned())),
            ("ieri alle 14", Past::Moment("2026-11-19T13:00:00Z".to_owned())),
            ("l'altro ieri", Past::Day("2026-11-18".to_owned())),
            ("last Friday at 2pm", Past::Moment("2026-11-13T13:00:00Z".to_owned())),
            ("since monday", Past::Moment("2026-11-15T23:00:00Z".to_owned())),
            ("before yesterday", Past::Moment("2026-11-18T23:00:00Z".to_owned())),
            ("prima di lunedì", Past::Moment("2026-11-15T23:00:00Z".to_owned())),
            ("back two hours", Past::Moment("2026-11-20T07:00:00Z".to_owned())),
            ("2026-11-18 14:00 UTC", Past::Moment("2026-11-18T14:00:00Z".to_owned())),
            ("back to how it was on Monday at 9am", Past::Moment("2026-11-16T08:00:00Z".to_owned())),
            ("two hours ago", Past::Moment("2026-11-20T07:00:00Z".to_owned())),
            ("un'ora fa", Past::Moment("2026-11-20T08:00:00Z".to_owned())),
            ("2026-11-18", Past::Day("2026-11-18".to_owned())),
            ("l'ultima modifica", Past::LastChange),
        ] {
            let words = Words::new(&clean(text), text, 0);
            let found = (0..words.tokens.len()).find_map(|place| past_at(&words, place, &now)).map(|(past, _)| past);
            assert_eq!(found, Some(expected), "{text}");
        }
    }
}
