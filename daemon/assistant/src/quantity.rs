//! How much, how many? Sizes in any style, numbers in digits and words, shares and factors.

use core_model::units::Size;

use crate::lexicon::{opens_sentence, order_bases, spelled};
use crate::token::Words;

/// An amount as the author put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    Size(Size),
    /// "2x50G": so many of that size each.
    Sizes(u64, Size),
    Number(u64),
    /// A decimal number, in thousandths: "1.5 cores".
    Thousandths(u64),
    /// "50 %".
    Percent(u64),
    /// "double" is 2/1, "half" is 1/2.
    Factor(u64, u64),
}

const UNITS: [(&str, &[&str]); 3] = [
    ("GB", &["g", "gb", "gib", "gi", "gig", "gigs", "giga", "gigas", "gigabyte", "gigabytes", "gbs", "gbyte", "gbytes"]),
    ("MB", &["mb", "mib", "mi", "meg", "megs", "mega", "megas", "megabyte", "megabytes", "mbs", "mbyte", "mbytes"]),
    ("TB", &["t", "tb", "tib", "ti", "tera", "terabyte", "terabytes", "tbs", "teras"]),
];

#[rustfmt::skip]
const FACTORS: &[((u64, u64), &[&str])] = &[
    ((2, 1), &["double", "doubled", "twice", "raddoppia", "raddoppiare", "raddoppiamo", "il doppio", "doppio", "doppia", "raddoppiata", "raddoppiato", "twice as much", "twice as many", "2x", "x2", "due volte", "two times"]),
    ((3, 1), &["triple", "triplica", "triplicare", "il triplo", "triplo", "3x", "x3", "three times", "tre volte"]),
    ((4, 1), &["quadruple", "quadruplica", "il quadruplo", "4x", "x4", "four times", "quattro volte"]),
    ((1, 3), &["a third of", "a third the", "one third", "a third as much", "un terzo", "by a third", "di un terzo", "a third"]),
    ((2, 3), &["two thirds", "due terzi", "two thirds of", "two thirds the"]),
    ((1, 4), &["quarter scale", "quarter size", "quarter-size", "quarter-scale", "quarter-sized", "quarter sized", "quarter the size", "a quarter the size", "a quarter of the size", "a quarter scale", "un quarto della taglia", "un quarto delle risorse", "un quarto delle dimensioni"]),
    ((1, 2), &["half scale", "half size", "half-size", "half-scale", "half-sized", "half sized", "half the scale", "meta taglia", "meta delle risorse", "la meta delle risorse"]),
    ((1, 5), &["a fifth of", "a fifth the", "one fifth", "un quinto", "a fifth"]),
    ((1, 10), &["a tenth of", "a tenth the", "one tenth", "un decimo", "a tenth"]),
    ((1, 2), &["half", "halve", "halved", "half as much", "dimezza", "dimezzare", "la meta", "meta", "dimezzata", "dimezzato", "by half", "della meta", "half the", "dimezziamo"]),
];

/// "1/16" is the smallest part that is written so; "16/32" are sizes.
const WRITTEN_PARTS_MAX: u64 = 16;

/// Shorter words of factors are too near to other words: "doppia", "doppio".
const SLIP_LETTERS_MIN: usize = 8;

/// Units that stand without a number: "a gig", "un altro giga".
const WHOLE_UNITS: [&str; 8] = ["gig", "giga", "gigabyte", "meg", "mega", "megabyte", "tera", "terabyte"];

