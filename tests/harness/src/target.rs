//! What is on the fake target, what happened to it, and how is it made sick? Its state file, read and written as JSON.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::path::PathBuf;

use serde_json::{Value, json};

/// A fake target in a file that the daemon and the story share.
#[derive(Debug)]
pub struct FakeTarget {
    path: PathBuf,
}

/// One object as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Values by path, such as `specs.image`.
    pub fields: BTreeMap<String, Value>,
    pub running: bool,
    /// A replaced object has another one.
    pub serial: u64,
}

/// What goes wrong with the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misbehaviour {
    /// It is refused and has no effect.
    Rejected,
    /// It has its effect, and the reply is lost.
    ReplyLost,
    /// It has no effect and never returns.
    Hang,
}

impl FakeTarget {
    /// A target without objects.
    pub(crate) fn create(path: PathBuf) -> Self {
        fs::write(&path, json!({ "identity": "fake-lab" }).to_string()).expect("the target's folder is ours");
        Self { path }
    }

    /// What the daemon's configuration calls it.
    pub(crate) fn endpoint(&self) -> String {
        format!("file://{}", self.path.display())
    }

    /// The keys of all objects, such as `compute/web-app`.
    pub fn names(&self) -> Vec<String> {
        self.read()["objects"].as_object().map(|objects| objects.keys().cloned().collect()).unwrap_or_default()
    }

    /// One object, which must be there.
    pub fn object(&self, key: &str) -> Object {
        let state = self.read();
        let object = &state["objects"][key];
        assert!(object.is_object(), "the target has no `{key}`; it has {:?}", self.names());
        let fields = object["fields"].as_object().into_iter().flatten();
        Object {
            fields: fields.map(|(path, value)| (path.clone(), value.clone())).collect(),
            running: object["running"] == true,
            serial: object["serial"].as_u64().unwrap_or_default(),
        }
    }

    /// The mutating calls that had an effect, oldest first: `create compute/web-app`.
    pub fn log(&self) -> Vec<String> {
        let state = self.read();
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let calls = state["log"].as_array().into_iter().flatten();
        calls.map(|call| format!("{} {}", word(&call["operation"]), word(&call["key"]))).collect()
    }

    /// Lets the next call of this operation on this object go wrong. Both as in [`FakeTarget::log`], without the type.
    pub fn break_next(&self, misbehaviour: Misbehaviour, operation: &str, object: &str) {
        let what = match misbehaviour {
            Misbehaviour::Rejected => json!({ "fail-before": "rejected" }),
            Misbehaviour::ReplyLost => json!({ "fail-after-effect": "timeout" }),
            Misbehaviour::Hang => json!("hang"),
        };
        let fault = json!({ "what": what, "operation": operation, "object": object, "times": 1 });
        self.edit(|state| list(state, "faults").push(fault));
    }

    /// How many planned misbehaviours no call has met yet.
    pub fn faults_left(&self) -> usize {
        self.read()["faults"].as_array().map_or(0, Vec::len)
    }

    /// Lets the target be out of reach, with this reason, or in reach again.
    pub fn set_unreachable(&self, why: Option<&str>) {
        self.edit(|state| state["unreachable"] = json!(why));
    }

    /// Says that there is no such image, or what its digest is from now on.
    pub fn publish_image(&self, image: &str, digest: Option<&str>) {
        self.edit(|state| state["registry"][image] = json!({ "digest": digest, "healthy": true }));
    }

    /// Changes a value by hand, behind the daemon's back.
    pub fn set_by_hand(&self, key: &str, path: &str, value: Value) {
        self.edit(|state| state["objects"][key]["fields"][path] = value);
    }

    /// Puts an object there that belongs to nobody.
    pub fn put_by_hand(&self, key: &str, fields: Value) {
        self.edit(|state| {
            let serial = state["last_serial"].as_u64().unwrap_or_default() + 1;
            state["last_serial"] = json!(serial);
            state["objects"][key] = json!({
                "marker": null, "fields": fields, "serial": serial, "running": true, "healthy": true, "restarts": 0,
                "made_by": "", "restarted_by": "",
            });
        });
    }

    /// Removes an object by hand.
    pub fn remove_by_hand(&self, key: &str) {
        self.edit(|state| {
            let removed = state["objects"].as_object_mut().and_then(|objects| objects.remove(key));
            assert!(removed.is_some(), "the target has no `{key}`");
        });
    }

    fn read(&self) -> Value {
        let bytes = fs::read(&self.path).expect("the target's file was made with the target");
        serde_json::from_slice(&bytes).expect("the target's file is replaced as a whole, so it is always JSON")
    }

    /// Holds the lock that the engine holds, and replaces the file as the engine does.
    fn edit(&self, change: impl FnOnce(&mut Value)) {
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(self.beside("lock"));
        let lock = lock.expect("the target's folder is ours");
        lock.lock().expect("a lock on a file of ours can be taken");
        let mut state = self.read();
        change(&mut state);
        let new = self.beside("new");
        fs::write(&new, state.to_string()).expect("the target's folder is ours");
        fs::rename(new, &self.path).expect("the target's folder is ours");
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".");
        name.push(ending);
        name.into()
    }
}

fn list<'a>(state: &'a mut Value, key: &str) -> &'a mut Vec<Value> {
    let list = &mut state[key];
    if list.is_null() {
        *list = json!([]);
    }
    list.as_array_mut().expect("the target's file has a list here")
}
