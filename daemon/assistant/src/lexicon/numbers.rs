//! Which words are numbers? "thirty two", "thirty-two", "a hundred and twenty eight", "centoventotto".

use crate::token::Words;

#[rustfmt::skip]
const SMALL: &[(&str, u64)] = &[
    ("zero", 0), ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7), ("eight", 8), ("nine", 9), ("ten", 10),
    ("eleven", 11), ("twelve", 12), ("thirteen", 13), ("fourteen", 14), ("fifteen", 15), ("sixteen", 16), ("seventeen", 17), ("eighteen", 18), ("nineteen", 19),
    ("uno", 1), ("due", 2), ("tre", 3), ("quattro", 4), ("cinque", 5), ("sei", 6), ("sette", 7), ("otto", 8), ("nove", 9), ("dieci", 10),
    ("undici", 11), ("dodici", 12), ("tredici", 13), ("quattordici", 14), ("quindici", 15), ("sedici", 16), ("diciassette", 17), ("diciotto", 18), ("diciannove", 19),
    ("decina", 10), ("dozzina", 12), ("dozen", 12), ("ventina", 20), ("trentina", 30), ("quarantina", 40), ("cinquantina", 50), ("sessantina", 60), ("centinaio", 100),
];

#[rustfmt::skip]
const TENS: &[(&str, u64)] = &[
    ("twenty", 20), ("thirty", 30), ("forty", 40), ("fifty", 50), ("sixty", 60), ("seventy", 70), ("eighty", 80), ("ninety", 90),
    ("venti", 20), ("trenta", 30), ("quaranta", 40), ("cinquanta", 50), ("sessanta", 60), ("settanta", 70), ("ottanta", 80), ("novanta", 90),
];

fn in_table(table: &[(&str, u64)], fold: &str) -> Option<u64> {
    table.iter().find(|(word, _)| *word == fold).map(|(_, number)| *number)
}

pub(crate) fn is_number(fold: &str) -> bool {
    number_word(fold).is_some()
}

/// The number that a folded word stands for.
pub(crate) fn number_word(fold: &str) -> Option<u64> {
    below_hundred(fold).or_else(|| hundreds(fold))
}

fn below_hundred(fold: &str) -> Option<u64> {
    in_table(SMALL, fold).or_else(|| in_table(TENS, fold)).or_else(|| {
        TENS.iter().find_map(|(word, tens)| {
            // "trentadue", "thirty-two"; before a vowel the last letter goes: "ventotto".
            let rest = fold.strip_prefix(word).or_else(|| fold.strip_prefix(&word[..word.len() - 1]).filter(|rest| rest.starts_with(['u', 'o'])));
            in_table(SMALL, rest?.trim_start_matches('-')).filter(|unit| (1..=9).contains(unit)).map(|unit| tens + unit)
        })
    })
}

/// "cento", "duecentocinquantasei", "mille".
fn hundreds(fold: &str) -> Option<u64> {
    match fold {
        "hundred" | "cento" => return Some(100),
        "thousand" | "mille" => return Some(1000),
        _ => {}
    }
    let (times, rest) = fold.split_once("cento")?;
    let times = if times.is_empty() { 1 } else { in_table(SMALL, times).filter(|times| (2..=9).contains(times))? };
    let rest = if rest.is_empty() { 0 } else { below_hundred(rest)? };
    Some(times * 100 + rest)
}

/// The number that words at a place spell, with their number: "thirty two", "a hundred and twenty eight".
pub(crate) fn spelled(words: &Words<'_>, place: usize) -> Option<(u64, usize)> {
    // "with all due honours".
    let before = place.checked_sub(1).map_or("", |before| words.fold(before));
    let is_english = matches!(
        words.fold(place + 1),
        "to" | "date" | "honours" | "honors" | "respect" | "course" | "diligence" | "process" | "soon" | "on" | "by" | "for"
    ) || matches!(before, "in" | "all" | "is" | "are" | "was" | "with");
    if words.fold(place) == "due" && is_english && crate::language::language(words) == crate::language::Language::English {
        return None;
    }
    // "uno switch", "uno studente", "uno zaino": an article, which stands before no other words.
    let is_article = words.fold(place) == "uno" && {
        let next = words.fold(place + 1);
        let is_impure = next.starts_with('s') && !next[1..].starts_with(['a', 'e', 'i', 'o', 'u', '-']) && next.len() > 2;
        is_impure || ["z", "gn", "ps", "pn", "x", "y"].iter().any(|start| next.len() > 2 && next.starts_with(start))
    };
    if is_article {
        return None;
    }
    let below = |place: usize| {
        let tens = below_hundred(words.fold(place))?;
        let unit = in_table(SMALL, words.fold(place + 1)).filter(|unit| tens >= 20 && tens % 10 == 0 && (1..=9).contains(unit));
        Some(unit.map_or((tens, 1), |unit| (tens + unit, 2)))
    };
    let times = if words.fold(place) == "a" { Some(1) } else { in_table(SMALL, words.fold(place)).filter(|times| (1..=9).contains(times)) };
    if let Some(times) = times.filter(|_| words.fold(place + 1) == "hundred") {
        let skip = 2 + usize::from(words.fold(place + 2) == "and");
        return Some(below(place + skip).map_or((times * 100, 2), |(rest, length)| (times * 100 + rest, skip + length)));
    }
    below(place).or_else(|| hundreds(words.fold(place)).map(|number| (number, 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::clean;

    #[test]
    fn numbers_are_read_in_words() {
        for (text, expected) in [
            ("thirty two", Some((32, 2))),
            ("thirty-two", Some((32, 1))),
            ("twenty", Some((20, 1))),
            ("a hundred and twenty eight", Some((128, 5))),
            ("ventotto", Some((28, 1))),
            ("quarantotto", Some((48, 1))),
            ("centoventotto", Some((128, 1))),
            ("duecentocinquantasei", Some((256, 1))),
            ("a gig", None),
            ("ventilator", None),
        ] {
            let clean = clean(text);
            assert_eq!(spelled(&Words::new(&clean, text, 0), 0), expected, "{text}");
        }
    }
}
