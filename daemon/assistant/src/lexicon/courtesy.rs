//! Is it a courtesy or a condition? "if that's ok" waits for nothing, "if the backup is ok" does.
//!
//! A courtesy is made of few words, and all of them speak of the wish, of those who read it, or of what the author understands. With one other
//! word it is a condition.

use crate::token::{Token, Words};

/// Such words as politeness has them: now, without haste.
#[rustfmt::skip]
const TIMELY: &[&str] = &[
    "when it suits", "whenever it suits", "when it suits you", "when it suits ye", "whenever suits", "when ready", "whenever",
    "when you can", "when you have time", "when possible", "if possible", "if you can", "if you could", "if that s ok", "if that is ok",
    "if it is possible", "if you don t mind", "once you can", "quando puoi", "quando potete", "appena puoi", "appena potete", "non appena puoi", "non appena potete", "non appena possibile", "appena fattibile", "appena possibile", "se possibile",
    "se puoi", "se potete", "se riesci", "se si puo", "se riuscite", "se riusciste", "se potreste", "se ce la fate", "se vi va", "se hai tempo", "se avete tempo",
    "se non e un problema", "quando hai tempo", "quando avete tempo", "quando riesci", "quando riuscite", "if you have time", "if there is time", "if it s ok",
    "if it s okay", "if that works", "if that s alright", "if that s fine", "if that s okay", "if it s alright", "if it s fine", "if it s no trouble", "if it s no bother",
    "if that s no trouble", "if it isn t too much trouble", "if it isn t too much hassle", "if it isn t too much to ask", "if it is not too much trouble",
    "if it s not too much hassle", "if it s not too much to ask", "if it s not a problem", "if it is not a problem", "if it isn t a problem", "if it s not a bother",
    "if you wouldn t mind", "if you would", "if you re able", "if you are able", "if feasible", "if you would be so kind", "if that would be ok", "if that would be possible", "if not", "se foste cosi gentili", "se fosse possibile", "se ne", "if it s feasible", "if it is feasible", "if at all possible",
    "if it s possible", "if that s possible", "if you have a moment", "if you have a minute", "if you have a second", "if you get a minute", "if you re not busy",
    "when you have a minute", "when you have a second", "when you get a minute", "when you get a moment", "when you find time", "when you find the time",
    "whenever you can", "whenever you have time", "whenever possible", "whenever you get a chance", "whenever you have a moment", "whenever it suits you",
    "whenever convenient", "when convenient", "when it suits you", "once you have time", "once you get a chance", "as soon as you can",
    "what would it take to", "what s the chance of", "what are the chances of", "what are the odds of", "any chance of", "mi dite se si puo", "mi dite se", "mi sapete dire se", "sapete se", "if you please", "if you like", "if so", "se si", "in caso affermativo", "if i may", "if i might", "if you will", "se posso", "only if that fits", "only if it fits", "if that fits", "if it fits", "if there is room", "if there s room", "reverse proxy", "reverse proxies", "reverse dns", "reverse lookup", "e stato bello", "e stata bella", "only if it s no trouble", "only if it is no trouble", "only if you have time", "only if possible", "only if that s ok", "only if that s okay", "only if it s ok", "only if it s okay", "solo se hai tempo", "solo se avete tempo", "solo se non disturbo", "solo se possibile", "solo se non e un problema", "if i read the plan right", "if i read it right", "if i m not mistaken", "if i am not mistaken", "if i m right", "if i remember correctly", "if i remember right", "if i recall correctly", "if i understand correctly", "if i understood correctly", "if i understand it right", "if i see it right", "if i see it correctly", "if i got it right", "if i m not wrong", "unless i m mistaken", "unless i am mistaken", "unless i m wrong", "se non sbaglio", "se non erro", "se ho capito bene", "se ricordo bene", "se non ricordo male", "se ho letto bene", "se non vado errato", "if you ask me", "if any", "if need be", "if memory serves", "sorry if", "apologies if", "forgive me if", "scusate se", "scusa se", "scusami se", "scusatemi se", "perdonate se", "perdonami se", "perdona se", "mi scuso se", "quando avete un minutino", "quando hai un minutino", "quando avete un attimino", "quando hai un attimino", "quando avete un secondo", "quando hai un secondo", "quando avete un secondino", "quando avete un minuto", "quando avete cinque minuti", "quando hai cinque minuti", "se avete un minuto", "se avete un minutino", "se hai un minutino", "se avete un attimino", "se hai un attimino", "quando vi capita", "quando ti capita", "quando capita", "when you get a sec", "when you have a sec", "when you get a second", "when you ve got a sec", "when you ve got a minute", "when you ve got a moment", "when you ve got time", "when you get time", "when you get the time", "when you get round to it", "when you get around to it", "if you ve got time", "if you ve got a minute", "if you ve got a sec", "if you have a sec", "if you have a second", "if you get a sec", "whenever you get a minute", "whenever you get a sec", "whenever you re free", "when you re free",
    "se fosse possibile", "se e possibile", "se non ti dispiace", "se non vi dispiace", "se non chiedo troppo", "se non e troppo disturbo", "se non disturbo",
    "se non e di troppo disturbo", "se non e troppo", "se hai un attimo", "se avete un attimo", "se hai un momento", "se avete un momento", "se hai un minuto",
    "se riuscissi", "se potessi", "se poteste", "se c e modo", "se non e un disturbo", "se va bene", "se ti va bene", "se per te va bene", "se per voi va bene",
    "quando hai un attimo", "quando avete un attimo", "quando hai un momento", "quando avete un momento", "quando hai un minuto", "quando ti e comodo",
    "quando vi e comodo", "quando ti va", "quando vi va", "appena riesci", "appena riuscite", "appena hai tempo", "appena avete tempo", "appena hai un attimo", "if it s not too much trouble", "if you get a chance", "when you get a chance", "when you have a moment", "when you get to it",
];

