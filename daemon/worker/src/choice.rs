//! Which token does a model say next? In a thought, one by chance; in an answer, the likeliest that leaves it well formed.
//!
//! The grammar alone does not see to that: llama.cpp reads characters in it that UTF-8 does not have, such as a letter in more bytes than
//! it takes. So each token of an answer is looked at here as well.

use llama_cpp_2::GrammarError;
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;

/// Where the same question is thought about twice, the thought is the same.
const SEED: u32 = 1;
const THOUGHT_TEMPERATURE: f32 = 0.6;

/// How tokens are chosen.
pub(crate) enum Choice {
    Free(LlamaSampler),
    Strict(LlamaSampler),
}

impl Choice {
    pub(crate) fn free() -> Self {
        Self::Free(LlamaSampler::chain_simple([LlamaSampler::temp(THOUGHT_TEMPERATURE), LlamaSampler::dist(SEED)]))
    }

    pub(crate) fn strict(model: &LlamaModel, grammar: &str) -> Result<Self, GrammarError> {
        LlamaSampler::grammar(model, grammar, "root").map(Self::Strict)
    }

    /// The next token after `said`, from the chances at this place of the last batch. None where no token fits.
    pub(crate) fn next(&mut self, context: &LlamaContext<'_>, place: i32, vocabulary: &LlamaVocab<'_>, said: &[u8]) -> Option<LlamaToken> {
        match self {
            Self::Free(sampler) => Some(sampler.sample(context, place)),
            Self::Strict(grammar) => {
                let token = likeliest(grammar, context, place, |token| begins_text(said, &vocabulary.token_to_piece(token, false, None)))?;
                grammar.accept(token);
                Some(token)
            }
        }
    }
}

fn likeliest(grammar: &mut LlamaSampler, context: &LlamaContext<'_>, place: i32, fits: impl Fn(LlamaToken) -> bool) -> Option<LlamaToken> {
    let mut chances = context.token_data_array_ith(place);
    grammar.apply(&mut chances);
    // What the grammar forbids, and what has no chance that is a number, is left out.
    let mut left: Vec<_> = chances.data.iter().filter(|chance| chance.logit() > f32::NEG_INFINITY).collect();
    left.sort_unstable_by(|one, other| other.logit().total_cmp(&one.logit()));
    left.into_iter().map(|chance| chance.id()).find(|token| fits(*token))
}

/// Whether what was said and what comes next are a text, or the beginning of one that ends within a character.
fn begins_text(said: &[u8], next: &[u8]) -> bool {
    let bytes = [said, next].concat();
    std::str::from_utf8(&bytes).err().is_none_or(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_may_be_finished_and_a_wrong_one_not_begun() {
        for (said, next) in [("".as_bytes(), "a".as_bytes()), (b"a", &[0xC3]), (&[b'a', 0xC3], &[0xB9]), (&[0xF0, 0x9F], &[0xA6, 0x80, b'"'])] {
            assert!(begins_text(said, next), "{said:X?} {next:X?}");
        }
        let wrong: [(&[u8], &[u8]); 5] = [(b"a", &[0xB9]), (b"a", &[0xFF]), (&[0xC3], b"a"), (&[0xE0], &[0x82]), (&[0xED], &[0xA0])];
        for (said, next) in wrong {
            assert!(!begins_text(said, next), "{said:X?} {next:X?}");
        }
    }
}
