//! Which jobs does the scheduler run, when, and with which rights?

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::{Item, ItemId, World};
use crate::calls::Via;
use crate::commands::Caller;
use crate::script;
use crate::values::{duration_s, list};

const PATH: &str = "/system/scheduler";

/// When a job runs next, and for which settings this was worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    settings: Vec<Option<String>>,
    pub(crate) next_s: Option<i64>,
}

impl World {
    /// Works out when jobs run that are new or were changed.
    pub(crate) fn plan_jobs(&mut self) {
        let now_s = self.clock.now_s();
        let items = self.config.entries(PATH).items.clone();
        self.jobs.retain(|id, _| items.iter().any(|item| item.id == *id));
        for item in &items {
            let settings = ["start-date", "start-time", "interval", "disabled"].map(|name| item.get(name).map(str::to_owned)).to_vec();
            if self.jobs.get(&item.id).is_none_or(|job| job.settings != settings) {
                let next_s = if item.is_disabled() { None } else { next_after(item, now_s) };
                self.jobs.insert(item.id, Job { settings, next_s });
            }
        }
    }

    pub(crate) fn next_job_s(&self) -> Option<i64> {
        self.jobs.values().filter_map(|job| job.next_s).min()
    }

    /// Jobs that wait for a start of the router, and those whose time came while it was down.
    pub(crate) fn start_jobs(&mut self) {
        self.jobs.clear();
        self.plan_jobs();
        let is_at_startup = |item: &&Item| item.get("start-time") == Some("startup") && !item.is_disabled();
        let starting: Vec<ItemId> = self.config.entries(PATH).items.iter().filter(is_at_startup).map(|item| item.id).collect();
        starting.into_iter().for_each(|id| self.run_job(id));
    }

    pub(crate) fn run_jobs(&mut self, now_s: i64) {
        let due: Vec<ItemId> = self.jobs.iter().filter(|(_, job)| job.next_s.is_some_and(|next_s| next_s <= now_s)).map(|(id, _)| *id).collect();
        for id in due {
            let next_s = self.config.entries(PATH).get(id).and_then(|item| next_after(item, now_s));
            if let Some(job) = self.jobs.get_mut(&id) {
                job.next_s = next_s;
            }
            self.run_job(id);
        }
    }

    fn run_job(&mut self, id: ItemId) {
        let Some(menu) = self.menu(PATH) else { return };
        let Some(mut item) = self.config.entries(PATH).get(id).cloned() else { return };
        let runs = item.get("run-count").and_then(|count| count.parse::<u64>().ok()).unwrap_or_default() + 1;
        item.values.insert("run-count".to_owned(), runs.to_string());
        self.config.entries_mut(PATH).replace(&menu, item.clone());
        let name = item.get("name").unwrap_or_default().to_owned();
        let event = item.get("on-event").unwrap_or_default().to_owned();
        let caller = self.script_caller(&item);
        let done = match self.config.entries("/system/script").named(event.trim()).cloned() {
            Some(named) => self.run_script(&caller, &named),
            None => script::run(self, &caller, &event),
        };
        if let Err(trap) = done {
            let now_s = self.clock.now_s();
            let words = format!("executing script from scheduler ({name}) failed, please check it manually: {}", trap.message);
            self.log.write(now_s, "script,error", words);
        }
    }

    /// Runs an entry of `/system/script` with the rights that both it and the caller have.
    pub(crate) fn run_script(&mut self, caller: &Caller, item: &Item) -> Result<(), crate::trap::Trap> {
        let own: BTreeSet<String> = list(item.get("policy").unwrap_or_default()).into_iter().collect();
        let mut caller = Caller { via: Via::Script, connection: None, ..caller.clone() };
        caller.policies.retain(|policy| own.contains(policy));
        let source = item.get("source").unwrap_or_default().to_owned();
        script::run(self, &caller, &source)
    }

    /// A job runs as its owner, with no more than the policies that it lists.
    fn script_caller(&self, item: &Item) -> Caller {
        let owner = item.get("owner").unwrap_or_default().to_owned();
        let listed: BTreeSet<String> = list(item.get("policy").unwrap_or_default()).into_iter().collect();
        Caller { user: owner, policies: listed, via: Via::Script, connection: None }
    }
}

/// The first moment after `now_s`: the start, or the start and a whole number of intervals.
fn next_after(item: &Item, now_s: i64) -> Option<i64> {
    let interval_s = item.get("interval").and_then(duration_s).map_or(0, |interval| interval.seconds);
    let interval_s = i64::try_from(interval_s).unwrap_or(i64::MAX);
    let start_s = match item.get("start-time") {
        Some("startup") => now_s,
        time => start(item.get("start-date")?, time?)?,
    };
    if start_s > now_s {
        return Some(start_s);
    }
    (interval_s > 0).then(|| start_s + ((now_s - start_s) / interval_s + 1).saturating_mul(interval_s))
}

fn start(date: &str, time: &str) -> Option<i64> {
    let moment: DateTime = format!("{date}T{time}").parse().ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}