/// The quantity that begins at a place, with its number of words.
pub(crate) fn quantity_at(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    // "with all due honours": no Italian number.
    let is_owed =
        matches!(words.word(place + 1), "to" | "date" | "honours" | "honors" | "course" | "diligence" | "respect" | "care" | "by" | "process" | "on")
            || place > 0
                && matches!(
                    words.word(place - 1),
                    "all" | "is" | "are" | "was" | "be" | "been" | "past" | "long" | "become" | "with" | "comes" | "came" | "falls"
                );
    if words.word(place) == "due" && is_owed {
        return None;
    }
    let fold = words.fold(place).trim_start_matches('+');
    half_size(words, place)
        .or_else(|| round_size(words, place))
        .or_else(|| part_of_a_core(words, place))
        .or_else(|| named_cores(words, place))
        .or_else(|| one_core(words, place))
        .or_else(|| more_of_size(words, place))
        .or_else(|| quarters(words, place))
        .or_else(|| several_sizes(words, place, fold))
        .or_else(|| size(words, place, fold))
        .or_else(|| whole_unit(words, place))
        .or_else(|| percent(words, place, fold))
        .or_else(|| crate::lexicon::phrase_at(FACTORS, words, place).map(|((times, per), length)| (Quantity::Factor(times, per), length)))
        .or_else(|| written_part(words, place, fold))
        .or_else(|| order_of_factor(words, place))
        .or_else(|| number(words, place, fold))
}

/// "half a gig", "mezzo giga".
fn half_size(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let length = match (words.fold(place), words.fold(place + 1)) {
        ("half", "a") => 2,
        ("mezzo" | "mezza", _) => 1,
        _ => return quarter_size(words, place),
    };
    let unit = unit(words.fold(place + length))?;
    let size: Size = format!("0.5{unit}").parse().ok()?;
    Some((Quantity::Size(size), length + 1))
}

/// "a couple of gigs", "un paio di giga", "una ventina di giga".
fn round_size(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let article = usize::from(matches!(words.fold(place), "a" | "un" | "una"));
    // "a whole tb of disk".
    if article == 1 && matches!(words.fold(place + 1), "whole" | "full" | "entire" | "intero" | "intera") {
        let unit = unit(words.fold(place + 2))?;
        return format!("1{unit}").parse().ok().map(|size| (Quantity::Size(size), 3));
    }
    let number = match words.fold(place + article) {
        "couple" | "paio" => 2,
        word if word.ends_with("ina") || word == "centinaio" || word == "dozen" => crate::lexicon::number_word(word)?,
        _ => return None,
    };
    let of = usize::from(matches!(words.fold(place + article + 1), "of" | "di"));
    let unit = unit(words.fold(place + article + 1 + of))?;
    format!("{number}{unit}").parse().ok().map(|size| (Quantity::Size(size), article + 2 + of))
}

/// "a quarter of a gig", "tre quarti di giga".
fn quarter_size(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let (part, length) = match [0, 1, 2, 3].map(|offset| words.fold(place + offset)) {
        ["a" | "one", "quarter", "of", "a"] => ("0.25", 4),
        ["quarter", "of", "a", _] => ("0.25", 3),
        ["three", "quarters", "of", "a"] => ("0.75", 4),
        ["a", "quarter", _, _] => ("0.25", 2),
        ["un", "quarto", "di", _] => ("0.25", 3),
        ["tre", "quarti", "di", _] => ("0.75", 3),
        _ => return None,
    };
    let unit = unit(words.fold(place + length))?;
    format!("{part}{unit}").parse().ok().map(|size| (Quantity::Size(size), length + 1))
}

/// "half a core", "un quarto di core": the field stands behind it.
fn part_of_a_core(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let (thousandths, length) = match (words.fold(place), words.fold(place + 1), words.fold(place + 2), words.fold(place + 3)) {
        ("half", "a", ..) => (500, 2),
        ("mezzo" | "mezza", ..) => (500, 1),
        ("a" | "one", "quarter", "of", "a") => (250, 4),
        ("three", "quarters", "of", "a") => (750, 4),
        ("un", "quarto", "di", _) => (250, 3),
        // "quarter of a core", "half core".
        ("quarter", "of", "a", _) => (250, 3),
        ("half", "of", "a", _) => (500, 3),
        ("half", ..) => (500, 1),
        ("a" | "one" | "the", "full" | "whole", ..) => (1000, 2),
        ("una" | "un", core, "intera" | "intero", _) if is_core(core) => return Some((Quantity::Thousandths(1000), 1)),
        _ => return None,
    };
    let is_core = is_core(words.fold(place + length));
    is_core.then_some((Quantity::Thousandths(thousandths), length))
}

