//! How is a text of somebody else shown? Without anything that GitHub would turn into a mention, a link or markup.

/// The longest piece of an author's text that is shown back.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// A word of the author for use inside inline code. Marks that could end the code or reach GitHub's renderer are left out.
pub(crate) fn shown(text: &str) -> String {
    let safe = text
        .chars()
        .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_' | '.' | ':' | '/' | '=' | '%' | '+' | ','));
    let shown: String = safe.take(SHOWN_CHARACTERS_MAX).collect();
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_active_is_shown() {
        assert_eq!(shown("`@admin` <b>![x](http://e.org)</b> #12"), "admin bxhttp://e.org/b 12");
        assert_eq!(shown(&"a".repeat(500)).len(), 60);
    }
}
