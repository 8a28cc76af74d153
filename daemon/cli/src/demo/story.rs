//! What happens in the demo, step by step?

use core_model::Diagnostic;
use core_model::plan::Plan;
use test_sim::github::{NewPull, Push};

use super::Mode;
use super::content::{BLUEPRINT_PATH, FIRST_GREETING, Facts, REPOSITORY, SECOND_GREETING};
use super::narrator::{Narrator, enter, has_keyboard};
use super::page::{Page, fetch};
use super::pull::{await_plan, merge, records_branch};
use super::stage::{ALICE, Stage};
use super::target::Target;
use crate::failure::Failure;

const ORIGIN: &str = "cdn.origin";
const PAGE_FIELD: &str = "specs.env.CONF";
const DIGITS_SHOWN: usize = 7;

/// Plays the whole story. With [`Mode::Stay`] it stops after the first merge, for people to look around.
pub(super) async fn tell(stage: &mut Stage, narrator: &mut Narrator, mode: Mode) -> Result<(), Failure> {
    let mut story = begin(stage, narrator).await?;
    let first = story.first_pull_request().await?;
    if mode == Mode::Stay {
        story.look_around(first, true);
        enter().await;
    }
    let change = story.change().await?;
    story.revert_change(change).await?;
    story.revert_first(first).await?;
    story.records().await?;
    if mode == Mode::Stay {
        story.look_around(first, false);
        std::future::pending::<()>().await;
    }
    Ok(())
}

/// The stage and its narrator, once everything runs.
struct Story<'a> {
    stage: &'a mut Stage,
    narrator: &'a mut Narrator,
    facts: Facts,
    site: String,
    daemon_url: String,
}

async fn begin<'a>(stage: &'a mut Stage, narrator: &'a mut Narrator) -> Result<Story<'a>, Failure> {
    narrator.step(&format!("A GitHub of our own listens at {}", stage.forge.web_url()));
    narrator.say("It is a simulator with real git repositories. Nothing leaves this machine for it.");

    match stage.find_target().await? {
        Target::Docker { docker, images } => {
            narrator.step(&format!("The target is the Docker engine {} at {}", docker.version, docker.endpoint()));
            narrator.say(&images.told);
        }
        Target::Fake { .. } => {
            narrator.step("The target is a fake engine");
            let socket = super::target::socket();
            narrator.say(&format!(
                "No Docker engine answers at {}, so a fake engine stands in for it: plans and records are real, containers are not.",
                socket.display()
            ));
        }
    }

    let facts = stage.facts().await?;
    if let Some(subnet) = &facts.subnet {
        narrator.say(&format!("The engine has no addresses left to choose for networks, so the blueprint names some: {subnet}."));
    }
    stage.push_settings(&facts).await?;
    narrator.step(&format!("The repository {REPOSITORY} has an ipr.yaml on main, and no blueprint yet"));
    let (id, daemon_url) = stage.start_daemon(&facts).await?;
    narrator.step(&format!("The daemon runs: `ipr serve`, process {id}, page {daemon_url}"));
    let branch = format!("refs/heads/{}", records_branch());
    stage.until("the first record", async |stage| Ok(stage.forge.ref_sha(REPOSITORY, &branch))).await?;
    narrator.say(&format!("It has written its first record to the branch {}.", records_branch()));
    let site = format!("http://127.0.0.1:{}/", facts.http_port);
    Ok(Story { stage, narrator, facts, site, daemon_url })
}

