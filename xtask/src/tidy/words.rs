//! Where does a word stand in a text? A word is not part of a longer name.

/// The byte positions where `word` stands with no letter, digit or underscore beside it.
pub(crate) fn positions<'text>(text: &'text str, word: &'text str) -> impl Iterator<Item = usize> + 'text {
    text.match_indices(word).map(|(position, _)| position).filter(move |&position| {
        let before = text[..position].chars().next_back();
        let after = text[position + word.len()..].chars().next();
        !before.is_some_and(is_part_of_name) && !after.is_some_and(is_part_of_name)
    })
}

fn is_part_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_name_is_another_word() {
        let text = "sleep asleep sleep_until (sleep)";
        assert_eq!(positions(text, "sleep").collect::<Vec<_>>(), [0, 26]);
    }
}