/// The most words of a courtesy that is not listed.
const LENGTH_MAX: usize = 9;

/// What may be denied in a courtesy, and what must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Denial {
    /// "if that's not a bother".
    Needed,
    /// "if that's ok".
    Forbidden,
    /// "if you're not busy and have a minute".
    Either,
}

/// A form of courtesy: a word that opens it, words it is made of, and one that ends it.
struct Form {
    opens: &'static [&'static str],
    /// Of whom or of what it speaks: one of these is among the words.
    of: &'static [&'static str],
    /// One of these is among the words; none need be, if there are none.
    verbs: &'static [&'static str],
    made_of: &'static [&'static str],
    ends: &'static [&'static str],
    denial: Denial,
    /// Whether nothing may stand behind it.
    closes: bool,
}

const IF: &[&str] = &["if", "se"];

const WHEN: &[&str] = &["when", "whenever", "once", "if", "quando", "appena", "se"];

#[rustfmt::skip]
const ANYBODY: &[&str] = &[
    "you", "ye", "youse", "yous", "yall", "u", "somebody", "someone", "anyone", "anybody", "hai", "avete", "vi", "ti", "trovi", "trovate", "c", "qualcuno", "voi", "te", "tu", "lei",
    "foste", "fossi", "avessi", "aveste", "avrai", "avrete",
];

/// Those who read it.
const READERS: &[&str] = &["you", "ye", "youse", "yous", "yall", "u", "voi", "te", "vi", "ti", "foste", "fossi", "siete", "sei", "lei"];

/// The wish itself, as such a condition speaks of it.
const WISH: &[&str] = &["that", "it", "this", "e", "fosse", "sia", "va", "vada", "andasse", "questo", "cio"];

const BEING: &[&str] =
    &["s", "is", "be", "were", "are", "re", "r", "would", "seems", "sounds", "e", "fosse", "sia", "va", "vada", "andasse", "sembra", "pare"];

const DENIALS: &[&str] = &["not", "no", "t", "non", "nessun", "nessuna", "isn", "wouldn", "doesn", "isnt", "doesnt", "wouldnt"];