impl Story<'_> {
    /// The pull request that brings the shipped blueprint.
    async fn first_pull_request(&mut self) -> Result<u64, Failure> {
        let blueprint = self.facts.blueprint();
        let number = self.open("add-cdn", "Add a small CDN", "An origin, and an edge that caches what it serves.", &blueprint).await?;
        self.narrator.step(&format!("Alice opens pull request #{number}, which adds {BLUEPRINT_PATH}"));
        await_plan(self.stage, self.narrator, number).await?;
        self.narrator.step(&format!("Alice merges #{number}"));
        merge(self.stage, self.narrator, number).await?;
        let there = self.stage.target()?.objects(&self.facts.owner_id).await?;
        self.expect(there.containers.len() == 2, "two containers", &format!("{there:?}"))?;
        self.narrator.good(&format!("On the target: {}.", there.containers.join(", ")));
        if self.is_real() {
            self.narrator.step(&format!("Fetching {} twice", self.site));
            let first = self.fetch("").await?;
            self.expect_page(&first, "MISS", FIRST_GREETING)?;
            let second = self.fetch("").await?;
            self.expect_page(&second, "HIT", FIRST_GREETING)?;
        } else {
            self.narrator.say("There is no page to fetch: a fake engine starts nothing.");
        }
        Ok(number)
    }

    /// One field is changed, and the plan has that field alone.
    async fn change(&mut self) -> Result<u64, Failure> {
        let blueprint = self.facts.changed_blueprint();
        let number = self.open("greet-again", "Greet again", "Another page at the origin.", &blueprint).await?;
        self.narrator.step(&format!("Alice opens pull request #{number}, which changes the page of the origin"));
        await_plan(self.stage, self.narrator, number).await?;
        self.narrator.step(&format!("Alice merges #{number}"));
        let plan = merge(self.stage, self.narrator, number).await?;
        self.expect_one_field(&plan)?;
        self.fetch_new("after-the-change", SECOND_GREETING).await?;
        Ok(number)
    }

    /// The change is taken back, by a pull request as well.
    async fn revert_change(&mut self, change: u64) -> Result<(), Failure> {
        let number = self.revert(change).await?;
        let plan = merge(self.stage, self.narrator, number).await?;
        self.expect_one_field(&plan)?;
        self.fetch_new("after-the-revert", FIRST_GREETING).await
    }

    /// The first pull request is taken back: its containers go, its data stays.
    async fn revert_first(&mut self, first: u64) -> Result<(), Failure> {
        let number = self.revert(first).await?;
        merge(self.stage, self.narrator, number).await?;
        let left = self.stage.target()?.objects(&self.facts.owner_id).await?;
        let is_gone = left.containers.is_empty() && left.networks.is_empty() && left.volumes.len() == 1;
        self.expect(is_gone, "no container, no network and one volume", &format!("{left:?}"))?;
        self.narrator.good(&format!("Containers and network are gone. The volume {} is kept, because it holds data.", left.volumes.join(", ")));
        Ok(())
    }

    /// What was applied, as Git tells it.
    async fn records(&mut self) -> Result<(), Failure> {
        let branch = records_branch();
        self.narrator.step(&format!("The records: git log --first-parent {branch}"));
        let log = self.stage.forge.branch_log(REPOSITORY, &branch).await.map_err(|error| Failure::of("Unreadable records", error))?;
        let mut next = log.first().map(|commit| commit.sha.clone());
        while let Some(commit) = next.and_then(|sha| log.iter().find(|commit| commit.sha == sha)) {
            let subject = commit.message.lines().next().unwrap_or_default();
            self.narrator.say(&format!("{}  {subject}", &commit.sha[..DIGITS_SHOWN.min(commit.sha.len())]));
            // The first record has a source as its only parent; the messages of records begin alike.
            let parent = commit.parents.first().and_then(|sha| log.iter().find(|commit| commit.sha == *sha));
            next = parent.filter(|parent| parent.message.starts_with("ipr: ")).map(|parent| parent.sha.clone());
        }
        Ok(())
    }

    /// Where people can look while the demo stays.
    fn look_around(&mut self, first: u64, goes_on: bool) {
        let web = self.stage.forge.web_url();
        self.narrator.step("Look around");
        self.narrator.say(&format!("The pull request   {web}/{REPOSITORY}/pull/{first}   (the certificate is self-signed)"));
        self.narrator.say(&format!("The records        {web}/{REPOSITORY}/commits/{}", records_branch()));
        if self.is_real() && goes_on {
            self.narrator.say(&format!("The site           {}   (curl -i shows X-Cache)", self.site));
        }
        self.narrator.say(&format!("The daemon         {}", self.daemon_url));
        let next = if goes_on && has_keyboard() { "Enter goes on with a change and two reverts. " } else { "" };
        self.narrator.good(&format!("{next}Ctrl-C ends the demo and removes what it made."));
    }

    async fn open(&mut self, branch: &str, title: &str, body: &str, blueprint: &str) -> Result<u64, Failure> {
        let changes = [(BLUEPRINT_PATH, Some(blueprint))];
        let push = Push { branch, from: Some("main"), author: ALICE, message: title, changes: &changes };
        self.stage.repository.push(push).await.map_err(|error| Failure::of("Cannot push", error))?;
        let pull = NewPull { author: ALICE, head: branch, base: "main", title, body, draft: false };
        self.stage.repository.open_pull_request(pull).await.map_err(|error| Failure::of("Cannot open a pull request", error))
    }

    async fn revert(&mut self, number: u64) -> Result<u64, Failure> {
        let opened = self.stage.repository.revert_pull_request(number, ALICE).await;
        let revert = opened.map_err(|error| Failure::of("Cannot revert", error))?;
        self.narrator.step(&format!("Alice reverts #{number} with pull request #{revert}"));
        await_plan(self.stage, self.narrator, revert).await?;
        self.narrator.step(&format!("Alice merges #{revert}"));
        Ok(revert)
    }

    fn is_real(&self) -> bool {
        matches!(self.stage.target, Some(Target::Docker { .. }))
    }

    async fn fetch(&mut self, path: &str) -> Result<Page, Failure> {
        let url = format!("{}{path}", self.site);
        self.stage.until(&format!("an answer from {url}"), async |stage| Ok(fetch(&stage.client, &url).await)).await
    }

    /// A page that the edge has not kept yet, so that the origin answers.
    async fn fetch_new(&mut self, path: &str, greeting: &str) -> Result<(), Failure> {
        if !self.is_real() {
            return Ok(());
        }
        self.narrator.say(&format!("Fetching {}{path}, which the edge has not kept yet:", self.site));
        let page = self.fetch(path).await?;
        self.expect_page(&page, "MISS", greeting)
    }

    fn expect_page(&mut self, page: &Page, cache: &str, greeting: &str) -> Result<(), Failure> {
        self.narrator.good(&format!("{}  X-Cache: {:<4}  {}", page.status, page.cache, page.greeting()));
        let is_so = page.cache == cache && page.greeting() == greeting;
        self.expect(is_so, &format!("X-Cache: {cache} and \"{greeting}\""), &format!("{page:?}"))
    }

    fn expect_one_field(&mut self, plan: &Plan) -> Result<(), Failure> {
        let fields: Vec<String> =
            plan.steps.iter().flat_map(|step| step.changes.iter().map(move |change| format!("{} {}", step.address, change.path))).collect();
        let expected = format!("{ORIGIN} {PAGE_FIELD}");
        self.expect(plan.steps.len() == 1 && fields == [expected.as_str()], &format!("one step with the field {expected}"), &fields.join(", "))?;
        self.narrator.good(&format!("One step, one field: {expected}."));
        Ok(())
    }

    fn expect(&self, is_so: bool, wanted: &str, found: &str) -> Result<(), Failure> {
        if is_so {
            return Ok(());
        }
        Err(Failure::new(Diagnostic::error("Not as expected", format!("The demo expected {wanted}, and found {found}."))))
    }
}
