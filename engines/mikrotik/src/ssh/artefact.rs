//! What is kept of an export? All of it but the time at which it was made, which would make any two of them differ.

use core_model::Secret;
use engine_api::{Artefact, EngineError, ErrorKind};

use super::{Question, SshClient};
use crate::export;

const KEEP: &str = "keep the router's export";
const FILE_NAME: &str = "export.rsc";
/// A password that is shorter would be found in texts in which it does not stand.
const PASSWORD_CHARS_MIN: usize = 8;
/// So many times a text is in quotes within quotes, at most: a script in an export, and a text of that script that is a script again.
const QUOTES_MAX: usize = 4;
/// How the scheduler of an open batch stands in an export.
const SWITCH: &str = "name=ipr-undo-";

/// The router's export, for people to compare. `password` must not be in it, whatever scripts of others hold.
pub(crate) async fn artefact(ssh: &SshClient, password: &Secret) -> Result<Artefact, EngineError> {
    let text = ssh.ask(Question::Export).await?;
    checked(&text, password)
}

/// A run that is not confirmed may be undone, and then the export is of what never was.
pub(crate) fn unconfirmed() -> EngineError {
    EngineError::new(ErrorKind::Busy, KEEP, "a run has changed the router and has not confirmed it yet")
}

fn checked(output: &str, password: &Secret) -> Result<Artefact, EngineError> {
    let text = plain(output);
    let refused = |why: String| Err(EngineError::new(ErrorKind::Rejected, KEEP, why));
    if export::version(&text).is_none() {
        let said: String = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("nothing").chars().take(200).collect();
        return refused(format!("it answers no export, but: {said}"));
    }
    if unescaped(&text).contains(SWITCH) {
        return Err(unconfirmed());
    }
    if password.expose().chars().count() < PASSWORD_CHARS_MIN {
        let why = "so that nobody can tell whether it stands in it";
        return refused(format!("the daemon's own password is shorter than {PASSWORD_CHARS_MIN} characters, {why}"));
    }
    if holds(&text, password.expose()) {
        return refused("the daemon's own password stands in it, in a script or a comment".to_owned());
    }
    Ok(Artefact { file_name: FILE_NAME.to_owned(), text: without_time(&text) })
}

/// Whether a password stands in a text, however often that is in quotes. The lexer of exports does not do here: it stops at what it
/// does not understand, and what is behind that would not be looked at.
fn holds(text: &str, password: &str) -> bool {
    let bare = |text: &str| text.replace('\\', "");
    let mut text = text.to_owned();
    for _ in 0..=QUOTES_MAX {
        if text.contains(password) || bare(&text).contains(&bare(password)) {
            return true;
        }
        text = unescaped(&text);
    }
    false
}

/// A text with what its backslashes stand for: the end of a line that goes on, a byte in hexadecimal, a blank, or what comes after.
fn unescaped(text: &str) -> String {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'\\' {
            plain.push(*first);
            continue;
        }
        let digits = after.get(..2).filter(|digits| digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')));
        let byte = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        rest = match (byte, after) {
            (Some(byte), [_, _, after @ ..]) => {
                plain.push(byte);
                after
            }
            (_, [b'\n', after @ ..]) => after.trim_ascii_start(),
            (_, [letter, after @ ..]) => {
                plain.push(match letter {
                    b'_' => b' ',
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    other => *other,
                });
                after
            }
            (_, []) => after,
        };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Without the colours of a terminal and without carriage returns.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\r' => {}
            // ESC [ parameters, and a letter that ends them.
            '\u{1b}' => _ = rest.by_ref().skip_while(|character| *character == '[').find(char::is_ascii_alphabetic),
            other => plain.push(other),
        }
    }
    plain
}

/// The first line is `# 2026-01-05 09:00:00 by RouterOS 7.20`.
fn without_time(text: &str) -> String {
    let (head, rest) = text.split_once('\n').unwrap_or((text, ""));
    match head.split_once("by RouterOS") {
        Some((_, version)) => format!("# by RouterOS{version}\n{rest}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kept(output: &str) -> Result<String, String> {
        checked(output, &Secret::new("a long one")).map(|artefact| artefact.text).map_err(|error| error.message)
    }

    #[test]
    fn two_exports_of_one_configuration_are_the_same_text() {
        let export = |time: &str| format!("\u{1b}[m# {time} by RouterOS 7.20.2\r\n# software id = X\r\n/ip dns set servers=9.9.9.9\r\n");
        let kept_text = kept(&export("2026-01-05 09:00:00")).unwrap();
        assert_eq!(kept_text, "# by RouterOS 7.20.2\n# software id = X\n/ip dns set servers=9.9.9.9\n");
        assert_eq!(kept(&export("jan/05/2026 10:00:00")).unwrap(), kept_text);
    }

    #[test]
    fn what_is_no_export_is_not_kept() {
        assert_eq!(kept("\r\nnot enough permissions (9)\r\n").unwrap_err(), "it answers no export, but: not enough permissions (9)");
        assert_eq!(kept("").unwrap_err(), "it answers no export, but: nothing");
        let leaking = "# by RouterOS 7.20\n/system script add source=\"/tool fetch password=a long one\"\n";
        assert_eq!(kept(leaking).unwrap_err(), "the daemon's own password stands in it, in a script or a comment");
    }

    /// A router writes escapes, scripts have escapes of their own, and long lines are wrapped.
    #[test]
    fn however_a_password_is_written_it_is_found() {
        let password = r#"pa$s"w\ord é?"#;
        let export = |line: &str| checked(&format!("# by RouterOS 7.20\n{line}\n"), &Secret::new(password));
        for line in [
            r#"/system script add name=a source="/tool fetch password=\"pa\$s\"w\\ord \C3\A9\?\"""#,
            r#"/system script add name=a source="/tool fetch password=\"pa\\\$s\\\"w\\\\ord \\C3\\A9\\\?\"""#,
            r#"/system script add name=a source="/tool fetch password=\"pa\\\$s\\\"w\\\\ord\\_\C3\A9\\\?\"""#,
            "/ip address add comment=\"pa\\$s\\\"w\\\\or\\\n    d \\C3\\A9\\?\"",
            // Not even a text that nobody can read hides it.
            r#"/ip address add comment="\z pa\$s\"w\\ord \C3\A9\?""#,
        ] {
            assert!(export(line).is_err(), "{line}");
        }
        assert!(export(r#"/ip address add comment="pa\$s word \C3\A9""#).is_ok());
    }

    #[test]
    fn what_could_not_be_found_is_not_looked_for_in_vain() {
        let error = checked("# by RouterOS 7.20\n/ip dns set servers=9.9.9.9\n", &Secret::new("short")).unwrap_err();
        assert_eq!(error.message, "the daemon's own password is shorter than 8 characters, so that nobody can tell whether it stands in it");
    }

    proptest! {
        #[test]
        fn any_output_is_read_without_a_panic(output in prop_oneof![".{0,200}", "(# by RouterOS 7|\u{1b}|\\[|[a-z0-9;\r\n]){0,40}"]) {
            let _ = kept(&output);
        }
    }
}
