//! How does a model answer? It is given frame and messages, may think within bounds, and then says what the grammar lets it say.

use std::io::Read as _;
use std::num::NonZeroU32;
use std::path::Path;
use std::time::{Duration, Instant};

use daemon_worker_protocol::{Ask, Declined};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;
use sha2::{Digest as _, Sha256};

use crate::choice::Choice;
use crate::grammar::grammar;
use crate::template::{Ends, Piece, Rendered};

/// The most that question and answer hold together, whatever the model could: memory grows with it.
const CONTEXT_TOKENS_MAX: u32 = 8_192;
const BATCH_TOKENS: usize = 512;
/// More threads than that do not make a small model faster.
const THREADS_MAX: usize = 8;
const END_OF_THOUGHT: &str = "</think>";
const READ_BYTES: usize = 1 << 20;

/// A model that is loaded.
pub struct Speaker {
    /// Before the backend, which must outlive it.
    model: LlamaModel,
    backend: LlamaBackend,
    template: String,
    ends: Ends,
    version: String,
}

impl Speaker {
    /// Loads a model. The error is a sentence for people.
    pub fn load(file: &Path) -> Result<Self, String> {
        let hash = hash(file).map_err(|error| format!("the model's file cannot be read: {error}"))?;
        let mut backend = LlamaBackend::init().map_err(|error| format!("llama.cpp does not start: {error}"))?;
        // It would write to standard error what it reads in the file.
        backend.void_logs();
        let model = LlamaModel::load_from_file(&backend, file, &Default::default())
            .map_err(|_| "the file is no model that llama.cpp can load; it must be a whole GGUF file".to_owned())?;
        let template = model
            .meta_val_str("tokenizer.chat_template")
            .map_err(|_| "the model has no chat template; take one that was trained to follow instructions".to_owned())?;
        let name = model.meta_val_str("general.name").unwrap_or_default();
        let ends = ends(&model.vocab());
        Ok(Self { version: format!("{name}-{}", &hash[..12]), backend, model, template, ends })
    }

    /// The model's own name and the beginning of its file's SHA-256.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// One answer, which is JSON of the schema.
    pub fn answer(&self, ask: &Ask) -> Result<String, Declined> {
        let until = Instant::now() + Duration::from_millis(ask.milliseconds);
        let grammar = grammar(&ask.schema).map_err(failed)?;
        let rendered = Rendered::new(&self.template, &self.ends, &ask.messages).map_err(failed)?;
        let question = self.tokens(&rendered.pieces(&ask.messages), rendered.begins_with(&self.ends.begin));
        let size = self.model.n_ctx_train().min(CONTEXT_TOKENS_MAX);
        let answer = ask.tokens_max.saturating_add(if self.thinks() { ask.thought_tokens_max } else { 0 });
        if u32::try_from(question.len()).unwrap_or(u32::MAX).saturating_add(answer) > size {
            return Err(Declined::PromptTooLong);
        }
        let mut talk = Talk::new(self, size, until)?;
        talk.hear(&question)?;
        if self.thinks() {
            talk.think(ask.thought_tokens_max, rendered.begins_thought())?;
        }
        let said = talk.say(&mut Choice::strict(&self.model, &grammar).map_err(failed)?, ask.tokens_max, |_| false)?;
        if !said.is_whole {
            return Err(Declined::AnswerTooLong);
        }
        String::from_utf8(said.bytes).map_err(failed)
    }

    /// Whether its template knows of thoughts.
    fn thinks(&self) -> bool {
        self.template.contains(END_OF_THOUGHT) || self.template.contains("<think>")
    }