#[rustfmt::skip]
const FORMS: &[Form] = &[
    // "whenever you lads have a minute", "quando vi avanza un momento".
    Form {
        opens: WHEN,
        of: ANYBODY,
        verbs: &["get", "gets", "got", "have", "has", "had", "ve", "find", "finds", "catch", "grab", "hai", "avete", "ha", "trovi", "trovate", "trova", "avanza", "avessi", "aveste", "avesse", "avrai", "avrete", "e", "fosse", "capita", "resta", "spare", "avere"],
        made_of: &["a", "an", "any", "some", "the", "few", "couple", "five", "two", "ten", "one", "spare", "free", "quiet", "little", "idle", "extra", "of", "your", "own", "on", "in", "at", "hands", "guys", "folks", "lads", "lasses", "all", "people", "team", "there", "around", "here", "next", "ever", "do", "can", "could", "s", "ll", "d", "un", "una", "uno", "qualche", "cinque", "due", "dieci", "mezzo", "po", "di", "il", "del", "li", "la", "ragazzi", "per", "anche", "solo", "non", "busy", "not", "aren", "t", "and", "re", "are"],
        ends: &["minute", "minutes", "min", "mins", "sec", "secs", "second", "seconds", "moment", "moments", "chance", "time", "mo", "tick", "opportunity", "attimo", "attimino", "minuto", "minutino", "minuti", "momento", "momentino", "tempo", "modo", "secondo", "secondino", "occasione"],
        denial: Denial::Either,
        closes: false,
    },
    Form {
        opens: WHEN,
        of: ANYBODY,
        verbs: &["get", "gets", "got", "have", "has", "ve", "find", "finds", "hai", "avete"],
        made_of: &["a", "an", "any", "some", "the", "spare", "free", "quiet", "little", "guys", "folks", "lads", "all", "un", "po"],
        ends: &["break", "bit", "slot", "cycles", "bandwidth", "buco"],
        denial: Denial::Forbidden,
        closes: true,
    },
    Form {
        opens: WHEN,
        of: ANYBODY,
        verbs: &["are", "re", "is", "s", "r", "get", "sei", "siete", "foste", "fossi", "e", "feel", "fa", "viene", "torna", "rimane", "resta"],
        made_of: &["all", "guys", "folks", "next", "around", "there", "piu", "di", "lads"],
        ends: &["free", "around", "available", "ready", "liberi", "libero", "libera", "comodo", "comodi", "comoda", "disponibili", "disponibile", "pronti"],
        denial: Denial::Forbidden,
        closes: false,
    },
    // "if you'd be so kind".
    Form {
        opens: IF,
        of: READERS,
        verbs: &["would", "d", "were", "could", "be", "are", "foste", "fossi", "siete", "sei", "vuole", "fosse"],
        made_of: &["so", "as", "very", "that", "really", "cosi", "tanto", "abbastanza", "all", "guys"],
        ends: &["kind", "obliging", "good", "nice", "gentile", "gentili", "cortese", "cortesi", "carini", "carino"],
        denial: Denial::Forbidden,
        closes: false,
    },
    // "if you're ok with it", "se siete d'accordo".
    Form {
        opens: IF,
        of: READERS,
        verbs: &["are", "re", "r", "siete", "sei", "va", "vada", "andasse", "feel"],
        made_of: &["all", "both", "guys", "per", "a", "anche", "think", "it", "that", "s", "is"],
        ends: &["ok", "okay", "fine", "alright", "happy", "cool", "good", "bene"],
        denial: Denial::Forbidden,
        closes: true,
    },
    Form {
        opens: IF,
        of: READERS,
        verbs: &[],
        made_of: &["all", "both", "guys", "tutti", "d"],
        ends: &["agree", "approve", "accordo"],
        denial: Denial::Forbidden,
        closes: false,
    },
    // "if that's ok", "se per voi va bene".
    Form {
        opens: IF,
        of: WISH,
        verbs: BEING,
        made_of: &["all", "also", "at", "even", "still", "perfectly", "really", "quite", "just", "with", "you", "for", "everyone", "everybody", "per", "voi", "te", "lei", "a", "vi", "ti", "tutti", "d", "le"],
        ends: &["ok", "okay", "alright", "fine", "possible", "feasible", "doable", "convenient", "reasonable", "sensible", "acceptable", "allowed", "bene", "possibile", "fattibile", "ragionevole"],
        denial: Denial::Forbidden,
        closes: true,
    },
    // "if that's not a bother", "se non è un problema".
    Form {
        opens: IF,
        of: &["that", "it", "this", "there", "not", "no", "non", "e", "fosse"],
        verbs: &[],
        made_of: &["s", "is", "isn", "isnt", "would", "wouldn", "t", "were", "weren", "be", "does", "doesn", "cause", "causes", "any", "a", "an", "too", "much", "of", "to", "do", "really", "great", "big", "huge", "such", "bit", "for", "you", "everyone", "anyone", "un", "una", "uno", "troppo", "troppa", "grande", "grosso", "di", "da", "vi", "ti", "le", "crea", "creo", "reco", "reca", "do", "fa", "per", "voi", "te", "lei", "ci", "sono", "nessun", "nessuna", "d"],
        ends: &["troublesome", "lavoro", "bother", "trouble", "hassle", "problem", "imposition", "inconvenience", "problema", "problemi", "disturbo", "disturba", "dispiace", "scoccia", "secca"],
        denial: Denial::Needed,
        closes: true,
    },
    // "drop the variable if it's there": of what is not there nothing goes.
    Form {
        opens: IF,
        of: &["it", "they", "c", "ce", "presente", "esiste", "present", "set"],
        verbs: &[],
        made_of: &["s", "is", "are", "still", "has", "have", "even", "already", "does", "do", "l", "ha", "gia", "ancora", "ci", "e", "fosse"],
        ends: &["there", "present", "set", "one", "exists", "exist", "e", "ha", "presente", "esiste", "impostata", "impostato"],
        denial: Denial::Forbidden,
        closes: true,
    },
    // "if I got the numbers right", "se ho capito bene".
    Form {
        opens: IF,
        of: &["i", "we", "ho", "abbiamo", "ricordo"],
        verbs: &[],
        made_of: &["have", "ve", "got", "get", "read", "it", "this", "that", "all", "everything", "the", "numbers", "figures", "plan", "docs", "documentation", "things", "totally", "completely", "quite", "see", "saw", "ricordo", "do", "am", "m", "are", "re", "was", "were", "been", "not", "well", "bene", "i", "conti", "correttamente"],
        ends: &["understand", "understood", "remember", "recall", "gather", "gathered", "right", "correct", "correctly", "well", "properly", "bene", "correttamente", "heard", "capito", "letto", "visto", "sentito", "contato", "calcolato", "interpretato", "inteso"],
        denial: Denial::Forbidden,
        closes: true,
    },
    Form {
        opens: IF,
        of: &["ricordo", "sbaglio", "erro", "vado", "i", "we", "ho", "abbiamo", "mi"],
        verbs: &[],
        made_of: &["m", "am", "are", "re", "have", "ve", "haven", "didn", "completely", "totally", "got", "it", "this", "errato", "del", "tutto", "mi", "capito", "letto", "contato", "fatto", "la", "ricordo"],
        ends: &["mistaken", "wrong", "misread", "miscounted", "misremember", "misremembering", "sbaglio", "sbagliato", "sbagliando", "erro", "errato", "male", "frainteso"],
        denial: Denial::Needed,
        closes: false,
    },
    Form {
        opens: &["unless"],
        of: &["i", "we"],
        verbs: &[],
        made_of: &["m", "am", "are", "re", "have", "ve", "completely", "totally", "got", "it", "this", "badly"],
        ends: &["mistaken", "wrong", "misread", "miscounted", "misremember", "misremembering", "misunderstood"],
        denial: Denial::Forbidden,
        closes: false,
    },
];

