//! Which words are numbers?

#[rustfmt::skip]
const NUMBERS: &[(&str, u64)] = &[
    ("zero", 0), ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7), ("eight", 8), ("nine", 9), ("ten", 10),
    ("eleven", 11), ("twelve", 12), ("sixteen", 16), ("twenty", 20), ("thirty", 30), ("thirty-two", 32), ("forty", 40), ("fifty", 50), ("sixty-four", 64), ("hundred", 100),
    ("uno", 1), ("due", 2), ("tre", 3), ("quattro", 4), ("cinque", 5), ("sei", 6), ("sette", 7), ("otto", 8), ("nove", 9), ("dieci", 10),
    ("undici", 11), ("dodici", 12), ("sedici", 16), ("venti", 20), ("trenta", 30), ("trentadue", 32), ("quaranta", 40), ("cinquanta", 50), ("sessantaquattro", 64), ("cento", 100),
];

/// The number that a folded word stands for.
pub(crate) fn number_word(fold: &str) -> Option<u64> {
    NUMBERS.iter().find(|(word, _)| *word == fold).map(|(_, number)| *number)
}
