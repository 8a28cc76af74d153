//! Is something asked, and not wished? What a question asks about: who changed it, what a field says, or how it is.

use crate::command::CommandName;
use crate::lexicon::{ASKING, CHANGING, CULPRITS, Concept, KNOWING, SHOWING, Thing, Verb, length_of};
use crate::mark::Meaning;
use crate::quantity::Quantity;

use super::Reader;
use super::asked_fields::SHORT_MAX;
use super::intent::POSSIBLE;

/// So many words without a meaning may stand before what is asked: "for the inventory I need to know which ...".
const UNREAD_MAX: usize = 3;
/// So far behind "who" stands what was done.
const DEED_MAX: usize = 9;
/// So many words behind a place it is said that all is well there.
const HEALTH_MAX: usize = 8;
/// How something is that is well.
#[rustfmt::skip]
const HEALTH: &[&str] = &[
    "healthy", "ok", "okay", "alright", "all right", "fine", "up", "well", "good", "working", "running", "stable", "green", "in order", "in good shape", "in shape", "broken", "down", "sane", "doing", "behaving", "unhealthy", "sick", "alive", "faring", "getting on", "holding up", "keeping", "coping", "online", "at risk", "problems", "issues",
    "a posto", "bene", "sana", "sano", "in salute", "in piedi", "in ordine", "funziona", "funzionante", "su", "regolare", "stabile", "verde", "giu", "rotta", "rotto", "ok", "viva", "vivo", "apposto", "messa", "messo", "problemi", "in forma", "va",
];

/// What is written down, as against what runs.
#[rustfmt::skip]
const WRITTEN: &[&str] = &["git", "the repo", "the repository", "the blueprint", "the blueprints", "our blueprints", "what s written", "what is written", "il repo", "il repository", "nel repo", "al repo", "i blueprint", "nei blueprint", "ai blueprint", "nel repository", "al repository"];
/// How the two stand to each other.
#[rustfmt::skip]
const DIFFERING: &[&str] = &["differ", "differs", "different", "diverge", "diverges", "diverged", "drift", "drifted", "drifting", "in sync", "out of sync", "synced", "match", "matches", "matching", "agree", "agrees", "aligned", "in line with", "diverso", "diversa", "diverge", "allineata", "allineato", "allineati", "in sincrono", "sincronizzata", "sincronizzato", "coincide", "corrisponde", "combacia"];