fn is_core(fold: &str) -> bool {
    matches!(fold, "core" | "cpu" | "vcpu" | "processor" | "processore")
}

/// "dual core", "quad core": how many stand before their field.
fn named_cores(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let number = match words.word(place) {
        "single" => 1,
        "dual" => 2,
        "quad" => 4,
        "hexa" => 6,
        "octa" | "octo" => 8,
        _ => return None,
    };
    matches!(words.word(place + 1), "core" | "cores" | "cpu" | "cpus" | "vcpu" | "vcpus").then_some((Quantity::Number(number), 1))
}

/// "another core", "un core in più", "add a core": one, and more than there is.
fn one_core(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let length = match (words.word(place), words.word(place + 1)) {
        ("another" | "additional" | "extra", _) => 1,
        ("un", "altro" | "ulteriore") | ("an" | "one" | "1", "additional" | "extra") => 2,
        ("un" | "a", _) => 1,
        _ => return None,
    };
    let is_core = matches!(words.word(place + length), "core" | "cpu" | "vcpu" | "processor" | "processore");
    let is_more = match (words.word(place + length + 1), words.word(place + length + 2)) {
        ("more", _) | ("in", "piu") => true,
        // "a cpu limit": not a number of them.
        ("" | "to" | "a" | "al" | "alla" | "on" | "for" | "su" | "and" | "e" | "," | ".", _) => {
            (place.saturating_sub(3)..place).any(|before| matches!(words.word(before), "add" | "aggiungi" | "aggiungere" | "aggiungici"))
        }
        _ => false,
    };
    let is_another = matches!(words.word(place + length - 1), "another" | "additional" | "extra" | "altro" | "ulteriore");
    (is_core && (is_more || is_another)).then_some((Quantity::Number(1), length))
}

/// "4 more gigs", "altri 4 giga".
fn more_of_size(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    if !matches!(words.word(place + 1), "more" | "additional" | "extra") {
        return None;
    }
    let written = words.word(place);
    let number: u64 = written.parse().ok().or_else(|| crate::lexicon::number_word(written))?;
    let unit = unit(words.word(place + 2))?;
    format!("{number}{unit}").parse().ok().map(|size| (Quantity::Size(size), 3))
}

/// "at 1/4 of the sizing", "3/4 della taglia".
fn written_part(words: &Words<'_>, place: usize, fold: &str) -> Option<(Quantity, usize)> {
    let (times, per) = fold.split_once('/')?;
    let (times, per): (u64, u64) = (times.parse().ok()?, per.parse().ok()?);
    let is_of = matches!(words.word(place + 1), "of" | "the" | "size" | "scale" | "della" | "delle" | "di" | "taglia");
    (is_of && times > 0 && times < per && per <= WRITTEN_PARTS_MAX).then_some((Quantity::Factor(times, per), 1))
}

/// "by a quarter", "di tre quarti".
fn quarters(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let percent = match (words.fold(place), words.fold(place + 1)) {
        ("a" | "one", "quarter") | ("un", "quarto") => 25,
        ("three", "quarters") | ("tre", "quarti") => 75,
        _ => return None,
    };
    Some((Quantity::Percent(percent), 2))
}

