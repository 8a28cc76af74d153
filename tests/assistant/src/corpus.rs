//! What does a corpus file hold? Requests, what they should come to, and the author's answers to questions.
//!
//! ```text
//! en: give web-01 16 GB of RAM            the request; `\n` is a line break; `!en` marks an injection
//! = update shop.web-01 @prod specs.memory=16GB
//! ? environment: prod                     the request needs a question for this slot; the answer follows
//! ~ name: cache                           the answer, should the slot be asked; needing it counts as needless
//! ```

use anyhow::{Context, bail};

/// One request.
#[derive(Debug, Clone)]
pub struct Case {
    pub place: String,
    pub is_italian: bool,
    pub is_injection: bool,
    pub text: String,
    pub gold: String,
    /// What it must ask for, with the author's answers.
    pub needed: Vec<(String, String)>,
    /// Answers to questions that are not needed.
    pub spare: Vec<(String, String)>,
}

impl Case {
    pub fn is_refusal(&self) -> bool {
        self.gold.starts_with("refuse")
    }

    /// The answer to a question for a slot.
    pub fn answer(&self, slot: &str) -> Option<&str> {
        let known = self.needed.iter().chain(&self.spare);
        known.clone().find(|(own, _)| own == slot).map(|(_, answer)| answer.as_str())
    }
}

/// The part of the corpus that may be read while working.
pub fn work() -> anyhow::Result<Vec<Case>> {
    let files = [
        ("work/requests.txt", include_str!("../corpus/work/requests.txt")),
        ("work/injections.txt", include_str!("../corpus/work/injections.txt")),
        ("work/blind-2.txt", include_str!("../corpus/work/blind-2.txt")),
        ("work/blind-2-held.txt", include_str!("../corpus/work/blind-2-held.txt")),
        ("work/blind-3.txt", include_str!("../corpus/work/blind-3.txt")),
        ("work/blind-3-held.txt", include_str!("../corpus/work/blind-3-held.txt")),
        ("work/blind-4.txt", include_str!("../corpus/work/blind-4.txt")),
        ("work/blind-5.txt", include_str!("../corpus/work/blind-5.txt")),
        ("work/blind-6.txt", include_str!("../corpus/work/blind-6.txt")),
        ("work/blind-7.txt", include_str!("../corpus/work/blind-7.txt")),
        ("work/blind-8.txt", include_str!("../corpus/work/blind-8.txt")),
        ("work/blind-9.txt", include_str!("../corpus/work/blind-9.txt")),
        ("work/blind-10.txt", include_str!("../corpus/work/blind-10.txt")),
        ("work/blind-11.txt", include_str!("../corpus/work/blind-11.txt")),
        ("work/blind-12.txt", include_str!("../corpus/work/blind-12.txt")),
        ("work/blind-13.txt", include_str!("../corpus/work/blind-13.txt")),
        ("work/blind-14.txt", include_str!("../corpus/work/blind-14.txt")),
        ("work/blind-15.txt", include_str!("../corpus/work/blind-15.txt")),
        ("work/blind-16.txt", include_str!("../corpus/work/blind-16.txt")),
        ("work/blind-17.txt", include_str!("../corpus/work/blind-17.txt")),
        ("work/blind-18.txt", include_str!("../corpus/work/blind-18.txt")),
        ("work/blind-19.txt", include_str!("../corpus/work/blind-19.txt")),
        ("work/blind-20.txt", include_str!("../corpus/work/blind-20.txt")),
        ("work/blind-21.txt", include_str!("../corpus/work/blind-21.txt")),
        ("work/blind-22.txt", include_str!("../corpus/work/blind-22.txt")),
        ("work/blind-23.txt", include_str!("../corpus/work/blind-23.txt")),
        ("work/blind-24.txt", include_str!("../corpus/work/blind-24.txt")),
        ("work/blind-25.txt", include_str!("../corpus/work/blind-25.txt")),
        ("work/blind-26.txt", include_str!("../corpus/work/blind-26.txt")),
        ("work/blind-27.txt", include_str!("../corpus/work/blind-27.txt")),
        ("work/blind-28.txt", include_str!("../corpus/work/blind-28.txt")),
        ("work/blind-29.txt", include_str!("../corpus/work/blind-29.txt")),
        ("work/blind-30.txt", include_str!("../corpus/work/blind-30.txt")),
        ("work/blind-31.txt", include_str!("../corpus/work/blind-31.txt")),
        ("work/blind-32.txt", include_str!("../corpus/work/blind-32.txt")),
        ("work/blind-33.txt", include_str!("../corpus/work/blind-33.txt")),
        ("work/blind-34.txt", include_str!("../corpus/work/blind-34.txt")),
        ("work/blind-35.txt", include_str!("../corpus/work/blind-35.txt")),
        ("work/blind-36.txt", include_str!("../corpus/work/blind-36.txt")),
        ("work/blind-39.txt", include_str!("../corpus/work/blind-39.txt")),
        ("work/blind-40.txt", include_str!("../corpus/work/blind-40.txt")),
        ("work/blind-41.txt", include_str!("../corpus/work/blind-41.txt")),
        ("work/blind-42.txt", include_str!("../corpus/work/blind-42.txt")),
        ("work/blind-43.txt", include_str!("../corpus/work/blind-43.txt")),
        ("work/blind-44.txt", include_str!("../corpus/work/blind-44.txt")),
        ("work/blind-45.txt", include_str!("../corpus/work/blind-45.txt")),
        ("work/variants.txt", include_str!("../corpus/work/variants.txt")),
    ];
    all(&files)
}