/// What it shall not bring about: "se non rompe niente". Of what cannot be taken back that is a condition.
#[rustfmt::skip]
pub(crate) const EFFECTS: &[&str] = &[
    "expensive", "difficult", "hard", "complicated", "inconvenient", "late", "costly", "costoso", "costosa", "difficile", "complicato", "complicata", "caro", "cara", "tardi", "break", "breaks", "hurt", "hurts", "rompe", "rompiamo", "rompo", "crea", "comporta", "costa",
];

/// What stands around an effect.
const AROUND_EFFECT: &[&str] = &[
    "that", "it", "this", "s", "is", "isn", "does", "doesn", "t", "not", "won", "wouldn", "will", "would", "be", "too", "very", "non", "e", "fosse",
    "troppo", "ci",
];

/// What the author wants to hear in some case.
#[rustfmt::skip]
const TELLING_BACK: &[&str] = &[
    "tell me", "let me know", "correct me", "stop me", "shout", "ask me", "just ask", "please ask", "give me a shout", "ping me", "write me", "write to me", "call me", "email me", "mail me", "drop me a line", "get back to me",
    "ditemelo", "dimmelo", "ditemi", "dimmi", "correggetemi", "correggimi", "correggete", "fatemi sapere", "fammi sapere", "fatemelo sapere", "fammelo sapere", "avvisatemi", "avvisami", "avvertitemi", "chiedetemi", "chiedimi", "chiedete", "scrivetemi", "scrivimi", "chiamatemi", "chiamami", "fermatemi", "fermami", "mi dite", "mi dica", "mi faccia sapere", "mi corregga",
];