/// "a gig of RAM", "un giga", "another gig".
fn whole_unit(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let is_article = matches!(words.word(place), "a" | "an" | "un" | "una");
    let is_full = is_article && matches!(words.word(place + 1), "full" | "whole" | "single" | "solo" | "intero");
    let follows_another = place > 0 && matches!(words.word(place - 1), "another" | "altro" | "extra" | "additional" | "ulteriore");
    let at = if is_article { place + 1 + usize::from(is_full) } else { place };
    let unit = unit(words.fold(at)).filter(|_| WHOLE_UNITS.contains(&words.fold(at)) && (is_article || follows_another))?;
    let (digits, more) = and_a_half(words, at + 1).map_or(("1", 0), |more| ("1.5", more));
    let size = format!("{digits}{unit}").parse().ok()?;
    Some((Quantity::Size(size), at + 1 - place + more))
}

/// "and a half", "e mezzo" behind a size.
fn and_a_half(words: &Words<'_>, place: usize) -> Option<usize> {
    match (words.word(place), words.word(place + 1), words.word(place + 2)) {
        ("and", "a", "half") => Some(3),
        ("e", "mezzo" | "mezza", _) => Some(2),
        _ => None,
    }
}

/// "raddoppiate", "dimezzatela": a form of a factor's word.
fn order_of_factor(words: &Words<'_>, place: usize) -> Option<(Quantity, usize)> {
    let fold = words.word(place);
    if fold.len() < 6 || !fold.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return None;
    }
    let bases = order_bases(fold, opens_sentence(words, place));
    let is_slip = |base: &String, phrase: &str| {
        phrase.len() >= SLIP_LETTERS_MIN
            && !phrase.contains(' ')
            && strsim::osa_distance(base, phrase) == 1
            && base.as_bytes().first() == phrase.as_bytes().first()
    };
    let exact = FACTORS.iter().find(|(_, phrases)| bases.iter().any(|base| phrases.contains(&base.as_str())));
    let found = exact.or_else(|| FACTORS.iter().find(|(_, phrases)| phrases.iter().any(|phrase| is_slip(&fold.to_owned(), phrase))));
    found.map(|((times, per), _)| (Quantity::Factor(*times, *per), 1))
}

/// "2x50G", "2 x 50 GB".
fn several_sizes(words: &Words<'_>, place: usize, fold: &str) -> Option<(Quantity, usize)> {
    if let Some((count, each)) = fold.split_once('x') {
        let count = count.parse().ok()?;
        let (each, length) = size(words, place, each)?;
        let Quantity::Size(each) = each else { return None };
        return Some((Quantity::Sizes(count, each), length));
    }
    let count = fold.parse().ok().filter(|_| matches!(words.fold(place + 1), "x" | "times"))?;
    let (Quantity::Size(each), length) = size(words, place + 2, words.fold(place + 2))? else { return None };
    Some((Quantity::Sizes(count, each), length + 2))
}

/// `digits` stands at `place`, and its unit may be the next word.
fn size(words: &Words<'_>, place: usize, digits: &str) -> Option<(Quantity, usize)> {
    let end = digits.find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',').unwrap_or(digits.len());
    // "2,000 GB" is two terabytes to one and two gigabytes to another: the author is asked.
    if digits[..end].split_once(['.', ',']).is_some_and(|(_, fraction)| fraction.len() == 3) {
        return None;
    }
    let (number, rest) = (digits[..end].replace(',', "."), &digits[end..]);
    let (number, unit, length) = match (number.is_empty(), rest.is_empty()) {
        (false, false) if rest == "m" => (number, "MB", 1),
        (false, false) => (number, unit(rest)?, 1),
        // "la 3000 mi serve": a pronoun, and no unit.
        (false, true) => (number, unit(words.fold(place + 1)).filter(|_| !matches!(words.fold(place + 1), "mi" | "ti" | "gi"))?, 2),
        (true, _) => {
            let (number, length) = spelled(words, place)?;
            // "one and a half gigs", "due giga e mezzo" has the half behind its unit.
            match and_a_half(words, place + length) {
                Some(half) => (format!("{number}.5"), unit(words.fold(place + length + half))?, length + half + 1),
                None => (number.to_string(), unit(words.fold(place + length))?, length + 1),
            }
        }
    };
    let (number, length) = match and_a_half(words, place + length) {
        Some(more) if !number.contains('.') => (format!("{number}.5"), length + more),
        _ => (number, length),
    };
    format!("{number}{unit}").parse().ok().map(|size| (Quantity::Size(size), length))
}

