//! How does a row of the router say that it is ours? Its comment begins with our marker, and tells which part of an object it is.
//!
//! `ipr:6f0c2a9e/prod/shop.forward#web-https`: marker, and after `#` the slot, empty for the row that an object is named by. Where
//! the object is called something else than the resource, its name stands in between: `ipr:6f0c2a9e/dev/shop.lan:dev-lan#pool`.

use core_model::Marker;

const PREFIX: &str = "ipr:";

/// What a comment of ours says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) marker: Marker,
    pub(crate) object: String,
    pub(crate) slot: String,
}

impl Tag {
    pub(crate) fn new(marker: &Marker, object: &str, slot: &str) -> Self {
        Self { marker: marker.clone(), object: object.to_owned(), slot: slot.to_owned() }
    }

    /// Text after the first blank is somebody's note and is not looked at.
    pub(crate) fn parse(comment: &str) -> Option<Self> {
        let word = comment.strip_prefix(PREFIX)?.split(' ').next()?;
        let (front, slot) = word.split_once('#').unwrap_or((word, ""));
        let (marker, object) = front.split_once(':').map_or((front, None), |(marker, object)| (marker, Some(object)));
        let marker: Marker = marker.parse().ok()?;
        let object = object.map_or_else(|| marker.address.resource.to_string(), str::to_owned);
        Some(Self { marker, object, slot: slot.to_owned() })
    }

    /// The comment. Blanks cannot be part of it: names of objects and slots come from checked texts.
    pub(crate) fn comment(&self) -> String {
        let object = if self.object == self.marker.address.resource.as_str() { String::new() } else { format!(":{}", self.object) };
        let slot = if self.slot.is_empty() { String::new() } else { format!("#{}", self.slot) };
        format!("{PREFIX}{}{object}{slot}", self.marker).replace(' ', "_")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn comments_round_trip() {
        for text in [
            "ipr:6f0c2a9e/prod/shop.lan",
            "ipr:6f0c2a9e/prod/shop.forward#web-https",
            "ipr:6f0c2a9e/dev/shop.lan:dev-lan#address",
            "ipr:6f0c2a9e/prod/shop.block#2001:db8::1/128",
        ] {
            assert_eq!(Tag::parse(text).map(|tag| tag.comment()).as_deref(), Some(text));
        }
        let noted = Tag::parse("ipr:6f0c2a9e/prod/shop.lan since May").expect("a tag");
        assert_eq!((noted.object.as_str(), noted.slot.as_str()), ("lan", ""));
    }

    #[test]
    fn comments_of_others_are_no_tags() {
        for text in ["", "defconf", "ipr:", "ipr:nobody", "ipr:a/b", "uplink ipr:6f0c2a9e/prod/shop.lan"] {
            assert_eq!(Tag::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_comment_is_read_and_a_tag_comes_back(comment in prop_oneof![".{0,60}", "ipr:[a-z0-9/.:# -]{0,60}"]) {
            if let Some(tag) = Tag::parse(&comment) {
                prop_assert_eq!(Tag::parse(&tag.comment()), Some(tag));
            }
        }
    }
}