/// Before what the author puts up with.
#[rustfmt::skip]
const TOLERATING: &[&str] = &[
    "no worries if", "no problem if", "not a problem if", "i don t mind if", "we don t mind if", "don t mind if", "it s fine if", "that s fine if", "fine if", "it s ok if", "it s okay if", "ok if", "okay if", "doesn t matter if", "don t care if", "no issue if",
    "non importa se", "nessun problema se", "non e un problema se", "nessun problema anche se", "pazienza se", "non fa niente se", "va bene anche se", "non mi interessa se", "non c e problema se",
];

/// What a change may bring about for a moment.
#[rustfmt::skip]
const INTERRUPTIONS: &[&str] = &[
    "restart", "restarts", "restarted", "reboot", "reboots", "rebooted", "bounce", "bounces", "bounced", "downtime", "down", "offline", "outage", "interruption", "unavailable",
    "riavvio", "riavvia", "riavviata", "riavviato", "riparte", "riavviare", "ferma", "fermo", "fermata", "giu", "interruzione", "irraggiungibile",
];

/// The most words of what the author would hear of.
const CONDITION_MAX: usize = 14;

/// How well the author understands: "if I remember right".
const SURELY: &[&str] = &["bene", "correctly", "right", "well", "properly", "correttamente"];

const RECALLING: &[&str] = &[
    "understand",
    "understood",
    "remember",
    "recall",
    "see",
    "saw",
    "got",
    "read",
    "heard",
    "gathered",
    "capito",
    "ricordo",
    "letto",
    "visto",
    "sentito",
    "inteso",
];

/// How many words such politeness has, that begins at a place.
pub(crate) fn timely(words: &Words<'_>, place: usize) -> Option<usize> {
    let is_whole = |phrase: &str, length: usize| {
        // "if it's ok with cache" waits for something, "if it's ok" does not.
        let is_welcome = matches!(phrase.rsplit(' ').next(), Some("ok" | "okay" | "alright" | "fine" | "possible" | "feasible"));
        !is_welcome || closes(words, place + length)
    };
    let listed = TIMELY.iter().filter_map(|phrase| super::length_of(phrase, words, place).filter(|length| is_whole(phrase, *length))).max();
    let formed = FORMS.iter().filter_map(|form| form.length(words, place)).max();
    listed.max(formed).max(effect(words, place)).max(telling_back(words, place)).max(tolerated(words, place))
}

impl Form {
    /// The number of its words at a place, if it stands there.
    fn length(&self, words: &Words<'_>, place: usize) -> Option<usize> {
        if !self.opens.contains(&words.word(place)) {
            return None;
        }
        let is_of_it = |word: &str| [self.of, self.verbs, self.made_of, self.ends, DENIALS].iter().any(|known| known.contains(&word));
        let length = (place + 1..place + LENGTH_MAX).take_while(|next| is_of_it(words.word(*next))).count();
        (1..=length).rev().find(|length| self.is_whole(words, place, *length)).map(|length| length + 1)
    }