    /// Control words are read in the frame alone. The model's first word is said once: by the template, or here.
    fn tokens(&self, pieces: &[Piece<'_>], has_begun: bool) -> Vec<LlamaToken> {
        let vocabulary = self.model.vocab();
        let token = |(place, piece): (usize, &Piece<'_>)| match piece {
            Piece::Frame(text) => vocabulary.tokenize(text.as_bytes(), place == 0 && !has_begun, true),
            Piece::Said(text) => vocabulary.tokenize(text.as_bytes(), false, false),
        };
        pieces.iter().enumerate().flat_map(token).collect()
    }
}

/// What was said, and whether it came to its own end.
struct Said {
    bytes: Vec<u8>,
    is_whole: bool,
}

/// One question with its answer.
struct Talk<'m> {
    speaker: &'m Speaker,
    context: LlamaContext<'m>,
    /// How many tokens there were so far.
    position: i32,
    /// Where in the last batch the next token's chances are.
    last: i32,
    until: Instant,
}

impl<'m> Talk<'m> {
    fn new(speaker: &'m Speaker, size: u32, until: Instant) -> Result<Self, Declined> {
        // They wait for each other without sleeping: one core is left to the daemon, or all of them would be slower.
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get().saturating_sub(1).clamp(1, THREADS_MAX));
        let threads = i32::try_from(threads).unwrap_or(1);
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(size))
            .with_n_batch(BATCH_TOKENS as u32)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = speaker.model.new_context(&speaker.backend, parameters).map_err(failed)?;
        Ok(Self { speaker, context, position: 0, last: 0, until })
    }

    fn hear(&mut self, tokens: &[LlamaToken]) -> Result<(), Declined> {
        for chunk in tokens.chunks(BATCH_TOKENS) {
            if Instant::now() >= self.until {
                return Err(Declined::OutOfTime);
            }
            let mut batch = LlamaBatch::new(BATCH_TOKENS, 1);
            for (place, token) in chunk.iter().enumerate() {
                batch.add(*token, self.position, &[0], place + 1 == chunk.len()).map_err(failed)?;
                self.position += 1;
            }
            self.context.decode(&mut batch).map_err(failed)?;
            self.last = batch.n_tokens() - 1;
        }
        Ok(())
    }

    /// Says tokens until the model ends, the text ends as wanted, or there are enough.
    fn say(&mut self, choice: &mut Choice, most: u32, is_end: impl Fn(&[u8]) -> bool) -> Result<Said, Declined> {
        let vocabulary = self.speaker.model.vocab();
        let mut said = Said { bytes: Vec::new(), is_whole: false };
        for _ in 0..most {
            let token = choice.next(&self.context, self.last, &vocabulary, &said.bytes).ok_or_else(|| failed("the model has no token that fits"))?;
            if vocabulary.is_eog(token) {
                said.is_whole = true;
                return Ok(said);
            }
            said.bytes.extend(vocabulary.token_to_piece(token, false, None));
            self.hear(&[token])?;
            if is_end(&said.bytes) {
                said.is_whole = true;
                return Ok(said);
            }
        }
        Ok(said)
    }

    /// Lets the model think as it likes, and closes the thought where it does not.
    fn think(&mut self, most: u32, has_begun: bool) -> Result<(), Declined> {
        let opening = if has_begun { "" } else { "<think>\n" };
        self.hear(&self.speaker.tokens(&[Piece::Frame(opening)], true))?;
        let thought = self.say(&mut Choice::free(), most, |bytes| bytes.ends_with(END_OF_THOUGHT.as_bytes()))?;
        let closing = if thought.bytes.ends_with(END_OF_THOUGHT.as_bytes()) { "\n\n" } else { "\n</think>\n\n" };
        self.hear(&self.speaker.tokens(&[Piece::Frame(closing)], true))
    }
}

/// A vocabulary may have neither: its numbers are negative then.
fn ends(vocabulary: &LlamaVocab<'_>) -> Ends {
    let end = |token: LlamaToken| match token.0 {
        0.. => String::from_utf8_lossy(&vocabulary.token_to_piece(token, true, None)).into_owned(),
        _ => String::new(),
    };
    Ends { begin: end(vocabulary.bos()), end: end(vocabulary.eos()) }
}

/// None of llama.cpp's errors holds a word of the question.
fn failed(error: impl std::fmt::Display) -> Declined {
    Declined::Failed { why: error.to_string() }
}

fn hash(file: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(file)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; READ_BYTES]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex::encode(hasher.finalize())),
            count => hasher.update(&buffer[..count]),
        }
    }
}
