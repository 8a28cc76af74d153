//! What is kept beside a record? A text of the target's own, for people.

/// The largest text that is kept.
pub const ARTEFACT_BYTES_MAX: usize = 1 << 20;
const NAME_CHARS_MAX: usize = 100;

/// A file beside a record. Nothing is ever read back from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artefact {
    /// `export.rsc`.
    pub file_name: String,
    pub text: String,
}

impl Artefact {
    /// Why it is not kept, if it is not; completes the sentence "the artefact of `edge` is not kept: ...".
    pub fn refusal(&self) -> Option<String> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let name = &self.file_name;
        if name.is_empty() || name.len() > NAME_CHARS_MAX || name.starts_with('.') || !name.bytes().all(is_plain) {
            return Some("its name is none that a file beside a record may have; this is a bug in the engine".to_owned());
        }
        let length = self.text.len();
        (length > ARTEFACT_BYTES_MAX).then(|| format!("it has {length} bytes, and at most {ARTEFACT_BYTES_MAX} are kept"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_named_like_a_path_is_refused() {
        let artefact = |file_name: &str, length| Artefact { file_name: file_name.to_owned(), text: "x".repeat(length) }.refusal();
        assert_eq!(artefact("export.rsc", ARTEFACT_BYTES_MAX), None);
        assert_eq!(artefact("export.rsc", ARTEFACT_BYTES_MAX + 1).as_deref(), Some("it has 1048577 bytes, and at most 1048576 are kept"));
        for name in ["", "a/b", "../run.json", ".git", "a b", "é"] {
            assert!(artefact(name, 1).is_some(), "{name}");
        }
    }
}