    /// Whether as many words say all of it.
    fn is_whole(&self, words: &Words<'_>, place: usize, length: usize) -> bool {
        let among = |known: &[&str]| (place + 1..=place + length).any(|next| known.contains(&words.word(next)));
        let is_denied = among(DENIALS);
        let last = words.word(place + length);
        // "if I remember right"; "if I'm right" is also said of something else: "if I'm right about the leak".
        let is_sure = SURELY.contains(&last) && among(RECALLING);
        self.ends.contains(&last)
            && among(self.of)
            && (self.verbs.is_empty() || among(self.verbs))
            && (self.denial == Denial::Either || is_denied == (self.denial == Denial::Needed))
            && (!self.closes || is_sure || closes(words, place + length + 1))
    }
}

/// "if it breaks nothing", "se non è troppo tardi".
fn effect(words: &Words<'_>, place: usize) -> Option<usize> {
    if !IF.contains(&words.word(place)) {
        return None;
    }
    let around = (place + 1..place + LENGTH_MAX).take_while(|next| AROUND_EFFECT.contains(&words.word(*next))).count();
    let end = place + 1 + around;
    let is_denied = (place..end).any(|between| DENIALS.contains(&words.word(between)));
    let is_nothing = matches!(words.word(end + 1), "niente" | "nulla" | "nothing" | "anything");
    let length = 2 + around + usize::from(is_nothing);
    (EFFECTS.contains(&words.word(end)) && (is_denied || is_nothing) && closes(words, place + length)).then_some(length)
}

/// "if I got the name wrong tell me": what shall be said then, and not what shall be done.
fn telling_back(words: &Words<'_>, place: usize) -> Option<usize> {
    if !IF.contains(&words.word(place)) {
        return None;
    }
    let in_sentence = |next: &usize| words.tokens.get(*next).is_some_and(|token| !token.ends_sentence() && !token.is_data);
    let told = |next: usize| TELLING_BACK.iter().filter_map(|phrase| super::length_of(phrase, words, next)).max().map(|length| next + length);
    let end = (place + 2..place + CONDITION_MAX).take_while(in_sentence).find_map(told)?;
    // "if it is idle tell me and delete it".
    let goes_on = (end..end + 3).any(|next| matches!(words.word(next), "and" | "then" | "or" | "e" | "poi" | "o" | "oppure"));
    (!goes_on).then_some(end - place)
}

/// "no worries if it needs a bounce", "pazienza se si riavvia": what may happen on the way.
fn tolerated(words: &Words<'_>, place: usize) -> Option<usize> {
    let opening = TOLERATING.iter().filter_map(|phrase| super::length_of(phrase, words, place)).max()?;
    let in_part = |next: &usize| words.tokens.get(*next).is_some_and(|token| !token.is_punctuation() && !token.is_data);
    let rest = (place + opening..place + opening + LENGTH_MAX).take_while(in_part).count();
    let is_interruption = (place + opening..place + opening + rest).any(|next| INTERRUPTIONS.contains(&words.word(next)));
    (is_interruption && rest < LENGTH_MAX).then_some(opening + rest)
}

/// Whether a courtesy may end before a place: nothing stands there, or for whom it is: "if that's ok for you".
fn closes(words: &Words<'_>, place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|last| words.tokens.get(last));
    let has_colon = before.is_some_and(|last| words.text.get(last.end..).is_some_and(|rest| rest.starts_with(':')));
    let is_for_readers = matches!(words.word(place), "for" | "with" | "by" | "per" | "a" | "con")
        && (READERS.contains(&words.word(place + 1)) || matches!(words.word(place + 1), "it" | "that" | "this" | "everyone" | "all" | "tutti"));
    has_colon || words.tokens.get(place).is_none_or(Token::is_punctuation) || is_for_readers
}
