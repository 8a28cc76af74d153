//! What is the smallest model that llama.cpp loads? One of random weights, written here: no download, and no file in the repository.
//!
//! GGUF 3, architecture `llama`: 32 dimensions, two layers, and a vocabulary of single characters, so that every text can be said.

use std::path::{Path, PathBuf};

/// Types of values, as GGUF numbers them.
const U32: u32 = 4;
const I32: u32 = 5;
const F32: u32 = 6;
const BOOL: u32 = 7;
const STRING: u32 = 8;
const ARRAY: u32 = 9;

const DIMENSIONS: u64 = 32;
const FORWARD_DIMENSIONS: u64 = 64;
const HEADS: u64 = 4;
const KEY_HEADS: u64 = 2;
const LAYERS: u64 = 2;
const CONTEXT_TOKENS: u32 = 8_192;
const ALIGNMENT: usize = 32;

/// A template that models commonly have.
pub const CHATML: &str = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
/// As of a model that thinks before it answers.
pub const THINKING: &str =
    "{% for m in messages %}<|im_start|>{{ m.content.split('</think>')[-1] }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n<think>\n";

/// Writes a model into a folder. Another seed is another model.
pub fn tiny(folder: &Path, seed: u64, template: Option<&str>) -> PathBuf {
    let mut file = Gguf { seed: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, ..Gguf::default() };
    describe(&mut file, template);
    fill(&mut file);
    let path = folder.join(format!("tiny-{seed}.gguf"));
    std::fs::write(&path, file.bytes()).expect("a folder of the test's own can be written");
    path
}

#[derive(Default)]
struct Gguf {
    values: Vec<u8>,
    value_count: u64,
    tensors: Vec<u8>,
    tensor_count: u64,
    data: Vec<u8>,
    seed: u64,
}

impl Gguf {
    fn key(&mut self, key: &str, kind: u32) {
        self.value_count += 1;
        text(&mut self.values, key.as_bytes());
        self.values.extend(kind.to_le_bytes());
    }

    fn number(&mut self, key: &str, value: u32) {
        self.key(key, U32);
        self.values.extend(value.to_le_bytes());
    }

    fn fraction(&mut self, key: &str, value: f32) {
        self.key(key, F32);
        self.values.extend(value.to_le_bytes());
    }

    fn switch(&mut self, key: &str, value: bool) {
        self.key(key, BOOL);
        self.values.push(u8::from(value));
    }

    fn string(&mut self, key: &str, value: &str) {
        self.key(key, STRING);
        text(&mut self.values, value.as_bytes());
    }

    fn list(&mut self, key: &str, kind: u32, count: usize, bytes: impl IntoIterator<Item = u8>) {
        self.key(key, ARRAY);
        self.values.extend(kind.to_le_bytes());
        self.values.extend((count as u64).to_le_bytes());
        self.values.extend(bytes);
    }

    /// Ones for a norm, random weights for everything else.
    fn tensor(&mut self, name: &str, shape: &[u64]) {
        self.tensor_count += 1;
        text(&mut self.tensors, name.as_bytes());
        self.tensors.extend((shape.len() as u32).to_le_bytes());
        shape.iter().for_each(|size| self.tensors.extend(size.to_le_bytes()));
        self.data.resize(self.data.len().next_multiple_of(ALIGNMENT), 0);
        self.tensors.extend(0_u32.to_le_bytes());
        self.tensors.extend((self.data.len() as u64).to_le_bytes());
        for _ in 0..shape.iter().product::<u64>() {
            let weight = if shape.len() == 1 { 1.0 } else { self.random() };
            self.data.extend(weight.to_le_bytes());
        }
    }

    fn random(&mut self) -> f32 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        ((self.seed >> 40) as f32 / (1_u64 << 24) as f32 - 0.5) * 0.8
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend(self.tensor_count.to_le_bytes());
        bytes.extend(self.value_count.to_le_bytes());
        bytes.extend(&self.values);
        bytes.extend(&self.tensors);
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        bytes.extend(&self.data);
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        bytes
    }
}

