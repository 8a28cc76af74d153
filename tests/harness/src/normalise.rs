//! How does a text of the daemon look the same in every run? Commits, addresses of this run and times become placeholders;
//! digests stay, because they must not change.

/// Shorter hexadecimal words are taken for words.
const SHA_DIGITS_MIN: usize = 7;
const SHA_DIGITS: usize = 40;
/// How the first line of a comment begins.
const MARKER: &str = "<!-- ipr:";

/// Replaces what differs from run to run. `commits` are the full ids of all commits on the forge.
pub(crate) fn normalise(text: &str, web_url: &str, commits: &[String]) -> String {
    let text = text.replace(web_url, "https://github.example");
    let lines: Vec<String> = text.split('\n').map(|line| normalise_line(line, commits)).collect();
    lines.join("\n")
}

fn normalise_line(text: &str, commits: &[String]) -> String {
    let is_marker = text.starts_with(MARKER);
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_alphanumeric() || (letter == ':' || letter == '-') && is_start_of_time(&word) {
            word.push(letter);
            continue;
        }
        out.push_str(replaced(&word, commits, is_marker).unwrap_or(&word));
        word.clear();
        out.push(letter);
    }
    out.pop();
    out
}

fn replaced(word: &str, commits: &[String], is_in_marker: bool) -> Option<&'static str> {
    let is_hexadecimal = word.len() >= SHA_DIGITS_MIN && word.chars().all(|letter| letter.is_ascii_hexdigit());
    // Commits of a branch that is gone are not known any more, but nothing else has their length.
    let is_commit = is_hexadecimal && (word.len() == SHA_DIGITS || commits.iter().any(|commit| commit.starts_with(word)));
    let is_time = word.len() >= "2026-01-05T09:00:00Z".len() && is_start_of_time(word);
    match (is_commit, is_time) {
        (true, _) => Some("<sha>"),
        (_, true) => Some("<time>"),
        // Ids of runs and comments, by which the daemon finds its own comments again.
        _ => (is_in_marker && is_hexadecimal).then_some("<id>"),
    }
}

/// Whether a word can go on to be a time such as `2026-01-05T09:00:00Z`.
fn is_start_of_time(word: &str) -> bool {
    let pattern = "dddd-dd-ddTdd:dd:ddZ";
    word.len() >= 4
        && word.chars().zip(pattern.chars()).all(|(letter, wanted)| if wanted == 'd' { letter.is_ascii_digit() } else { letter == wanted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_times_and_addresses_go_and_digests_stay() {
        let commits = ["0123456789abcdef0123456789abcdef01234567".to_owned()];
        let text = "head `0123456` at 2026-01-05T09:00:00Z, see https://127.0.0.1:5/acme/infra/commit/0123456789abcdef0123456789abcdef01234567, \
                    digest 0123457aa, 2026-01 well-known\n<!-- ipr:finished prod 5000000036 -->";
        let shown = "head `<sha>` at <time>, see https://github.example/acme/infra/commit/<sha>, digest 0123457aa, 2026-01 well-known\n\
                     <!-- ipr:finished prod <id> -->";
        assert_eq!(normalise(text, "https://127.0.0.1:5", &commits), shown);
    }
}