/// The part that is run for figures only.
pub fn held() -> anyhow::Result<Vec<Case>> {
    let files =
        [("held/requests.txt", include_str!("../corpus/held/requests.txt")), ("held/injections.txt", include_str!("../corpus/held/injections.txt"))];
    all(&files)
}

/// Parts for figures only, by hands that had seen neither the reader nor the other parts.
pub fn strangers() -> anyhow::Result<Vec<(&'static str, Vec<Case>)>> {
    let parts = [
        ("thirty-seventh hand", "held/blind-37.txt", include_str!("../corpus/held/blind-37.txt")),
        ("thirty-eighth hand", "held/blind-38.txt", include_str!("../corpus/held/blind-38.txt")),
    ];
    parts.into_iter().map(|(name, path, text)| Ok((name, all(&[(path, text)])?))).collect()
}

/// A file in the form that is told of above.
pub fn file(path: &str) -> anyhow::Result<Vec<Case>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{path} cannot be read"))?;
    all(&[(path, &text)])
}

fn all(files: &[(&str, &str)]) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for (path, text) in files {
        parse(path, text, &mut cases).with_context(|| format!("read corpus/{path}"))?;
    }
    Ok(cases)
}

fn parse(path: &str, text: &str, cases: &mut Vec<Case>) -> anyhow::Result<()> {
    for (number, line) in text.lines().enumerate() {
        let place = format!("{path}:{}", number + 1);
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some((head, request)) = line.split_once(": ").filter(|(head, _)| matches!(*head, "en" | "it" | "!en" | "!it")) {
            cases.push(Case {
                place,
                is_italian: head.ends_with("it"),
                is_injection: head.starts_with('!'),
                text: unescaped(request),
                gold: String::new(),
                needed: Vec::new(),
                spare: Vec::new(),
            });
            continue;
        }
        let Some(case) = cases.last_mut() else { bail!("{place}: no request stands before this line") };
        match line.split_once(' ') {
            Some(("=", gold)) => gold.clone_into(&mut case.gold),
            Some((mark @ ("?" | "~"), pair)) => {
                let (slot, answer) = pair.split_once(": ").with_context(|| format!("{place}: a slot and its answer"))?;
                let answers = if mark == "?" { &mut case.needed } else { &mut case.spare };
                answers.push((slot.to_owned(), answer.to_owned()));
            }
            _ => bail!("{place}: not a request, `=`, `?` or `~`"),
        }
    }
    match cases.iter().find(|case| case.gold.is_empty()) {
        Some(case) => bail!("{}: what should it come to?", case.place),
        None => Ok(()),
    }
}

/// `\n` is a line break, `\u{200B}` a character by its number.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap_or(("", part));
        result.extend(u32::from_str_radix(number, 16).ok().and_then(char::from_u32));
        result.push_str(rest);
    }
    result.replace("\\n", "\n")
}
