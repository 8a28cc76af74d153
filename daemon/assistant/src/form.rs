//! What does a filled-in issue form say? The shipped forms of `.github/ISSUE_TEMPLATE`, as GitHub renders their answers.
//!
//! GitHub writes each answer under a heading of the third level with the label of its field, and `_No response_` where there is none.
//! A form becomes a request in plain sentences and is read like any other: there is one reader, and a form can say nothing that a
//! sentence could not. The text of the issue is the author's own, so its words stay the source of every slot.

/// The longest answer of one field.
const ANSWER_CHARACTERS_MAX: usize = 2_000;
/// What GitHub writes for a field that was left empty.
const NO_RESPONSE: &str = "_No response_";

/// Which form an issue was opened from. Its first heading tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    NewMachine,
    NewContainer,
    NetworkChange,
    Undo,
    Question,
}

/// A field of a form: its label, and the words that its answer gets in the sentence.
struct Field {
    label: &'static str,
    before: &'static str,
    after: &'static str,
}

const fn field(label: &'static str, before: &'static str, after: &'static str) -> Field {
    Field { label, before, after }
}

/// One line for each form: what its sentence begins with, and its fields. The first field of a form is in no other form.
const FORMS: &[(Form, &str, &[Field])] = &[
    (
        Form::NewMachine,
        "create a VM",
        &[
            field("Machine name", "named ", ""),
            field("Profile", "from the template ", ""),
            field("Environment", "in ", ""),
            field("Blueprint", "in the blueprint ", ""),
            field("Processors", "with ", " cores"),
            field("Memory", "with ", " of memory"),
            field("Disk", "with ", " of disk"),
            field("Operating system", "running ", ""),
            field("Network", "on the network ", ""),
            field("IP address", "with the IP address ", ""),
            field("VLAN", "in VLAN ", ""),
            field("Tags", "with the tags ", ""),
        ],
    ),
    (
        Form::NewContainer,
        "create a container",
        &[
            field("Container name", "named ", ""),
            field("Image", "from ", ""),
            field("Environment", "in ", ""),
            field("Blueprint", "in the blueprint ", ""),
            field("Processors", "with ", " cores"),
            field("Memory", "with ", " of memory"),
            field("Published ports", "with the ports ", ""),
            field("Variables", "with ", ""),
            field("Network", "on the network ", ""),
        ],
    ),
    (Form::NetworkChange, "", &[field("What shall change in the network?", "", ""), field("Environment", "in ", "")]),
    (Form::Undo, "undo", &[field("What shall be undone?", "", ""), field("Environment", "in ", "")]),
    (Form::Question, "", &[field("What do you want to know?", "", "")]),
];

/// The form that a text was made by, and the request it stands for. `None` for a text that no shipped form makes.
pub fn request(body: &str) -> Option<(Form, String)> {
    let answers = answers(body);
    let (form, opening, fields) =
        FORMS.iter().find(|(_, _, fields)| fields.first().is_some_and(|first| answers.first().is_some_and(|(label, _)| label == first.label)))?;
    let mut parts: Vec<String> = (!opening.is_empty()).then(|| (*opening).to_owned()).into_iter().collect();
    for field in *fields {
        let answer = answers.iter().find(|(label, _)| label == field.label).map(|(_, answer)| answer.trim());
        if let Some(answer) = answer.filter(|answer| !answer.is_empty()) {
            parts.push(phrase(field, answer));
        }
    }
    Some((*form, parts.join(" ")))
}

/// An answer with the words around it; a unit or a word that the author wrote too is not said twice.
fn phrase(field: &Field, answer: &str) -> String {
    let says_unit = answer.trim_end().ends_with(|letter: char| letter.is_ascii_alphabetic()) && field.after == " cores";
    let after = if says_unit { "" } else { field.after };
    format!("{}{answer}{after}", field.before)
}

/// The answers by their labels, in order.
fn answers(body: &str) -> Vec<(String, String)> {
    let mut answers: Vec<(String, String)> = Vec::new();
    for line in body.lines() {
        if let Some(label) = line.strip_prefix("### ") {
            answers.push((label.trim().to_owned(), String::new()));
        } else if let Some((_, answer)) = answers.last_mut()
            && line.trim() != NO_RESPONSE
            && answer.chars().count() + line.chars().count() < ANSWER_CHARACTERS_MAX
        {
            answer.push_str(line);
            answer.push('\n');
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_a_sentence() {
        let body = "### Machine name\n\nweb-05\n\n### Environment\n\nprod\n\n### Blueprint\n\n_No response_\n\n### Processors\n\n4\n\n### Memory\n\n8GB\n\n### Disk\n\n80GB\n\n### Operating system\n\ndebian-12\n";
        let expected = "create a VM named web-05 in prod with 4 cores with 8GB of memory with 80GB of disk running debian-12";
        assert_eq!(request(body), Some((Form::NewMachine, expected.to_owned())));
    }

    #[test]
    fn other_texts_are_no_form() {
        assert_eq!(request("give web-01 16GB"), None);
        assert_eq!(request("### What did you see?\n\nnothing"), None);
    }
}
