//! How do we find again what has a comment and no tags? By one line in it; the other lines are the author's notes.
//!
//! The line names the object: a copy made by hand carries the line too, and is not ours for that.

use core_model::Marker;
use core_model::plan::Step;
use core_model::schema::Check;

const WORD: &str = "ipr";
/// So much of a step's digest tells it from the others.
const DIGEST_LENGTH: usize = 16;

/// Notes that a comment keeps as they are.
pub(crate) const NOTES: Check = Check { what: "a text", example: "Ask ops first.", parse: canonical_notes, comparable: Check::whole };

/// What our line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) marker: Marker,
    /// What the object is called on the target: `prod`, `pve1/vmbr1`.
    pub(crate) object: String,
    /// The beginning of the digest of the step that wrote it.
    step: String,
}

impl Mark {
    pub(crate) fn new(marker: &Marker, step: &Step) -> Self {
        Self { marker: marker.clone(), object: step.object.clone(), step: short(step.digest.as_str()) }
    }

    /// `ipr 6f0c2a9e/prod/infra.vmbr1 pve1/vmbr1 3f2a90cd11e07b52`.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [WORD, marker, object, step] = words.as_slice() else { return None };
        Some(Self { marker: marker.parse().ok()?, object: (*object).to_owned(), step: (*step).to_owned() })
    }

    fn line(&self) -> String {
        format!("{WORD} {} {} {}", self.marker, self.object, self.step)
    }

    pub(crate) fn is_of_step(&self, digest: &str) -> bool {
        self.step == short(digest)
    }
}

fn short(digest: &str) -> String {
    let hash = digest.rsplit(':').next().unwrap_or(digest);
    hash.chars().take(DIGEST_LENGTH).collect()
}

/// The mark of a comment, if it is that of this very object.
pub(crate) fn mark(comment: Option<&str>, object: &str) -> Option<Mark> {
    comment?.lines().find_map(Mark::parse).filter(|mark| mark.object == object)
}

/// The comment without our line.
pub(crate) fn notes(comment: Option<&str>) -> Option<String> {
    let lines: Vec<&str> = comment?.lines().filter(|line| Mark::parse(line).is_none()).map(str::trim_end).collect();
    let text = lines.join("\n").trim_matches('\n').to_owned();
    (!text.is_empty()).then_some(text)
}

/// Our line first: whoever reads a difference of two files sees at once whose the part is.
pub(crate) fn comment(notes: Option<&str>, mark: Option<&Mark>) -> String {
    let lines: Vec<String> = mark.map(Mark::line).into_iter().chain(notes.map(str::to_owned)).collect();
    lines.join("\n")
}

fn canonical_notes(text: &str) -> Result<String, String> {
    if text.lines().any(|line| Mark::parse(line).is_some()) {
        return Err("holds a line that looks like our own mark".to_owned());
    }
    notes(Some(text)).ok_or_else(|| "is empty".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn our_mark() -> Mark {
        Mark { marker: "6f0c2a9e/prod/infra.vmbr1".parse().expect("a marker"), object: "pve1/vmbr1".to_owned(), step: "abc".to_owned() }
    }

    #[test]
    fn notes_and_mark_come_back_as_they_were_written() {
        let text = comment(Some("Ask ops first.\n\n  Then ask again."), Some(&our_mark()));
        assert_eq!(mark(Some(&text), "pve1/vmbr1"), Some(our_mark()));
        assert_eq!(notes(Some(&format!("{text}\n"))).as_deref(), Some("Ask ops first.\n\n  Then ask again."));
        assert_eq!(notes(Some(&comment(None, Some(&our_mark())))), None);
        assert_eq!((mark(None, "pve1/vmbr1"), notes(None)), (None, None));
    }

    #[test]
    fn a_copy_under_another_name_is_not_ours() {
        let text = comment(None, Some(&our_mark()));
        assert_eq!(mark(Some(&text), "pve2/vmbr1"), None);
        assert_eq!(mark(Some("ipr is great, they say"), "pve1/vmbr1"), None);
    }

    #[test]
    fn notes_have_one_form() {
        assert_eq!((NOTES.parse)("a  \nb\n").as_deref(), Ok("a\nb"));
        assert!((NOTES.parse)(&our_mark().line()).is_err() && (NOTES.parse)("\n").is_err());
    }
}
