//! How is a target tried out? By a few small objects that are made, changed and removed again, as successive desired states.
//!
//! The engine says which; whoever runs the trial plans and carries out each by the ordinary way, and removes everything at the
//! end, however it ends.

use std::collections::BTreeMap;

use serde_json::Value;

/// The name of the blueprint and of the environment that a trial is done under, and the beginning of the names of its objects.
pub const TRIAL: &str = "ipr-acceptance";

/// What whoever asks wants to be used, by the words of the engine: `os` is `debian-13`.
pub type Wishes = BTreeMap<String, String>;

/// What is made, and in which order it is changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Each object in words: "the machine `ipr-acceptance-vm` on `pve1`, from the template `debian-13`".
    pub makes: Vec<String>,
    /// What whoever agrees to it should know: that nobody has done it on a real target yet.
    pub caveat: Option<String>,
    /// What is not tried here, and why.
    pub omits: Vec<String>,
    pub stages: Vec<Stage>,
}

/// One desired state. An object that a stage leaves out is removed by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// In words that complete "could not": "move both to `pve2`".
    pub title: String,
    /// The resources, as a blueprint would have them.
    pub resources: Vec<Value>,
}
