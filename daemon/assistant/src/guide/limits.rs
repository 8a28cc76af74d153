//! Which answers does a question take? Each limit says what is wrong, to complete the sentence "`x` ...".

use core_config::ParameterOffer;
use core_model::Name;
use core_model::resource_type::TypeFacts;
use core_model::units::Size;

use crate::complete::unfit;

pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";
/// The longest answer.
const ANSWER_CHARACTERS_MAX: usize = 1_000;
const WORD_CHARACTERS_MAX: usize = 60;

/// What an answer must be.
#[derive(Debug, Clone)]
pub(super) enum Limit {
    Number(u64, u64),
    /// From the first to the second.
    Size(&'static str, &'static str),
    Name,
    OneOf(Vec<String>),
    YesOrNo,
    /// Words with commas.
    Words,
    /// A value of this field, and within a limit of its own.
    Field(String, Option<Box<Limit>>),
    /// A value of this parameter, and of the fields that it fills.
    Parameter(Box<ParameterOffer>, Vec<String>),
}

impl Limit {
    pub(super) fn check(&self, text: &str, facts: Option<&TypeFacts>) -> Result<(), String> {
        if text.chars().any(char::is_control) {
            return Err("has control characters".to_owned());
        }
        if text.chars().count() > ANSWER_CHARACTERS_MAX {
            return Err(format!("has more than {ANSWER_CHARACTERS_MAX} characters"));
        }
        match self {
            Self::Number(least, most) => number(text, *least, *most),
            Self::Size(least, most) => size(text, least, most),
            Self::Name => text.parse::<Name>().map(|_| ()).map_err(|error| error.to_string()),
            Self::OneOf(known) if known.iter().any(|word| word == text) => Ok(()),
            Self::OneOf(known) => Err(format!("is none of {}", known.join(", "))),
            Self::YesOrNo => {
                if matches!(text, YES | NO) {
                    Ok(())
                } else {
                    Err("is neither `yes` nor `no`".to_owned())
                }
            }
            Self::Words => text.split(',').map(str::trim).try_for_each(word),
            Self::Field(..) | Self::Parameter(..) if text.contains("${") => {
                Err("refers to something, which people write into the blueprint themselves".to_owned())
            }
            Self::Field(path, own) => own.as_ref().map_or(Ok(()), |own| own.check(text, facts)).and_then(|()| fits(text, path, facts)),
            Self::Parameter(parameter, paths) => parameter.check(text).and_then(|()| paths.iter().try_for_each(|path| fits(text, path, facts))),
        }
    }
}

fn fits(text: &str, path: &str, facts: Option<&TypeFacts>) -> Result<(), String> {
    let problem = facts.and_then(|facts| unfit(facts, path, text));
    problem.map_or(Ok(()), |problem| Err(format!("does not fit: {}", problem.trim_end_matches('.'))))
}

fn number(text: &str, least: u64, most: u64) -> Result<(), String> {
    let is_within = text.parse::<u64>().is_ok_and(|number| (least..=most).contains(&number));
    if is_within { Ok(()) } else { Err(format!("is not a number from {least} to {most}")) }
}

fn size(text: &str, least: &str, most: &str) -> Result<(), String> {
    let given = text.parse::<Size>().map_err(|error| error.to_string())?;
    let bounds = least.parse::<Size>().ok().zip(most.parse::<Size>().ok());
    if bounds.is_some_and(|(least, most)| (least..=most).contains(&given)) { Ok(()) } else { Err(format!("is not from {least} to {most}")) }
}

fn word(text: &str) -> Result<(), String> {
    let is_word = !text.is_empty()
        && text.len() <= WORD_CHARACTERS_MAX
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._:/-".contains(letter));
    if is_word { Ok(()) } else { Err("has an item that is not made of letters, digits and `. _ : / -`".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_checked() {
        for (limit, good, bad) in [
            (Limit::Number(1, 50), "50", "51"),
            (Limit::Number(1, 50), "1", "0"),
            (Limit::Number(1, 64), "64", "four"),
            (Limit::Size("512MB", "1TB"), "512MB", "511MB"),
            (Limit::Size("10GB", "10TB"), "10TB", "11TB"),
            (Limit::Name, "web-01", "Web_01"),
            (Limit::YesOrNo, "no", "perhaps"),
            (Limit::Words, "blue, green", "a,,b"),
            (Limit::OneOf(vec!["dev".to_owned()]), "dev", "prod"),
        ] {
            assert_eq!(limit.check(good, None), Ok(()), "{good}");
            assert!(limit.check(bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_answer_is_short_and_has_no_control_characters() {
        for text in ["a\u{1b}[2Jb".to_owned(), "a".repeat(ANSWER_CHARACTERS_MAX + 1)] {
            assert!(Limit::Words.check(&text, None).is_err());
        }
    }
}
