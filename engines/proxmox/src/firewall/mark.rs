//! How do groups, sets and aliases say whose they are? By the last words of their comment.
//!
//! `Offices of the company [ipr:6f0c2a9e/prod/shop.office]`: the author's notes, and our marker.

use core_model::Marker;

const BEGIN: &str = "[ipr:";
const END: &str = "]";

/// The author's notes and our marker, as the comment has them.
pub(crate) fn comment(notes: Option<&str>, marker: Option<&Marker>) -> String {
    let ours = marker.map(|marker| format!("{BEGIN}{marker}{END}"));
    notes.map(str::to_owned).into_iter().chain(ours).collect::<Vec<String>>().join(" ")
}

/// What a comment says: notes and marker.
pub(crate) fn read(comment: Option<&str>) -> (Option<String>, Option<Marker>) {
    let comment = comment.unwrap_or_default().trim();
    let ours = comment.strip_suffix(END).and_then(|rest| rest.rsplit_once(BEGIN));
    let marked = ours.and_then(|(notes, marker)| Some((notes.trim(), marker.parse::<Marker>().ok()?)));
    let (notes, marker) = marked.map_or((comment, None), |(notes, marker)| (notes, Some(marker)));
    ((!notes.is_empty()).then(|| notes.to_owned()), marker)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_round_trip() {
        let marker: Marker = "6f0c2a9e/prod/shop.office".parse().expect("a marker");
        for notes in [None, Some("Offices [both]")] {
            for marker in [None, Some(&marker)] {
                let text = comment(notes, marker);
                assert_eq!(read(Some(&text)), (notes.map(str::to_owned), marker.cloned()), "{text}");
            }
        }
        assert_eq!(read(Some("by hand [ipr:nobody]")), (Some("by hand [ipr:nobody]".to_owned()), None));
        assert_eq!(read(None), (None, None));
    }
}