impl Reader<'_> {
    pub(crate) fn question(&self) -> Option<(CommandName, usize)> {
        if let Some(found) = self.who_changed() {
            return Some(found);
        }
        if self.order_behind_question().is_some() {
            return None;
        }
        // "per la dmz mi dicono vlan 35, io non so nemmeno cosa sia": what one does not know is told, where a value is given.
        let is_unknown = |index: usize| {
            let from = self.marks[index].from;
            let before = |words: &[&str]| (from.saturating_sub(5)..from).any(|place| words.contains(&self.words.word(place)));
            // "too much for what it does".
            let is_measure = from > 0 && matches!(self.words.word(from - 1), "for" | "than" | "per");
            is_measure || before(&["so", "know", "idea"]) && before(&["non", "t", "not", "no", "dont"])
        };
        let is_given = self.has_value() && self.marks.iter().any(|mark| mark.named().is_some());
        if is_given && self.asking_word().is_some_and(is_unknown) {
            return None;
        }
        // "LOG_LEVEL=debug sulla cache, devo capire una cosa".
        let assigns = self.marks.iter().any(|mark| mark.assignment().is_some()) && self.marks.iter().any(|mark| mark.named().is_some());
        if (assigns || self.leads_variable_to_value()) && self.words.tokens.iter().all(|token| token.fold != "?") {
            return None;
        }
        if let Some(index) = self.asks_for_health() {
            return Some((CommandName::Status, index));
        }
        if let Some(index) = self.asks_for_drift() {
            return Some((CommandName::Status, index));
        }
        if let Some(index) = self.asks_for_value() {
            return Some((CommandName::Explain, index));
        }
        let (index, verb) = self.verbs().next().unwrap_or((usize::MAX, Verb::Set));
        let is_query = matches!(verb, Verb::Explain | Verb::Status);
        let second = self.verbs().nth(1);
        // "give me a list", "dammi lo stato": the second verb says what is given.
        let is_given =
            matches!(verb, Verb::Create | Verb::Set | Verb::Want) && second.is_some_and(|(place, verb)| verb == Verb::Status && place <= index + 3);
        if is_given {
            return second.map(|(place, _)| (CommandName::Status, place));
        }
        // "si chiede di conoscere lo stato di produzione": what is to be known is how it is.
        let is_state = verb == Verb::Explain
            && second.is_some_and(|(place, verb)| verb == Verb::Status && place <= index + 3)
            && self.marks.iter().all(|mark| mark.concept().is_none());
        if is_state && self.opens_sentence(index) {
            return second.map(|(place, _)| (CommandName::Status, place));
        }
        if is_query && !self.tells_with_does(index) && self.opens_sentence(index) && !self.wishes_after(index) {
            // "list the ports of grafana" asks for a field; "show me the status" does not.
            // "quali porte espone grafana?"
            let shows_field = verb == Verb::Status && (SHOWING.contains(&self.word(index)) || self.word(index) == "quali") && self.asks_for_field();
            let explains = (verb == Verb::Explain || shows_field) && !self.asks_what_is_there(index);
            return Some((if explains { CommandName::Explain } else { CommandName::Status }, index));
        }
        if let Some(index) = self.asking_word().filter(|index| !self.is_relative_place(*index) && !self.wishes_after(*index)) {
            if self.asks_what_is_there(index) {
                return Some((CommandName::Status, index));
            }
            return Some((CommandName::Explain, index));
        }
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let opens_with_being = matches!(self.words.word(0), "is" | "are" | "was" | "has" | "e" | "sono" | "ha" | "gira" | "funziona" | "does");
        // "would 80 GB be possible?", "can web-01 run 1.4.3?": a wish.
        let gives = |mark: &crate::mark::Mark| {
            matches!(mark.quantity(), Some(Quantity::Size(_) | Quantity::Factor(..) | Quantity::Percent(_)))
                || mark.image().is_some()
                || mark.version().is_some()
        };
        let is_possible = (0..self.marks.len()).any(|index| POSSIBLE.contains(&self.word(index)));
        let lists = self.marks.iter().any(|mark| matches!(mark.concept(), Some(Concept::Packages | Concept::Tags)));
        let moves = (1..self.marks.len()).any(|index| self.is_node(index) && matches!(self.word(index - 1), "to" | "onto" | "su" | "sul"));
        if asks && (lists && is_possible || moves) && self.marks.iter().any(|mark| mark.named().is_some()) {
            return None;
        }
        if is_possible && self.marks.iter().any(gives) && self.marks.iter().any(|mark| mark.named().is_some()) {
            return None;
        }
        let is_polite = matches!(self.words.word(0), "can" | "could" | "would" | "will" | "puoi" | "potresti" | "potete" | "potreste")
            || matches!(self.words.word(0), "may" | "might" | "posso")
                && matches!(self.words.word(2), "ask" | "request")
                && self.words.word(3) == "that"
            || self.words.word(0) == "posso" && matches!(self.words.word(1), "chiedere" | "chiedervi" | "chiederti");
        let has_no_verb = self.verbs().next().is_none();
        let gives_amount = has_no_verb && self.marks.iter().any(|mark| mark.quantity().is_some());
        // "is dev healthy": a question without its mark.
        let asks = asks
            || matches!(self.words.word(0), "is" | "are")
                && self.marks.len() <= SHORT_MAX
                && self.verbs().next().is_none()
                && self.marks.iter().all(|mark| mark.quantity().is_none() && mark.image().is_none() && mark.version().is_none());
        let is_asked = asks
            && !self.wishes_after(0)
            && (!gives_amount || opens_with_being)
            && self.creation().is_none()
            && !self.orders()
            && !is_polite
            && (opens_with_being || has_no_verb);
        // "on which node does it run?", "os on web-02?" ask what a field says, and not how it is.
        let asks_which = (0..self.marks.len()).any(|place| matches!(self.word(place), "which" | "what" | "che" | "quale" | "quali"));
        let is_named = |mark: &&crate::mark::Mark| mark.named().is_some();
        let networks = (0..self.marks.len()).filter(|index| self.is_network(*index)).count();
        // "is web-02 on the lan?"
        let asks_where = networks > 0 && self.marks.iter().filter(is_named).count() > networks;
        let asks_product = || (0..self.marks.len()).any(|index| self.product_asked(index).is_some());
        // "is the grafana image still 11.1.0?", "is build-01 debian or ubuntu?": whether a field says so.
        let names_one = self.marks.iter().any(|mark| is_named(&mark));
        let asks_system = (0..self.marks.len()).any(|index| self.is_system_asked(index));
        let checks_value = (opens_with_being || asks_system)
            && names_one
            && (asks_system
                || self.asks_for_field() && self.marks.iter().any(crate::mark::Mark::gives_value)
                || self.marks.iter().any(|mark| mark.version().or(mark.image()).is_some() && mark.named().is_none()));
        let field = asks_where
            || checks_value
            || asks_which && asks_product()
            || (asks_which || has_no_verb && !opens_with_being) && (self.asks_for_field() || self.marks.iter().any(|mark| mark.concept().is_some()));
        // "is it alright?" is for people; "is it up?" beside a name is for us.
        let names_something = self.marks.iter().any(|mark| {
            mark.named().is_some() || mark.environment().is_some() || mark.blueprint().is_some() || mark.thing().is_some() || mark.concept().is_some()
        }) || (0..self.marks.len()).any(|index| self.is_name_like(index) || self.marks[index].is(&Meaning::NoSuchEnvironment));
        (is_asked && names_something).then_some((if field { CommandName::Explain } else { CommandName::Status }, 0))
    }

    /// "what's in dev", "what have we got running in dev": how it is there, and no field of anything.
    fn asks_what_is_there(&self, index: usize) -> bool {
        let is_place = self.marks.iter().any(|mark| mark.environment().is_some());
        let names_none =
            self.marks.iter().all(|mark| mark.named().is_none() && mark.blueprint().is_none() && mark.concept().is_none() && mark.thing().is_none());
        // "where does dev stand", "I need to know where dev is at".
        let stands = (index + 1..self.marks.len().min(index + 6)).any(|place| {
            matches!(self.words.word(self.marks[place].from), "stand" | "stands" | "at" | "siamo" | "stiamo" | "standing")
                && self.marks[place].named().is_none()
        });
        is_place
            && names_none
            && match self.words.word(self.marks[index].from) {
                "what" | "whats" | "cosa" | "che" => true,
                "where" | "how" | "dove" | "come" | "wheres" => stands,
                _ => false,
            }
    }

    /// "why does web-01 only have 100 GB? give it 150": behind the question stands an order with a value.
    pub(crate) fn wishes_after(&self, index: usize) -> bool {
        let Some(end) = (index..self.marks.len()).find(|place| self.is_break(*place) || self.text(*place) == ",") else { return false };
        let gives = |place: usize| self.is_amount_given(place) || self.marks[place].states_value();
        let order = (end + 1..self.marks.len()).find(|place| {
            self.is_order(*place)
                && matches!(
                    self.marks[*place].verb(),
                    Some(Verb::Set | Verb::Increase | Verb::Decrease | Verb::Add | Verb::Move | Verb::Want | Verb::RollBack)
                )
        });
        // "how much memory does it have, I need 16 GB": why it is asked.
        let is_sentence = self.is_break(end) && self.text(end) != ",";
        let order = order.filter(|order| is_sentence || self.marks[*order].verb() != Some(Verb::Want));
        order.is_some_and(|order| (order + 1..self.marks.len()).any(gives)) && self.marks.iter().any(|mark| mark.named().is_some())
    }

    /// "LOG_LEVEL di cache a debug che devo capire una cosa": behind whose variable it is stands what it shall be.
    fn leads_variable_to_value(&self) -> bool {
        let variable = (0..self.marks.len()).find(|index| self.is_variable(*index) || self.known_variable(*index).is_some());
        let Some(variable) = variable else { return false };
        let owner = (variable + 1..self.marks.len().min(variable + 4)).find(|index| self.marks[*index].named().is_some());
        let link = owner.map_or(variable + 1, |owner| owner + 1);
        let is_value = self.marks.get(link + 1).is_some_and(|mark| mark.is(&Meaning::Other) || mark.quantity().is_some());
        matches!(self.word(link), "a" | "to" | "=" | "->" | "at" | "su") && is_value
    }

    /// "move it to pve2, where web-01 is": it tells more of the place.
    fn is_relative_place(&self, index: usize) -> bool {
        let is_where = matches!(self.word(index), "where" | "dove");
        // "could you move web-02 to pve2, where web-01 is?"
        let is_polite = crate::lexicon::ASKING_POLITELY.contains(&self.words.word(0));
        is_where && index > 0 && self.verbs().any(|(place, verb)| place < index && verb == Verb::Move) && (is_polite || !self.ends_in_question(index))
    }

    /// "why do we still have a dmz? remove it": the order that begins a sentence behind the question.
    pub(crate) fn order_behind_question(&self) -> Option<usize> {
        let order = self
            .order()
            .filter(|order| self.marks[order.verb].verb().is_some_and(super::orders::is_grave) || self.switches(order.verb).is_some())?
            .verb;
        let asks = (0..order).any(|place| self.words.tokens[self.marks[place].from].fold == "?");
        (asks && self.opens_sentence(order) && !self.ends_in_question(order)).then_some(order)
    }

    /// "the website does not respond" tells; "does it respond?" asks.
    pub(crate) fn tells_with_does(&self, index: usize) -> bool {
        // "tell me, does it run 1.20 or something newer?" asks behind a comma, too.
        let is_asked = index > 0 && self.text(index - 1) == "," && self.ends_in_question(index);
        self.word(index) == "does" && index > 0 && !self.is_break(index - 1) && !is_asked
    }

    fn ends_in_question(&self, index: usize) -> bool {
        let end = (index..self.marks.len()).find(|end| self.is_break(*end));
        end.is_some_and(|end| self.words.tokens[self.marks[end].from].fold == "?")
    }

    /// A verb of change that is more than a part of a question.
    fn orders(&self) -> bool {
        // "is cache-dev a copy of cache?"
        let is_being = matches!(self.words.word(0), "is" | "are" | "was" | "were")
            && !matches!(self.words.word(1), "it" | "there" | "this" | "that" | "someone" | "somebody" | "anyone" | "anybody");
        self.verbs().any(|(_, verb)| {
            let is_told = is_being && verb == Verb::Clone;
            let is_telling =
                matches!(verb, Verb::Status | Verb::Explain | Verb::Want | Verb::Name | Verb::Connect | Verb::PowerOn | Verb::PowerOff | Verb::Set);
            !is_told && !is_telling
        })
    }

    /// A resource and a field or variable of it.
    fn asks_for_field(&self) -> bool {
        let has_field = |index: usize| {
            let is_concept = self.marks[index].concept().is_some_and(|concept| concept != Concept::Power);
            is_concept || self.is_variable(index) || self.known_variable(index).is_some()
        };
        let names_one = self.marks.iter().any(|mark| mark.named().is_some());
        names_one && (0..self.marks.len()).any(|index| has_field(index) && self.marks[index].named().is_none())
    }

    /// "May I know whether staging is healthy", "vorrei sapere se la prod è a posto", "could you check that dev is fine".
    fn asks_for_health(&self) -> Option<usize> {
        let place = (0..self.marks.len()).find(|index| self.marks[*index].environment().is_some())?;
        let is_known = |index: usize| (self.marks[index].from..self.marks[index].to).any(|word| KNOWING.contains(&self.words.word(word)));
        let is_whether = |index: usize| {
            (self.marks[index].from..self.marks[index].to)
                .any(|word| matches!(self.words.word(word), "whether" | "if" | "se" | "that" | "how" | "come" | "che"))
        };
        // "is dev healthy or is it me": the place stands behind the verb.
        let opens = || (place > 0 && place <= 2 && matches!(self.words.word(0), "is" | "are")).then_some(0);
        let knows = (0..place).find(|index| is_known(*index)).filter(|knows| (*knows..place).any(is_whether)).or_else(opens)?;
        let behind = (self.marks[place].to..self.words.tokens.len()).take_while(|next| !self.words.tokens[*next].is_punctuation()).take(HEALTH_MAX);
        let is_well = behind.into_iter().any(|next| HEALTH.iter().any(|phrase| length_of(phrase, self.words, next).is_some()));
        let asks_nothing_else =
            self.marks.iter().all(|mark| mark.concept().is_none() && mark.quantity().is_none() && mark.image().or(mark.version()).is_none());
        let is_telling = |verb: Verb| matches!(verb, Verb::Explain | Verb::Status | Verb::Want | Verb::Name | Verb::Clone);
        (is_well && asks_nothing_else && self.verbs().all(|(_, verb)| is_telling(verb))).then_some(knows)
    }

    /// Whether a text that asks gives nothing that could be wished: no value, and no order.
    pub(crate) fn only_asks(&self) -> bool {
        let is_telling =
            |verb: Verb| matches!(verb, Verb::Explain | Verb::Status | Verb::Want | Verb::Name | Verb::Clone | Verb::WhoChanged | Verb::Connect);
        !self.marks.iter().any(crate::mark::Mark::gives_value) && self.verbs().all(|(index, verb)| is_telling(verb) || !self.is_order(index))
    }

    /// "somebody changed the lan, I'd like to know who", "whodunnit on the firewall".
    fn asks_for_culprit(&self) -> Option<usize> {
        let word = |place: usize| self.words.word(place);
        let length = self.words.tokens.len();
        let deed = |from: usize| (from..length.min(from + DEED_MAX)).any(|place| CHANGING.iter().any(|stem| word(place).starts_with(stem)));
        let somebody = (0..length).find(|place| {
            matches!(word(*place), "somebody" | "someone" | "anyone" | "anybody" | "qualcuno" | "something" | "it" | "was") && deed(place + 1)
        });
        let asks =
            |from: usize| (from..length).any(|place| matches!(word(place), "who" | "whom" | "chi" | "name" | "nome" | "culprit" | "colpevole"));
        let told = somebody.filter(|place| asks(place + 1) && !matches!(word(*place), "it" | "was" | "something"));
        let culprit = (0..length).find(|place| CULPRITS.contains(&word(*place)));
        let place = told.or(culprit)?;
        self.marks.iter().position(|mark| (mark.from..mark.to).contains(&place))
    }

    /// The only resource of a kind that is spoken of: "the firewall".
    pub(crate) fn only_of_kind(&self) -> Option<(usize, core_model::Address)> {
        let kind =
            |index: &usize| self.marks[*index].thing().filter(|thing| matches!(thing, Thing::Firewall | Thing::Dns)).and_then(Thing::type_name);
        let index = (0..self.marks.len()).find(|index| kind(index).is_some())?;
        let type_name = kind(&index)?;
        let resources = self.view.resources();
        let mut found =
            resources.into_keys().filter(|address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == type_name));
        let only = found.next()?.clone();
        found.next().is_none().then_some((index, only))
    }

    /// "who was the last one to change build-01": who did something, in whatever words.
    pub(super) fn who_changed(&self) -> Option<(CommandName, usize)> {
        let names_some = self.marks.iter().any(|mark| mark.named().is_some() || mark.environment().is_some() || mark.blueprint().is_some())
            || self.only_of_kind().is_some();
        let has_order =
            self.verbs().any(|(_, verb)| matches!(verb, Verb::Delete | Verb::RollBack | Verb::PowerOff | Verb::PowerCycle | Verb::Increase));
        if let Some(index) = self.asks_for_culprit().filter(|_| names_some && !has_order && !self.marks.iter().any(|mark| mark.quantity().is_some()))
        {
            return Some((CommandName::WhoChanged, index));
        }
        let is_who = |index: &usize| matches!(self.word(*index), "who" | "whos" | "whom" | "whose" | "chi") && self.is_asked_at(*index);
        let index = (0..self.marks.len()).find(is_who)?;
        let from = self.marks[index].from + 1;
        let ahead = (from..self.words.tokens.len().min(from + DEED_MAX)).take_while(|place| !self.words.tokens[*place].ends_sentence());
        let mut deeds = ahead.filter(|place| CHANGING.iter().any(|stem| self.words.word(*place).starts_with(stem)));
        (names_some && deeds.next().is_some()).then_some((CommandName::WhoChanged, index))
    }

    /// "che vlan ha la dmz", "how big is the disk", "mi servirebbe sapere che sistema operativo ...": the word that asks.
    pub(super) fn asking_word(&self) -> Option<usize> {
        let index = (0..self.marks.len()).find(|index| self.is_asking(*index) && self.is_asked_at(*index))?;
        let is_order = self.verbs().any(|(place, verb)| {
            place > index
                && !matches!(verb, Verb::Explain | Verb::Status | Verb::Want | Verb::Name | Verb::Clone | Verb::Connect)
                && self.marks[place].concept().is_none()
                && !self.is_told(index, place)
                // "what vlan is dmz in, my notes have three answers".
                && (!matches!(self.word(place), "have" | "use" | "take") || self.is_order(place))
                && !self.is_own_work(index, place)
        });
        let names_something = self.marks.iter().any(|mark| mark.named().is_some() || mark.blueprint().is_some() || mark.environment().is_some());
        // "set LOG_LEVEL to debug on cache, need to see whats going on": the question is why.
        let tags = self.marks.first().is_some_and(|mark| mark.concept() == Some(Concept::Tags))
            && matches!(self.word(0), "tag" | "label" | "tagga" | "etichetta");
        let is_why = !self.ends_in_question(index)
            && (tags
                || self.verbs().any(|(place, verb)| {
                    place < index
                        && matches!(
                            verb,
                            Verb::PowerOn
                                | Verb::PowerOff
                                | Verb::PowerCycle
                                | Verb::Delete
                                | Verb::Remove
                                | Verb::RollBack
                                | Verb::Set
                                | Verb::Add
                                | Verb::Increase
                                | Verb::Decrease
                                | Verb::Create
                                | Verb::Install
                        )
                }))
            && (0..index).any(|place| matches!(self.words.word(self.marks[place].from), "," | "so") || self.is_break(place));
        // "a twin of build-01, ..., which should be 10.0.30.22": it tells more of what is wished.
        let is_relative = self.word(index) == "which"
            && index.checked_sub(1).is_some_and(|before| self.text(before) == ",")
            && self.verbs().any(|(place, verb)| place < index && matches!(verb, Verb::Want | Verb::Create | Verb::Clone | Verb::Name))
            && !self.ends_in_question(index);
        // "..., which should listen on 3001 and come back by itself".
        let is_due = matches!(self.words.word(self.marks[index].from + 1), "should" | "shall" | "must" | "ought" | "has" | "needs" | "would" | "may");
        let is_relative =
            is_relative || self.word(index) == "which" && index > 0 && self.text(index - 1) == "," && is_due && !self.ends_in_question(index);
        // "... keeps our list in a spreadsheet, which pains me": said of all that stands before.
        let said = (0..index).rev().skip(1).take_while(|place| !self.is_break(*place) && self.text(*place) != ",").count();
        let is_relative = is_relative
            || self.word(index) == "which"
                && index.checked_sub(1).is_some_and(|before| self.text(before) == ",")
                && said > 2
                && !self.ends_in_question(index);
        (names_something && !is_order && !is_why && !is_relative).then_some(index)
    }

    /// "which image do we use", "che immagine usiamo", "quanto disco abbiamo dato a web-01": told of, in the sentence that asks.
    fn is_told(&self, asking: usize, verb: usize) -> bool {
        let is_same = (asking..verb).all(|place| !self.is_break(place) && self.words.word(self.marks[place].from) != ",");
        is_same && matches!(self.marks[verb].verb(), Some(Verb::Set | Verb::Create | Verb::Publish | Verb::Install | Verb::PowerOn | Verb::Add))
    }

    /// "on which VLAN is the dmz, I have to configure a switch": what the author does with the answer, which names nothing and gives no value.
    fn is_own_work(&self, asking: usize, verb: usize) -> bool {
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
        let Some(start) = (asking..verb).rev().find(is_end) else { return false };
        let end = (verb..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        let is_own = |place: usize| {
            let words = [self.words.word(place), self.words.word(place + 1)];
            matches!(
                words[0],
                "i" | "we" | "devo" | "dobbiamo" | "sto" | "stiamo" | "mi" | "ci" | "so" | "for" | "per" | "volevo" | "volevamo" | "vorrei"
            ) || matches!(words, ["need" | "have" | "trying" | "going" | "want" | "got", "to"])
        };
        let is_free = (start + 1..end).all(|place| {
            let mark = &self.marks[place];
            let is_it = matches!(self.word(place), "it" | "them" | "that");
            !mark.gives_value() && !is_it && mark.named().is_none_or(|named| named.how > crate::names::How::Alias)
        });
        is_free && (self.marks[start].to..self.marks[verb].to).any(is_own) && !self.ends_in_clitic(verb)
    }

    /// "cambiala", "toglilo": of what was named before.
    fn ends_in_clitic(&self, verb: usize) -> bool {
        let word = self.word(verb);
        ["lo", "la", "li", "le"].iter().any(|clitic| word.len() > 5 && word.ends_with(clitic))
    }

    /// "does anything in prod differ from git?", "is prod in sync with the repo", "prod è allineata a git?": how it is there.
    fn asks_for_drift(&self) -> Option<usize> {
        let place = (0..self.marks.len()).find(|index| self.marks[*index].environment().is_some())?;
        let has = |words: &[&str]| (0..self.words.tokens.len()).any(|place| words.iter().any(|word| length_of(word, self.words, place).is_some()));
        let is_compared = has(WRITTEN) && has(DIFFERING);
        let asks = self.words.tokens.iter().any(|token| token.fold == "?")
            || matches!(self.words.word(0), "is" | "does" | "do" | "are" | "has" | "what" | "anything" | "c" | "ci");
        let names_none = self.marks.iter().all(|mark| mark.named().is_none() && !mark.gives_value());
        (is_compared && asks && names_none).then_some(place)
    }

    fn is_asking(&self, index: usize) -> bool {
        let (word, next) = (self.word(index), self.words.word(self.marks[index].from + 1));
        let mark = &self.marks[index];
        // "where: the lan, what for: wages": labels.
        if self.has_colon(mark.to - 1) || self.words.word(mark.to) == "for" && self.has_colon(mark.to) {
            return false;
        }
        // "su quale nodo", "on which node", "con quanta memoria".
        let last = self.words.word(mark.to - 1);
        if mark.verb() == Some(Verb::Explain)
            && mark.to > mark.from + 1
            && (matches!(last, "quale" | "quali" | "which" | "quanto" | "quanta" | "quanti" | "quante" | "immagine" | "versione" | "image" | "version")
                // "da dove arriva il valore": and not the noun of "a cosa serve".
                || matches!((word, last), ("da", "dove")))
        {
            return true;
        }
        match word {
            // "how about 16 GB", "what about": a proposal. "which is why": a reason.
            // "I don't know what else you need".
            // "6 copies, that's what the forecast needs": why.
            "what"
                if self.marks[index].from > 1
                    && (self.words.word(self.marks[index].from - 2), self.words.word(self.marks[index].from - 1)) == ("that", "s") =>
            {
                false
            }
            "how" | "what" => !matches!(next, "about" | "if" | "i" | "we" | "else" | "more" | "other"),
            "which" => !matches!(next, "is" | "means" | "makes" | "i" | "we" | "needs"),
            // "che va eliminata" is no question; "che vlan ha" is.
            // "in quanto non serve": a reason.
            "quanto" if self.words.word(self.marks[index].from.wrapping_sub(1)) == "in" => false,
            // "che redis gira su cache".
            "che" => self.marks.get(index + 1).is_some_and(|next| {
                next.concept().is_some()
                    || next.thing().is_some()
                    || next.named().is_none_or(|named| named.how > crate::names::How::Alias) && self.product_asked(index + 1).is_some()
            }),
            _ => ASKING.contains(&word),
        }
    }

    /// Whether a question begins at a word: nothing stands before it in its part of the sentence but names, and words for knowing.
    fn is_asked_at(&self, index: usize) -> bool {
        let before = (0..index).rev().take_while(|place| !self.is_break(*place) && !self.is_gap_before(place + 1) && self.word(*place) != ",");
        let places: Vec<usize> = before.collect();
        let knows = places.iter().any(|place| (self.marks[*place].from..self.marks[*place].to).any(|word| KNOWING.contains(&self.words.word(word))));
        let is_free = |place: usize| {
            let mark = &self.marks[place];
            let is_plain = mark.is(&Meaning::Ignored) || mark.named().is_some() || mark.environment().is_some() || mark.thing().is_some();
            // "ma cache che immagine usa".
            let opens = matches!(self.word(place), "ma" | "but" | "e" | "and" | "so" | "allora" | "quindi" | "senti" | "scusa") && place == 0;
            opens || is_plain || mark.is(&Meaning::Punctuation) || matches!(mark.verb(), Some(Verb::Explain | Verb::Status))
        };
        let is_knowing = |place: usize| {
            let mark = &self.marks[place];
            knows && (KNOWING.contains(&self.words.word(mark.from)) || matches!(mark.verb(), Some(Verb::Want)))
        };
        let others = places.iter().filter(|place| !is_free(**place) && !is_knowing(**place)).count();
        others == 0 || knows && others <= UNREAD_MAX
    }

    /// "whats for lunch": a question about nothing that is here. "Get me a coffee": nothing that could be made here.
    pub(crate) fn is_about_something(&self, command: CommandName) -> bool {
        let is_new = |mark: &crate::mark::Mark| mark.image().is_some() || matches!(mark.quantity(), Some(Quantity::Size(_))) || mark.cidr().is_some();
        !matches!(command, CommandName::Explain | CommandName::WhoChanged | CommandName::Create)
            || command == CommandName::Create && self.marks.iter().any(is_new)
            || self.marks.iter().any(|mark| {
                let is_place = mark.environment().is_some() || mark.blueprint().is_some() || mark.is(&Meaning::NoSuchEnvironment);
                is_place
                    || mark.named().is_some()
                    || mark.concept().is_some()
                    || mark.thing().is_some()
                    || mark.past().is_some()
                    || mark.product().is_some()
            })
            || (0..self.marks.len()).any(|index| self.marks[index].is(&Meaning::Other) && self.is_name_like(index))
    }
}
