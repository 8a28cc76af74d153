//! A local run that was killed: the next `ipr apply` goes on with it, and nobody works beside it.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::fixture::{Ended, Fixture};

const TARGET: &str = "config/ipr/target.json";
const SHOP: &str = "\
version: \"1.0\"
name: shop
resources:
  - {type: network, name: front, provider: fake}
  - {type: storage, name: data, provider: fake}
";
/// What may be done once, on a target that keeps no log of it.
const TASK: &str = "\
version: \"1.0\"
name: shop
resources:
  - {type: task, name: node, provider: fake, specs: {once: {token: first, reset: cycle}, logged: false}}
";
/// Far more than the program needs to get there.
const PATIENCE: Duration = Duration::from_secs(60);

/// An apply that hangs in a call of this operation.
struct Hanging {
    fixture: Fixture,
    child: Child,
}

impl Hanging {
    fn start(blueprint: &str, operation: &str, object: &str) -> Self {
        let fixture = Fixture::lab(blueprint);
        let fault = format!(r#"{{"what":"hang","operation":"{operation}","object":"{object}","times":1}}"#);
        fixture.write(TARGET, &format!(r#"{{"identity":"fake-lab","faults":[{fault}]}}"#));
        let child = fixture.command(["apply", "--yes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut hanging = Self { fixture, child };
        let end = Instant::now() + PATIENCE;
        while !hanging.target()["faults"].as_array().unwrap().is_empty() {
            assert_eq!(hanging.child.try_wait().unwrap(), None, "it ended");
            assert!(Instant::now() < end, "it does not get to the call");
            std::thread::yield_now();
        }
        hanging
    }

    fn target(&self) -> Value {
        serde_json::from_str(&self.fixture.read(TARGET)).unwrap()
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn apply(&self) -> Ended {
        self.fixture.ipr(["apply", "--yes"])
    }

    /// The kinds of records, oldest first.
    fn log(&self) -> Vec<String> {
        let log = self.fixture.ipr(["log"]).printed();
        log.lines().rev().map(|line| line.split(" lab ").nth(1).unwrap().split(" by ").next().unwrap().to_owned()).collect()
    }
}

/// A test that fails leaves no program behind.
impl Drop for Hanging {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ended(fixture: &Fixture, mut command: Command) -> Ended {
    fixture.ended(command.output().unwrap())
}

#[test]
fn a_run_that_was_killed_goes_on_first() {
    let mut hanging = Hanging::start(SHOP, "create", "shop-data");
    hanging.kill();
    let printed = hanging.apply().printed();
    assert!(printed.contains("was cut off and goes on first") && printed.contains("lab: applied; the record is "), "{printed}");
    assert!(printed.ends_with("lab: nothing to do.\n"), "{printed}");
    assert_eq!(hanging.log(), ["started", "taken over", "applied"]);
    let calls: Vec<Value> = hanging.target()["log"].as_array().unwrap().clone();
    assert_eq!(calls.len(), 2, "each was made once: {calls:?}");
}

#[test]
fn what_may_be_done_once_is_a_persons_to_judge() {
    let mut hanging = Hanging::start(TASK, "run", "node");
    hanging.kill();
    let ended = hanging.apply();
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.contains("whether it took effect is not known") && ended.out.contains("lab: failed"), "{ended:?}");
    assert_eq!(hanging.target()["executions"], Value::Array(Vec::new()), "it is not done by itself");
    assert_eq!(hanging.log(), ["started", "taken over", "failed"]);
}

#[test]
fn nobody_works_beside_a_run() {
    let mut hanging = Hanging::start(SHOP, "create", "shop-data");
    let second = hanging.apply();
    assert!(second.code == 1 && second.err.starts_with("error: Another apply is at work\n") && second.out.is_empty(), "{second:?}");

    let home = hanging.fixture.repository().parent().unwrap().to_owned();
    let elsewhere = Fixture::lab(SHOP);
    let mut command = elsewhere.command(["apply", "--yes"]);
    command.env("HOME", home);
    let of_another_clone = ended(&elsewhere, command);
    assert!(of_another_clone.err.contains("in another clone"), "{of_another_clone:?}");

    hanging.kill();
    let mut command = hanging.fixture.command(["apply", "--yes"]);
    command.env("USER", "bob");
    let of_bob = ended(&hanging.fixture, command);
    assert!(of_bob.code == 1 && of_bob.err.starts_with("error: A run is open\nada@"), "{of_bob:?}");
    assert_eq!(hanging.log(), ["started"]);
}
