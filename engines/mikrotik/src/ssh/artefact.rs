//! What is kept of an export? All of it but the time at which it was made, which would make any two of them differ.

use core_model::Secret;
use engine_api::{Artefact, EngineError, ErrorKind};

use super::{Question, SshClient};
use crate::export;

const FILE_NAME: &str = "export.rsc";
/// A password that is shorter is found in texts in which it does not stand.
const PASSWORD_CHARS_MIN: usize = 8;

/// The router's export, for people to compare. `password` must not be in it, whatever scripts of others hold.
pub(crate) async fn artefact(ssh: &SshClient, password: &Secret) -> Result<Artefact, EngineError> {
    let text = ssh.ask(Question::Export).await?;
    checked(&text, password).map_err(|why| EngineError::new(ErrorKind::Rejected, "keep the router's export", why))
}

fn checked(output: &str, password: &Secret) -> Result<Artefact, String> {
    let text = plain(output);
    if export::version(&text).is_none() {
        let said: String = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("nothing").chars().take(200).collect();
        return Err(format!("it answers no export, but: {said}"));
    }
    let password = password.expose();
    if password.chars().count() >= PASSWORD_CHARS_MIN && text.contains(password) {
        return Err("the daemon's own password stands in it, in a script or a comment".to_owned());
    }
    Ok(Artefact { file_name: FILE_NAME.to_owned(), text: without_time(&text) })
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
        checked(output, &Secret::new("a long one")).map(|artefact| artefact.text)
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

    proptest! {
        #[test]
        fn any_output_is_read_without_a_panic(output in prop_oneof![".{0,200}", "(# by RouterOS 7|\u{1b}|\\[|[a-z0-9;\r\n]){0,40}"]) {
            let _ = kept(&output);
        }
    }
}
