//! How is it said that a text was not wholly read? As a refusal where guessing does harm, and as a question elsewhere.

use crate::language::Language;
use crate::outcome::{Refusal, RefusalReason};
use crate::question::{Fill, Question, Slot};

pub(super) fn further_disk(language: Language) -> Refusal {
    let text = language.choose(
        "A further disk is an entry in a list of its own, and its place matters: write it into the blueprint by hand.",
        "Un altro disco è una voce di una lista a sé e il suo posto conta: scrivilo nel blueprint a mano.",
    );
    Refusal { reason: RefusalReason::NotPossible, text: text.to_owned() }
}

pub(super) fn no_such_template(language: Language, name: &str) -> Refusal {
    let text = match language {
        Language::English => {
            format!("There is no template `{name}` in this repository. Name one of `templates/`, or say what the machine shall have.")
        }
        Language::Italian => {
            format!("In questo repository non c'è un template `{name}`. Indicane uno di `templates/`, o di' che cosa deve avere la macchina.")
        }
    };
    Refusal { reason: RefusalReason::NotPossible, text }
}

/// What cannot be taken back is not done on a text that was read in part.
pub(super) fn too_unclear(language: Language, words: &[String]) -> Refusal {
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let text = match language {
        Language::English => {
            format!(
                "I could not place {listed}, and will not guess at this. Please say it again in one plain sentence that names only what shall change."
            )
        }
        Language::Italian => {
            format!(
                "Non ho capito dove vada {listed}, e qui non tiro a indovinare. Ridillo in una frase semplice che nomini solo quello che va cambiato."
            )
        }
    };
    Refusal { reason: RefusalReason::NotUnderstood, text }
}

/// Why nothing is done at once, where no word can be named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    Unread,
    /// "is it safe to delete it?"
    Question,
    /// "web-02 was given 8GB yesterday".
    Told,
    /// "a loki container next to grafana: grafana/loki:3.1.0", read as a change of `grafana`.
    OtherProduct,
}

pub(super) fn confirmation(language: Language, words: &[String], doubt: Doubt) -> Question {
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let text = match (language, words.is_empty()) {
        (Language::English, false) => format!("I could not place {listed}. Shall I go on with what I did read?"),
        (Language::English, true) if doubt == Doubt::Told => "This reads as if it only told of it. Shall I change it so?".to_owned(),
        (Language::Italian, true) if doubt == Doubt::Told => "Sembra che qui se ne parli soltanto. Devo cambiarlo così?".to_owned(),
        (Language::English, true) if doubt == Doubt::OtherProduct => "It would run something else than it does now. Is that meant?".to_owned(),
        (Language::Italian, true) if doubt == Doubt::OtherProduct => "Farebbe girare qualcosa di diverso da adesso. È questo che vuoi?".to_owned(),
        (Language::English, true) if doubt == Doubt::Question => "This reads like a question. Shall I do it?".to_owned(),
        (Language::Italian, true) if doubt == Doubt::Question => "Sembra una domanda. Devo farlo?".to_owned(),
        (Language::English, true) => "I could not read a good part of this. Shall I go on with what I did read?".to_owned(),
        (Language::Italian, false) => format!("Non ho capito dove vada {listed}. Procedo con quello che ho letto?"),
        (Language::Italian, true) => "Non ho capito una buona parte del testo. Procedo con quello che ho letto?".to_owned(),
    };
    let options = [(language.choose("yes", "sì").to_owned(), Fill::Yes), (language.choose("no", "no").to_owned(), Fill::No)];
    Question::new(Slot::Confirmation, text).options(options).without_default()
}
