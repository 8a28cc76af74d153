//! What does a resource take over from those that it links to? The type says it; the reader fills it in, with the link's position.

#![allow(clippy::unwrap_used)]

mod support;

use core_config::{Loaded, load};
use core_model::following::{Followed, Following, Linked};
use core_model::resource_type::{Finding, Naming, Ownership, Registry, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use support::{messages, repository};

/// Says after what it links to, and must say something.
struct Echo;

impl ResourceType for Echo {
    fn facts(&self) -> &'static TypeFacts {
        const INNER: &[Field] = &[Field::new("link", Kind::Link(&["thing", "echo"]), "Whom."), Field::new("text", Kind::Text, "What.")];
        const FACTS: TypeFacts = TypeFacts {
            name: "echo",
            provider: "fake",
            meaning: "A type of the tests.",
            specs: &[Field::new("after", Kind::Object(INNER), "After whom.")],
            metadata: &[],
            ownership: Ownership::Marked,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    fn follow(&self, resource: &DesiredResource, linked: &Linked<'_>) -> Following {
        let Some(found) = after(resource, "link").and_then(|link| linked(link["resource"].as_str()?)) else { return Following::default() };
        let heard = found.spec("text").or_else(|| after(found, "text")).cloned();
        let path = "specs.after.text".to_owned();
        let differs = after(resource, "text").zip(heard.as_ref()).is_some_and(|(said, heard)| said != heard);
        let findings =
            differs.then(|| Finding { path: path.clone(), summary: "Two answers", detail: "It was said otherwise.".to_owned(), hint: None });
        let values = heard.map(|value| Followed { path, value, link: "specs.after.link".to_owned() });
        Following { values: values.into_iter().collect(), findings: findings.into_iter().collect() }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let silence = || Finding { path: "specs.after".to_owned(), summary: "Silence", detail: "Nobody says anything.".to_owned(), hint: None };
        if after(resource, "text").is_none() { vec![silence()] } else { Vec::new() }
    }
}

fn after<'r>(resource: &'r DesiredResource, key: &str) -> Option<&'r serde_json::Value> {
    resource.spec("after")?.get(key)
}

fn read(text: &str) -> Loaded {
    static ECHO: Echo = Echo;
    let types = support::registry();
    let echo: &'static dyn ResourceType = &ECHO;
    load(&repository(text), &Registry::new(types.iter().chain([echo])))
}

const THING: &str = "--- blueprint a\n  - {type: thing, name: first, provider: fake, specs: {text: hello}}\n";

#[test]
fn what_follows_is_a_value_like_others_at_the_position_of_its_link() {
    let loaded = read(&format!("{THING}  - {{type: echo, name: second, provider: fake, specs: {{after: {{link: first}}}}}}\n"));
    assert_eq!(messages(&loaded), "");
    let environment = loaded.repository.environments.values().next().unwrap();
    let second = &environment.desired.resources[&"a.second".parse().unwrap()];
    assert_eq!(after(second, "text").unwrap(), "hello");
    assert_eq!(second.origin_of("specs.after.text"), second.origin_of("specs.after.link"));
    assert_ne!(second.origin_of("specs.after.text"), second.origin_of("specs.nothing"));
    assert_eq!(second.depends_on.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a.first"]);
}

#[test]
fn what_the_author_wrote_stays_and_a_contradiction_is_shown_there() {
    let same = read(&format!("{THING}  - {{type: echo, name: second, provider: fake, specs: {{after: {{link: first, text: hello}}}}}}\n"));
    assert_eq!(messages(&same), "");
    let other = read(&format!("{THING}  - {{type: echo, name: second, provider: fake, specs: {{after: {{link: first, text: bye}}}}}}\n"));
    let said = messages(&other);
    assert!(said.contains("Two answers") && said.contains("blueprints/a.yaml:5:83"), "{said}");
}

/// What follows is from what was written, whatever the order: nothing follows from what followed.
#[test]
fn nothing_follows_from_what_followed() {
    let chain = ["second, provider: fake, specs: {after: {link: first}}", "third, provider: fake, specs: {after: {link: second}}"];
    for order in [[0, 1], [1, 0]] {
        let lines: String = order.map(|place| format!("  - {{type: echo, name: {}}}\n", chain[place])).concat();
        let said = messages(&read(&format!("{THING}{lines}")));
        assert_eq!(said.matches("Silence").count(), 1, "{said}");
    }
}

#[test]
fn a_resource_is_not_judged_by_what_a_broken_one_would_have_given() {
    let broken = "--- blueprint a\n  - {type: thing, name: first, provider: fake, specs: {text: [hello]}}\n";
    let said = messages(&read(&format!("{broken}  - {{type: echo, name: second, provider: fake, specs: {{after: {{link: first}}}}}}\n")));
    assert!(said.contains("Wrong kind of value") && !said.contains("Silence"), "{said}");
}
