//! Do the questions of `ipr new` lead to the same commands as a request, with the same limits?

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use core_config::Files;
use daemon_assistant::guide::Guide;
use daemon_assistant::{Change, OPTIONS_MAX, Outcome, Request, Source, View, form, read};
use test_assistant::{types, world};

const TEMPLATE: &str = "\
version: \"1.0\"
template: web-server
meaning: A web server.
parameters:
  cores: {type: integer, min: 1, max: 8, default: 2, meaning: How many processors it has.}
  address: {type: text, meaning: Its address.}
  motto: {type: text, meaning: What it greets with.}
resource:
  type: compute
  provider: proxmox
  specs: {cpu: \"${parameter.cores}\", memory: 4GB, storage: 40GB, os: debian-13, network: {ip: \"${parameter.address}\"}, packages: [\"${parameter.motto}\"]}
";

fn files() -> Files {
    let mut files = world::files();
    files.insert("templates/web-server.yaml".to_owned(), TEMPLATE.as_bytes().to_vec());
    files
}

fn change(outcome: Outcome) -> Change {
    match outcome {
        Outcome::Change(change) => *change,
        other => panic!("{other:?}"),
    }
}

/// What the answers lead to; each must be taken at once. `key: answer` answers its own question, and the rest is left empty.
fn guided(answers: &[(&str, &str)]) -> (Change, Vec<String>) {
    let (files, registry) = (files(), types::registry());
    let view = View::new(&files, &registry);
    let mut guide = Guide::new(&view).unwrap();
    let mut asked = Vec::new();
    while let Some(question) = guide.next() {
        let answer = answers.iter().find(|(key, _)| *key == question.key).map_or("", |(_, text)| *text);
        assert_eq!(guide.answer(answer), Ok(()), "{}", question.key);
        asked.extend((!question.is_silent).then_some(question.key));
    }
    (change(guide.turn().outcome), asked)
}

fn requested(text: &str) -> Change {
    let (files, registry, now) = (files(), types::registry(), world::now());
    change(read(&Request { text, now: &now, about: None }, &View::new(&files, &registry)).outcome)
}

#[test]
fn the_guide_makes_what_a_request_makes() {
    let answers = [("what", "machine"), ("count", "3"), ("name", "worker"), ("environment", "prod"), ("network", "lan"), ("ip", "10.0.20.31/24")];
    let (guided, asked) = guided(&answers);
    let request = "create 3 VMs named worker in prod with 2 cores, 4GB of memory, 40GB of disk, debian-12, on the network lan, with the IP address 10.0.20.31/24";
    assert_eq!(guided.edits, requested(request).edits);
    assert!(guided.edits["blueprints/shop.yaml"].as_ref().unwrap().contains("10.0.20.33/24"));
    // No engine knows high availability.
    assert_eq!(
        asked,
        ["what", "count", "name", "environment", "cores", "memory", "disk", "os", "storage", "network", "ip", "gateway", "vlan", "backup", "tags"]
    );
}

#[test]
fn a_template_is_one_of_the_things_and_its_parameters_are_questions() {
    let (change, asked) =
        guided(&[("what", "web-server"), ("name", "web-09"), ("environment", "prod"), ("address", "10.0.20.19/24"), ("motto", "hi")]);
    assert_eq!(asked, ["what", "count", "name", "environment", "cores", "address", "motto", "storage", "vlan", "backup", "tags"]);
    let text = change.edits["blueprints/shop.yaml"].as_ref().unwrap();
    assert!(text.ends_with("  - name: web-09\n    template: web-server\n    with: {address: 10.0.20.19/24, motto: hi}\n"), "{text}");
    let source = |name: &str| change.slots.iter().find(|(own, _)| own == name).map(|(_, slot)| slot.source.clone()).unwrap();
    assert!(matches!(source("with.address"), Source::Author { words, .. } if words == "10.0.20.19/24"));
}

#[test]
fn a_wrong_answer_says_why_and_is_not_taken() {
    let (files, registry) = (files(), types::registry());
    let view = View::new(&files, &registry);
    let mut guide = Guide::new(&view).unwrap();
    let mut answer = |good: &str, bad: &[(&str, &str)]| {
        let key = guide.next().unwrap().key;
        for (text, why) in bad {
            let said = guide.answer(text).unwrap_err();
            assert!(said.starts_with(why), "{said}");
            assert_eq!(guide.next().unwrap().key, key);
        }
        assert_eq!(guide.answer(good), Ok(()));
    };
    answer("web-server", &[("toaster", "`toaster` is none of container, machine, web-server.")]);
    answer("1", &[("51", "`51` is not a number from 1 to 50.")]);
    answer("web-09", &[("", "An answer is needed."), ("Web_9", "`Web_9` does not start with a lower-case letter.")]);
    answer("prod", &[("dev", "`dev` is none of prod, staging.")]);
    answer("8", &[("9", "`9` is more than 8."), ("${env.x}", "`${env.x}` refers to something, which people write into the blueprint themselves.")]);
    answer("10.0.20.19/24", &[("here", "`here` does not fit: `specs.network.ip` is `here`")]);
}

#[test]
fn a_request_may_name_a_template_and_is_asked_for_the_rest() {
    let (files, registry, now) = (files(), types::registry(), world::now());
    let view = View::new(&files, &registry);
    let mut turn =
        read(&Request { text: "create a VM named web-09 in prod from the template web-server with 4 cores", now: &now, about: None }, &view);
    for (question, reply) in [("Which `address`? Its address.", "10.0.20.19/24"), ("Which `motto`? What it greets with.", "hello to you")] {
        let Outcome::Question(asked) = &turn.outcome else { panic!("{:?}", turn.outcome) };
        assert_eq!(asked.text, question);
        assert!(asked.options.len() <= OPTIONS_MAX);
        turn = daemon_assistant::answer(turn.conversation.unwrap(), &Request { text: reply, now: &now, about: None }, &view);
    }
    let text = change(turn.outcome).edits["blueprints/shop.yaml"].clone().unwrap();
    assert!(text.ends_with("    with: {address: 10.0.20.19/24, cores: 4, motto: \"hello to you\"}\n"), "{text}");
}

#[test]
fn the_form_for_machines_names_the_shipped_templates_of_machines() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let form = std::fs::read_to_string(root.join(".github/ISSUE_TEMPLATE/new-machine.yml")).unwrap();
    let mut of_machines = BTreeSet::new();
    for entry in std::fs::read_dir(root.join("templates")).unwrap().map(Result::unwrap) {
        let is_of_a_machine = std::fs::read_to_string(entry.path()).unwrap().contains("\n  type: compute\n");
        let name = entry.file_name().into_string().unwrap();
        of_machines.extend(name.strip_suffix(".yaml").filter(|_| is_of_a_machine).map(str::to_owned));
    }
    let offered: BTreeSet<String> = form.lines().filter_map(|line| line.strip_prefix("        - ")).map(str::to_owned).collect();
    assert_eq!(offered, of_machines);
    let body = "### Machine name\n\nweb-09\n\n### Profile\n\nweb-server\n\n### Environment\n\nprod\n";
    assert_eq!(form::request(body).unwrap().1, "create a VM named web-09 from the template web-server in prod");
}
