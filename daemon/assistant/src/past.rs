//! Which moment or change of the past is meant? "yesterday at 14:00", "before PR 31", "the last change".

use jiff::civil::{Time, Weekday};
use jiff::{Span, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use crate::quantity::{Quantity, quantity_at};
use crate::token::Words;

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

#[rustfmt::skip]
const LAST: &[&str] = &[
    "last change to", "last change of", "last change on", "last change in", "last changes", "last edit", "last update", "last modification", "most recent edit",
    "ultima modifica di", "ultima modifica a", "ultime modifiche", "ultimissima modifica", "ultimo aggiornamento", "ultima variazione", "ultima merge",
    "last change", "latest change", "last pr", "last pull request", "previous change", "last merge", "most recent change", "last deployment", "last deploy", "the last thing", "last commit", "last apply", "latest pr", "last one", "latest one", "last thing", "most recent pr", "most recent one", "most recent merge", "latest merge", "latest commit", "previous one", "previous pr",
    "ultima modifica", "ultimo cambiamento", "ultima pr", "ultimo merge", "ultima pull request", "ultimo deploy", "ultimo rilascio", "ultimo commit", "ultima cosa", "ultimo intervento", "ultima fatta", "ultima pull",
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
        .or_else(|| day(words, place, now))
        .or_else(|| before_day(words, place, now))
        .or_else(|| date(words, place, now))
        .or_else(|| day_of_month(words, place, now))
}

fn pull_request(words: &Words<'_>, place: usize) -> Option<(Past, usize)> {
    let before = match (words.word(place), words.word(place + 1)) {
        ("before" | "prima", "the" | "della" | "di" | "del") => 2,
        ("before" | "prima", _) => 1,
        ("prior" | "previous" | "precedente" | "antecedente", "to" | "a" | "alla" | "al") => 2,
        _ => 0,
    };
    let start = place + before;
    // "since #31", "dopo la PR 31": with or without it?
    let is_bound = (place.saturating_sub(2)..place).any(|bound| matches!(words.word(bound), "since" | "after" | "dopo" | "dalla" | "dal"));
    if is_bound && before == 0 {
        return None;
    }
    let (number, length) = match (words.word(start), words.word(start + 1), words.word(start + 2)) {
        ("pull", "request", _) => (hash(words.fold(start + 2))?, 3),
        ("pr" | "ipr" | "mr", "number" | "numero" | "n" | "nr" | "no", _) => (hash(words.fold(start + 2))?, 3),
        ("pr" | "ipr" | "mr", ..) => (hash(words.fold(start + 1))?, 2),
        (word, ..) if word.starts_with('#') => (hash(word)?, 1),
        (word, ..) if word.contains("://") => (hash(word.trim_end_matches('/').rsplit_once("/pull/")?.1)?, 1),
        (word, ..) => {
            (hash(word.strip_prefix("pr").filter(|rest| rest.starts_with('#') || rest.starts_with('-') || rest.parse::<u64>().is_ok())?)?, 1)
        }
    };
    let past = if before > 0 { Past::BeforePullRequest(number) } else { Past::PullRequest(number) };
    Some((past, before + length))
}

/// "annulla la 63", "undo number 118", "com'era prima della 73": a number that can only be that of a pull request.
fn bare_number(words: &Words<'_>, place: usize) -> Option<(Past, usize)> {
    let (before, article) = match (words.word(place), words.word(place + 1)) {
        ("prima" | "before", "della" | "la" | "number" | "numero" | "no" | "n") => (true, 2),
        ("la" | "della" | "number" | "numero" | "no" | "n" | "nr", _) => (false, 1),
        ("undo" | "revert" | "annulla" | "annullate" | "annullare", _) => return None,
        _ => (false, 0),
    };
    let article = article + usize::from(article > 0 && matches!(words.word(place + article), "numero" | "number" | "n"));
    let fold = words.word(place + article);
    let number: u64 = fold.parse().ok().filter(|number| *number > 0 && fold.len() <= 6)?;
    let goes_back = |word: &str| {
        matches!(
            word,
            "undo"
                | "revert"
                | "back"
                | "rollback"
                | "annulla"
                | "annullate"
                | "annullare"
                | "ripristina"
                | "ripristinate"
                | "torna"
                | "torniamo"
                | "rimetti"
                | "rimettete"
                | "riporta"
                | "com"
                | "come"
                | "storna"
                | "disfa"
        )
    };
    let near = if article == 0 { 1 } else { 6 };
    let is_of_undoing = (place.saturating_sub(near)..place).any(|other| goes_back(words.word(other)));
    let behind = words.tokens.get(place + article + 1);
    let ends = behind.is_none_or(|token| {
        token.is_punctuation()
            || matches!(token.fold.as_str(), "please" | "pls" | "plz" | "che" | "it" | "per" | "grazie" | "thanks" | "perche" | "because")
    });
    let past = if before { Past::BeforePullRequest(number) } else { Past::PullRequest(number) };
    (is_of_undoing && ends).then_some((past, article + 1))
}

fn hash(fold: &str) -> Option<u64> {
    fold.trim_start_matches(['#', '-']).parse().ok().filter(|number| *number > 0)
}

fn commit(words: &Words<'_>, place: usize) -> Option<(Past, usize)> {
    let (word, length) = if words.word(place) == "commit" { (words.fold(place + 1), 2) } else { (words.fold(place), 1) };
    let is_hexadecimal = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let looks_like_one = (7..=40).contains(&word.len()) && is_hexadecimal && word.bytes().any(|byte| byte.is_ascii_digit());
    let is_told = length == 2 || word.bytes().any(|byte| byte.is_ascii_alphabetic());
    (looks_like_one && is_told).then(|| (Past::Commit(word.to_owned()), length))
}

fn last(words: &Words<'_>, place: usize) -> Option<(Past, usize)> {
    LAST.iter().filter_map(|phrase| crate::lexicon::length_of(phrase, words, place)).max().map(|length| (Past::LastChange, length))
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
    let is_back = words.word(place) == "on" && (0..place).any(|before| tells_of_past(words.word(before)));
    let lead = usize::from(is_back);
    let place = place + lead;
    let (date, length) = named_day(words, place, now).filter(|_| calendar_day(words, place, now).is_none())?;
    // "everything since Monday": as it was when that day began.
    if place > 0 && matches!(words.word(place - 1), "since" | "da" | "dal") {
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
        let is_same = now.date().checked_sub(back.days()).is_ok_and(|date| Some(date.day()) == number);
        Some((back, if is_same { length + more } else { length }))
    };
    let by_distance = by_name.or_else(by_weekday).and_then(|(back, length)| Some((now.date().checked_sub(back.days()).ok()?, length)));
    by_distance.or_else(|| calendar_day(words, place, now))
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
    let (date, length) = calendar_day(words, place + lead, now)?;
    finish(words, place, lead + length, date, now)
}

/// "before yesterday", "prima di lunedì": as it was when that day began.
fn before_day(words: &Words<'_>, place: usize, now: &Zoned) -> Option<(Past, usize)> {
    let skip = match (words.word(place), words.word(place + 1)) {
        ("prima", "di" | "del") => 2,
        ("before", _) => 1,
        _ => return None,
    };
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
    match clock(words, place + length) {
        Some((time, more)) => {
            let time = afternoon(words, place, length, time);
            let is_universal = matches!(words.word(place + length + more), "utc" | "gmt");
            let zone = if is_universal { jiff::tz::TimeZone::UTC } else { now.time_zone().clone() };
            let moment = date.to_datetime(time).to_zoned(zone).ok()?;
            Some((Past::Moment(moment.timestamp().to_string()), length + more + usize::from(is_universal)))
        }
        None => Some((Past::Day(date.to_string()), length)),
    }
}

/// "at 14:00", "alle 14", "at 2pm".
fn clock(words: &Words<'_>, place: usize) -> Option<(Time, usize)> {
    let lead = usize::from(matches!(words.word(place), "at" | "alle" | "all" | "a" | "ore" | "@"));
    let fold = words.fold(place + lead);
    let digits = fold.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let suffix = &fold[digits.len()..];
    // "at two in the afternoon", "alle nove di sera".
    let spoken = crate::lexicon::number_word(fold)
        .and_then(|hour| i8::try_from(hour).ok())
        .filter(|hour| lead == 1 && (1..=24).contains(hour) && fold.bytes().all(|byte| byte.is_ascii_alphabetic()));
    if let Some(hour) = spoken {
        let (is_late, more) = part_of_day(words, place + lead + 1);
        let hour = if is_late && hour < 12 { hour + 12 } else { hour % 24 };
        return Time::new(hour, 0, 0, 0).ok().map(|time| (time, lead + 1 + more));
    }
    if matches!(fold, "noon" | "midday" | "mezzogiorno") {
        return Some((Time::midnight().checked_add(12.hours()).ok()?, lead + 1));
    }
    let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "0"));
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let next = words.word(place + lead + 1);
    let (hour, more) = match (suffix, next) {
        ("pm", _) => (hour % 12 + 12, 1),
        ("am", _) => (hour % 12, 1),
        ("", "pm") => (hour % 12 + 12, 2),
        ("", "am") => (hour % 12, 2),
        ("" | "h", _) if lead == 1 || digits.contains(':') => (hour, 1),
        _ => return None,
    };
    let (is_late, part) = part_of_day(words, place + lead + more);
    let hour = if is_late && hour < 12 { hour + 12 } else { hour };
    Time::new(hour, minute, 0, 0).ok().map(|time| (time, lead + more + part))
}

/// "in the afternoon", "di sera": whether it is the later half of the day, with the number of words.
fn part_of_day(words: &Words<'_>, place: usize) -> (bool, usize) {
    match (words.word(place), words.word(place + 1), words.word(place + 2)) {
        ("in", "the", "afternoon" | "evening") => (true, 3),
        ("in", "the", "morning") => (false, 3),
        ("at", "night", _) | ("di" | "del" | "della" | "la", "sera" | "pomeriggio", _) => (true, 2),
        ("di" | "del" | "della" | "la", "mattina" | "mattino", _) => (false, 2),
        _ => (false, 0),
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
