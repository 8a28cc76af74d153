//! Which sentences are in these bytes? The framing of RouterOS's binary API, read with a bound on everything.
//!
//! A word is its length and its bytes; a sentence is words and an empty word. The length takes one to five bytes: the leading bits
//! of the first one say how many follow (MikroTik's manual, "API", section "API words").

/// The longest word that is taken: a comment, a script, a piece of a file.
pub(crate) const WORD_BYTES_MAX: usize = 1 << 20;
/// The longest sentence, all words together.
pub(crate) const SENTENCE_BYTES_MAX: usize = 4 << 20;
/// The most words of one sentence. The widest menus have about a hundred arguments.
pub(crate) const SENTENCE_WORDS_MAX: usize = 1_024;

/// Why bytes are no sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// The first byte of a length is `0xF8` or more: reserved for control words that nobody has defined.
    ControlByte(u8),
    WordTooLong(usize),
    SentenceTooLong,
}

impl DecodeError {
    /// Completes the sentence "the router sent ...".
    pub(crate) fn words(self) -> String {
        match self {
            Self::ControlByte(byte) => format!("a word that begins with the reserved byte {byte:#04x}"),
            Self::WordTooLong(length) => format!("a word of {length} bytes, and at most {WORD_BYTES_MAX} are read"),
            Self::SentenceTooLong => format!("a sentence of more than {SENTENCE_WORDS_MAX} words or {SENTENCE_BYTES_MAX} bytes"),
        }
    }
}

/// Turns bytes, in pieces of any size, into sentences.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// What was fed and not yet read; read up to `start`.
    buffer: Vec<u8>,
    start: usize,
    words: Vec<Vec<u8>>,
    words_bytes: usize,
}

impl Decoder {
    /// Adds bytes. Whoever feeds takes all sentences out before feeding again, so that the buffer stays within one word.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole sentence. `None`: more bytes are needed. After an error nothing that follows makes sense.
    pub(crate) fn next_sentence(&mut self) -> Result<Option<Vec<Vec<u8>>>, DecodeError> {
        while let Some((header, length)) = length_of(&self.buffer[self.start..])? {
            if length > WORD_BYTES_MAX {
                return Err(DecodeError::WordTooLong(length));
            }
            let begin = self.start + header;
            let Some(word) = self.buffer.get(begin..begin + length) else { return Ok(None) };
            if !word.is_empty() {
                self.words_bytes += length;
                if self.words_bytes > SENTENCE_BYTES_MAX || self.words.len() == SENTENCE_WORDS_MAX {
                    return Err(DecodeError::SentenceTooLong);
                }
                self.words.push(word.to_vec());
            }
            let is_end = word.is_empty();
            self.start = begin + length;
            // An empty sentence means nothing; RouterOS itself skips it.
            if is_end && !self.words.is_empty() {
                self.words_bytes = 0;
                return Ok(Some(std::mem::take(&mut self.words)));
            }
        }
        Ok(None)
    }
}

/// How many bytes the length takes, and the length. `None`: there are not enough bytes.
fn length_of(bytes: &[u8]) -> Result<Option<(usize, usize)>, DecodeError> {
    let Some(first) = bytes.first().copied() else { return Ok(None) };
    let (header, high) = match first {
        0x00..=0x7F => (1, first),
        0x80..=0xBF => (2, first & 0x3F),
        0xC0..=0xDF => (3, first & 0x1F),
        0xE0..=0xEF => (4, first & 0x0F),
        0xF0..=0xF7 => (5, 0),
        _ => return Err(DecodeError::ControlByte(first)),
    };
    let Some(rest) = bytes.get(1..header) else { return Ok(None) };
    Ok(Some((header, rest.iter().fold(usize::from(high), |length, byte| (length << 8) | usize::from(*byte)))))
}

/// Appends a word with its length in front.
pub(crate) fn encode_word(word: &[u8], bytes: &mut Vec<u8>) {
    let length = u32::try_from(word.len()).expect("no word of ours is longer than 4 GiB");
    let [first, second, third, fourth] = length.to_be_bytes();
    match length {
        0..=0x7F => bytes.push(fourth),
        0x80..=0x3FFF => bytes.extend([third | 0x80, fourth]),
        0x4000..=0x1F_FFFF => bytes.extend([second | 0xC0, third, fourth]),
        0x20_0000..=0xFFF_FFFF => bytes.extend([first | 0xE0, second, third, fourth]),
        _ => bytes.extend([0xF0, first, second, third, fourth]),
    }
    bytes.extend_from_slice(word);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(decoder: &mut Decoder) -> Result<Vec<Vec<Vec<u8>>>, DecodeError> {
        let mut sentences = Vec::new();
        while let Some(sentence) = decoder.next_sentence()? {
            sentences.push(sentence);
        }
        Ok(sentences)
    }

    #[test]
    fn lengths_are_those_of_the_manual() {
        for (length, header) in [
            (0x00, vec![0x00]),
            (0x7F, vec![0x7F]),
            (0x80, vec![0x80, 0x80]),
            (0x3FFF, vec![0xBF, 0xFF]),
            (0x4000, vec![0xC0, 0x40, 0x00]),
            (0x1F_FFFF, vec![0xDF, 0xFF, 0xFF]),
            (0x20_0000, vec![0xE0, 0x20, 0x00, 0x00]),
        ] {
            let mut bytes = Vec::new();
            encode_word(&vec![b'x'; length], &mut bytes);
            assert_eq!(bytes[..header.len()], header, "{length:#x}");
            assert_eq!(length_of(&bytes), Ok(Some((header.len(), length))), "{length:#x}");
        }
        assert_eq!(length_of(&[0xF0, 0x10, 0, 0, 0]), Ok(Some((5, 0x1000_0000))));
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_is_read() {
        let mut decoder = Decoder::default();
        decoder.feed(&[0xF0, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(decoder.next_sentence(), Err(DecodeError::WordTooLong(0xFFFF_FFFF)));
        let mut decoder = Decoder::default();
        decoder.feed(&[0xF8]);
        assert_eq!(decoder.next_sentence(), Err(DecodeError::ControlByte(0xF8)));
        let mut decoder = Decoder::default();
        decoder.feed(&[1, b'a'].repeat(SENTENCE_WORDS_MAX + 1));
        assert_eq!(decoder.next_sentence(), Err(DecodeError::SentenceTooLong));
    }

    proptest! {
        #[test]
        fn sentences_come_back_however_they_are_cut(
            sentences in prop::collection::vec(prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 1..6), 0..6),
            cut in 1_usize..64,
        ) {
            let mut bytes = Vec::new();
            for sentence in &sentences {
                sentence.iter().for_each(|word| encode_word(word, &mut bytes));
                bytes.push(0);
            }
            let mut decoder = Decoder::default();
            let mut found = Vec::new();
            for piece in bytes.chunks(cut) {
                decoder.feed(piece);
                found.extend(all(&mut decoder).unwrap());
            }
            prop_assert_eq!(found, sentences);
        }

        #[test]
        fn arbitrary_bytes_neither_panic_nor_pile_up(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 0..40)) {
            let mut decoder = Decoder::default();
            for piece in &pieces {
                decoder.feed(piece);
                if all(&mut decoder).is_err() {
                    break;
                }
                prop_assert!(decoder.buffer.len() - decoder.start <= WORD_BYTES_MAX + 5);
                prop_assert!(decoder.words_bytes <= SENTENCE_BYTES_MAX && decoder.words.len() <= SENTENCE_WORDS_MAX);
            }
        }
    }
}
