//! Which hour is told, and whose clock tells it? "at half past nine", "alle 8 e un quarto", "09:00 (Rome time)".

use jiff::civil::Time;
use jiff::{ToSpan, Zoned};

use crate::token::Words;

/// "local time", "(Rome time)", "ora italiana": that the hour is told as clocks show it here, with the number of words.
pub(super) fn own_zone(words: &Words<'_>, place: usize, now: &Zoned) -> usize {
    let opens = usize::from(words.word(place) == "(");
    let place = place + opens;
    let city = now.time_zone().iana_name().and_then(|name| name.rsplit('/').next()).unwrap_or_default().to_lowercase();
    // Without a database of zones there is no name, and the offset says it.
    let is_rome = city == "rome" || city.is_empty() && now.offset() == jiff::tz::offset(1);
    let length = match (words.word(place), words.word(place + 1), words.word(place + 2)) {
        ("local" | "our", "time", _) | ("ora" | "ore", "locale" | "locali" | "nostra", _) => 2,
        (own, "time", _) if own == city || own == "rome" && is_rome => 2,
        ("italian", "time", _) | ("ora", "italiana", _) if is_rome => 2,
        ("ora", "di", "roma") if is_rome => 3,
        ("cet", ..) if is_rome => 1,
        _ => return 0,
    };
    length + opens + usize::from(opens == 1 && words.word(place + length) == ")")
}

/// "09:00 London time", "at 9 EST": no hour of here.
pub(super) fn is_other_zone(words: &Words<'_>, place: usize) -> bool {
    let place = place + usize::from(words.word(place) == "(");
    let is_city = words.tokens.get(place).is_some_and(|token| token.text.starts_with(|letter: char| letter.is_uppercase()));
    let short = ["est", "edt", "pst", "pdt", "cst", "cdt", "mst", "bst", "ist", "jst", "aest", "eet", "msk", "cest"];
    is_city && words.word(place + 1) == "time"
        || short.contains(&words.word(place))
        || (words.word(place), words.word(place + 1)) == ("ora", "di") && words.word(place + 2) != "roma"
}

/// "2pm", "14:00": a time wherever it stands.
pub(super) fn is_plain_clock(words: &Words<'_>, place: usize) -> bool {
    let fold = words.fold(place);
    let is_digits = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_half = |suffix: &str| fold.strip_suffix(suffix).is_some_and(|hour| is_digits(hour.split([':', '.']).next().unwrap_or_default()));
    let is_twelve_hours = || is_digits(fold) && matches!(words.word(place + 1), "am" | "pm" | "a.m" | "p.m");
    fold.split_once(':').is_some_and(|(hour, minute)| is_digits(hour) && is_digits(minute))
        || is_twelve_hours()
        || is_half("pm")
        || is_half("am")
        || matches!(fold, "at" | "alle" | "ore" | "delle")
}

/// "at 14:00", "alle 14", "at 2pm".
pub(super) fn clock(words: &Words<'_>, place: usize) -> Option<(Time, usize)> {
    if let Some(found) = clock_by_parts(words, place) {
        return Some(found);
    }
    let lead = usize::from(matches!(words.word(place), "at" | "alle" | "all" | "a" | "ore" | "delle" | "@"));
    // "alle ore 14:00".
    let lead = lead + usize::from(lead == 1 && words.word(place) != "ore" && words.word(place + 1) == "ore");
    let fold = words.fold(place + lead);
    let digits = fold.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let suffix = &fold[digits.len()..];
    // "at two in the afternoon", "alle nove di sera".
    let spoken = crate::lexicon::number_word(fold)
        .and_then(|hour| i8::try_from(hour).ok())
        .filter(|hour| lead > 0 && (1..=24).contains(hour) && fold.bytes().all(|byte| byte.is_ascii_alphabetic()));
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
    // "at 4 o'clock".
    if suffix.is_empty() && next == "o" && words.word(place + lead + 2) == "clock" {
        let late = (place + lead + 3..place + lead + 5).any(|next| matches!(words.word(next), "afternoon" | "evening" | "pm"));
        let hour = if late && hour < 12 { hour + 12 } else { hour };
        let (is_late, part) = part_of_day(words, place + lead + 3);
        let hour = if is_late && hour < 12 { hour + 12 } else { hour };
        return Time::new(hour, minute, 0, 0).ok().map(|time| (time, lead + 3 + part));
    }
    let (hour, more) = match (suffix, next) {
        ("pm", _) => (hour % 12 + 12, 1),
        ("am", _) => (hour % 12, 1),
        ("", "pm") => (hour % 12 + 12, 2),
        ("", "am") => (hour % 12, 2),
        ("" | "h", _) if lead > 0 || digits.contains(':') => (hour, 1),
        _ => return None,
    };
    let (is_late, part) = part_of_day(words, place + lead + more);
    let hour = if is_late && hour < 12 { hour + 12 } else { hour };
    Time::new(hour, minute, 0, 0).ok().map(|time| (time, lead + more + part))
}

/// "alle 8 e un quarto", "alle nove meno dieci", "at half past eight", "at a quarter to nine": the hour and what is told beside it.
fn clock_by_parts(words: &Words<'_>, place: usize) -> Option<(Time, usize)> {
    let lead = usize::from(matches!(words.word(place), "at" | "alle" | "all" | "ore" | "delle" | "@" | "around"));
    let lead = lead + usize::from(lead == 1 && words.word(place + 1) == "ore");
    let number = |place: usize| words.word(place).parse().ok().or_else(|| i8::try_from(crate::lexicon::number_word(words.word(place))?).ok());
    let minutes = |place: usize| match (words.word(place), words.word(place + 1)) {
        ("a" | "un", "quarter" | "quarto") => Some((15, 2)),
        ("quarter", _) => Some((15, 1)),
        ("tre", "quarti") => Some((45, 2)),
        ("half" | "mezza" | "mezzo", _) => Some((30, 1)),
        _ => number(place).filter(|minute| (1..60).contains(minute)).map(|minute: i8| (minute, 1)),
    };
    let at = |hour: i8, minute: i8, length: usize| {
        let (is_late, part) = part_of_day(words, place + length);
        let hour = if is_late && hour < 12 { hour + 12 } else { hour };
        let (hour, minute) = if minute < 0 { (hour - 1, minute + 60) } else { (hour, minute) };
        Time::new(hour, minute, 0, 0).ok().map(|time| (time, length + part))
    };
    let parted = || {
        let (minute, length) = minutes(place + lead)?;
        let sign = match words.word(place + lead + length) {
            "past" | "after" => 1,
            "to" | "before" => -1,
            _ => return None,
        };
        at(number(place + lead + length + 1).filter(|hour| (1..=24).contains(hour))?, sign * minute, lead + length + 2)
    };
    let italian = || {
        let hour = number(place + lead).filter(|hour| lead > 0 && (0..=24).contains(hour))?;
        let sign = match words.word(place + lead + 1) {
            "e" => 1,
            "meno" => -1,
            _ => return None,
        };
        let (minute, length) = minutes(place + lead + 2)?;
        at(hour, sign * minute, lead + 2 + length)
    };
    parted().or_else(italian)
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