fn unit(fold: &str) -> Option<&'static str> {
    UNITS.iter().find(|(_, words)| words.contains(&fold)).map(|(unit, _)| *unit)
}

fn percent(words: &Words<'_>, place: usize, fold: &str) -> Option<(Quantity, usize)> {
    if let Some(digits) = fold.strip_suffix('%') {
        return digits.parse().ok().map(|percent| (Quantity::Percent(percent), 1));
    }
    let number = fold.parse().ok()?;
    let length = match (words.fold(place + 1), words.fold(place + 2)) {
        ("%" | "percent", _) => 2,
        ("per", "cent" | "cento") => 3,
        _ => return None,
    };
    Some((Quantity::Percent(number), length))
}

fn number(words: &Words<'_>, place: usize, fold: &str) -> Option<(Quantity, usize)> {
    if let Some((number, length)) = spelled(words, place).or_else(|| fold.parse().ok().map(|number| (number, 1))) {
        return Some((Quantity::Number(number), length));
    }
    let (integer, fraction) = fold.split_once(['.', ','])?;
    let integer = if integer.is_empty() { "0" } else { integer };
    let is_decimal = (1..=3).contains(&fraction.len()) && [integer, fraction].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let thousandths = format!("{integer}{fraction:0<3}").parse().ok().filter(|_| is_decimal)?;
    Some((Quantity::Thousandths(thousandths), 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::clean;

    fn first(text: &str) -> Option<(Quantity, usize)> {
        quantity_at(&Words::new(&clean(text), text, 0), 0)
    }

    #[test]
    fn sizes_are_read_in_any_style() {
        let size = |text: &str| text.parse::<Size>().ok().map(Quantity::Size);
        for (text, expected, length) in [
            ("8GB", "8GB", 1),
            ("8 gigs of ram", "8GB", 2),
            ("8 giga di RAM", "8GB", 2),
            ("1,5 GB", "1.5GB", 2),
            ("512m", "512MB", 1),
            ("two gigabytes", "2GB", 2),
            ("due giga", "2GB", 2),
            ("half a gig", "0.5GB", 3),
            ("mezzo giga", "0.5GB", 2),
            ("1TB", "1TB", 1),
            ("8GiB", "8GB", 1),
            ("a gig of ram", "1GB", 2),
            ("un giga e mezzo", "1.5GB", 4),
            ("thirty two GB", "32GB", 3),
            ("centoventotto mega", "128MB", 2),
        ] {
            assert_eq!(first(text).map(|(quantity, length)| (Some(quantity), length)), Some((size(expected), length)), "{text}");
        }
    }

    #[test]
    fn several_shares_and_factors_are_told_apart() {
        let fifty = Size { bytes: 50 << 30 };
        for (text, expected) in [
            ("2x50G", Quantity::Sizes(2, fifty)),
            ("2 x 50 GB", Quantity::Sizes(2, fifty)),
            ("50%", Quantity::Percent(50)),
            ("50 per cento", Quantity::Percent(50)),
            ("double", Quantity::Factor(2, 1)),
            ("la meta", Quantity::Factor(1, 2)),
            ("quattro", Quantity::Number(4)),
            ("1.5", Quantity::Thousandths(1500)),
            ("a quarter of a core", Quantity::Thousandths(250)),
            ("un quarto", Quantity::Percent(25)),
            ("raddoppiate", Quantity::Factor(2, 1)),
        ] {
            assert_eq!(first(text).map(|(quantity, _)| quantity), Some(expected), "{text}");
        }
        assert_eq!(first("web-01"), None);
        assert_eq!(first("10.0.20.11"), None);
    }
}
