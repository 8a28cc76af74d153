//! What may lie in a virtual drive? An image that the BMC fetches; its address stands in the repository, so no secret may be in it.

use core_model::schema::{Check, Field, Kind};
use url::Url;

pub(super) const FIELDS: &[Field] = &[
    Field::new("image", Kind::Checked(&IMAGE), "Where the BMC fetches it from. There is no place for a name, a password or a token in it.")
        .required(),
    Field::new("write_protected", Kind::Boolean, "Whether the machine can only read it; as the BMC likes when left out.").keep_when_unset(),
];

pub(super) const IMAGE: Check =
    Check { what: "the address of an image", example: "https://images.acme.lan/debian-13.iso", parse: image, comparable: Check::whole };

/// The canonical form of an image's address, or why it is none.
pub(crate) fn image(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("is no address: {error}"))?;
    if url.scheme() != "https" {
        return Err("does not begin with `https://`".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a name or a password, which everybody could read in plans".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has something behind `?` or `#`: a token there could be read by everybody".to_owned());
    }
    if url.path().ends_with('/') {
        return Err("names no file".to_owned());
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_holds_a_secret() {
        assert_eq!(image("https://Images.acme.lan:443/a b.iso").as_deref(), Ok("https://images.acme.lan/a%20b.iso"));
        for (text, why) in [
            ("http://images.acme.lan/a.iso", "does not begin with `https://`"),
            ("nfs://images.acme.lan/a.iso", "does not begin with `https://`"),
            ("https://ops:sesame@images.acme.lan/a.iso", "holds a name or a password, which everybody could read in plans"),
            ("https://ops@images.acme.lan/a.iso", "holds a name or a password, which everybody could read in plans"),
            ("https://images.acme.lan/a.iso?token=sesame", "has something behind `?` or `#`: a token there could be read by everybody"),
            ("https://images.acme.lan/a.iso#sesame", "has something behind `?` or `#`: a token there could be read by everybody"),
            ("https://images.acme.lan/", "names no file"),
        ] {
            assert_eq!(image(text), Err(why.to_owned()), "{text}");
        }
        assert!(image("images/a.iso").is_err_and(|why| why.starts_with("is no address")));
    }
}