fn text(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text);
}

fn describe(file: &mut Gguf, template: Option<&str>) {
    file.string("general.architecture", "llama");
    file.string("general.name", "tiny-random");
    file.number("general.file_type", 0);
    for (key, value) in [
        ("context_length", CONTEXT_TOKENS),
        ("embedding_length", DIMENSIONS as u32),
        ("block_count", LAYERS as u32),
        ("feed_forward_length", FORWARD_DIMENSIONS as u32),
        ("attention.head_count", HEADS as u32),
        ("attention.head_count_kv", KEY_HEADS as u32),
        ("rope.dimension_count", (DIMENSIONS / HEADS) as u32),
    ] {
        file.number(&format!("llama.{key}"), value);
    }
    file.fraction("llama.attention.layer_norm_rms_epsilon", 1e-5);
    file.fraction("llama.rope.freq_base", 10_000.0);
    let words = vocabulary();
    file.string("tokenizer.ggml.model", "llama");
    let spelled = words.iter().flat_map(|(word, _, _)| {
        let mut bytes = Vec::new();
        text(&mut bytes, word);
        bytes
    });
    file.list("tokenizer.ggml.tokens", STRING, words.len(), spelled);
    file.list("tokenizer.ggml.scores", F32, words.len(), words.iter().flat_map(|(_, _, score)| score.to_le_bytes()));
    file.list("tokenizer.ggml.token_type", I32, words.len(), words.iter().flat_map(|(_, kind, _)| kind.to_le_bytes()));
    file.number("tokenizer.ggml.bos_token_id", 1);
    file.number("tokenizer.ggml.eos_token_id", 4);
    file.number("tokenizer.ggml.unknown_token_id", 0);
    file.switch("tokenizer.ggml.add_bos_token", true);
    file.switch("tokenizer.ggml.add_space_prefix", false);
    if let Some(template) = template {
        file.string("tokenizer.chat_template", template);
    }
}

/// Control words, every byte, and the letters of ASCII: spelling, kind and score.
fn vocabulary() -> Vec<(Vec<u8>, i32, f32)> {
    let control = ["<s>", "</s>", "<|im_start|>", "<|im_end|>"].map(|word| (word.as_bytes().to_vec(), 3, 0.0));
    let bytes = (0..=255_u8).map(|byte| (format!("<0x{byte:02X}>").into_bytes(), 6, 0.0));
    let letters = (33..127_u8).map(|letter| (vec![letter], 1, -f32::from(letter)));
    let space = ("\u{2581}".as_bytes().to_vec(), 1, -1.0);
    [(b"<unk>".to_vec(), 2, 0.0)].into_iter().chain(control).chain(bytes).chain([space]).chain(letters).collect()
}

fn fill(file: &mut Gguf) {
    let words = vocabulary().len() as u64;
    let keys = KEY_HEADS * (DIMENSIONS / HEADS);
    file.tensor("token_embd.weight", &[DIMENSIONS, words]);
    file.tensor("output_norm.weight", &[DIMENSIONS]);
    file.tensor("output.weight", &[DIMENSIONS, words]);
    for layer in 0..LAYERS {
        for (name, shape) in [
            ("attn_norm", vec![DIMENSIONS]),
            ("attn_q", vec![DIMENSIONS, DIMENSIONS]),
            ("attn_k", vec![DIMENSIONS, keys]),
            ("attn_v", vec![DIMENSIONS, keys]),
            ("attn_output", vec![DIMENSIONS, DIMENSIONS]),
            ("ffn_norm", vec![DIMENSIONS]),
            ("ffn_gate", vec![DIMENSIONS, FORWARD_DIMENSIONS]),
            ("ffn_up", vec![DIMENSIONS, FORWARD_DIMENSIONS]),
            ("ffn_down", vec![FORWARD_DIMENSIONS, DIMENSIONS]),
        ] {
            file.tensor(&format!("blk.{layer}.{name}.weight"), &shape);
        }
    }
}
