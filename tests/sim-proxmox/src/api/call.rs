//! What does a method know about its request, and what may it answer?

use bytes::Bytes;
use serde_json::Value;

use crate::job::{Job, Phase};
use crate::methods::Method;
use crate::refusal::Refusal;
use crate::verify::Parameters;
use crate::world::{Guest, Task, World};

/// A request whose parameters are checked.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    /// The node that was asked; it passes on what is for another.
    pub(crate) entry: &'a str,
    /// The user or token.
    pub(crate) actor: String,
    pub(crate) method: &'static Method,
    /// Those of path, query and body, in canonical form.
    pub(crate) parameters: Parameters,
    pub(crate) upload: Option<Upload>,
    /// What goes wrong with the task on purpose.
    pub(crate) task_fault: Option<TaskFault>,
}

/// A planned fault of a task.
#[derive(Clone, Debug)]
pub(crate) enum TaskFault {
    /// It ends with these words instead of doing its work.
    Fails(String),
    /// It does its work and ends with these words all the same.
    FailsAtItsEnd(String),
    /// It does its work and warns.
    Warns(String),
}

/// A file that came with a request.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// What a method answers.
#[derive(Debug)]
pub(crate) enum Reply {
    Data(Value),
    /// Data, and beside it what is staged.
    WithChanges(Value, String),
    /// The answer comes when this job is over.
    Wait(u64),
}

pub(crate) type Outcome = Result<Reply, Refusal>;

impl Reply {
    pub(crate) const NOTHING: Self = Self::Data(Value::Null);
}

impl Call<'_> {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.parameters.get(name).cloned()
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.text(name).map(|value| value == "1")
    }

    /// A parameter that the schema requires.
    pub(crate) fn required(&self, name: &str) -> Result<String, Refusal> {
        self.owned(name).ok_or_else(|| Refusal::parameter(name, "property is missing and it is not optional"))
    }

    pub(crate) fn node(&self) -> Result<String, Refusal> {
        self.required("node")
    }

    pub(crate) fn vmid(&self) -> Result<u32, Refusal> {
        let text = self.required("vmid")?;
        text.parse().map_err(|_| Refusal::parameter("vmid", format!("type check ('integer') failed - got '{text}'")))
    }

    /// The guest that the path names; it must be of the path's kind and on the path's node.
    pub(crate) fn guest(&self) -> Result<&Guest, Refusal> {
        find_guest(self.world, &self.node()?, self.method, self.vmid()?)
    }

    /// Whether the actor is `root@pam` itself, not a token of it.
    pub(crate) fn is_root(&self) -> bool {
        self.actor == "root@pam"
    }

    pub(crate) fn has_privilege(&self, path: &str, privilege: &str) -> bool {
        self.world.is_allowed(&self.actor, path, privilege)
    }

    /// Refuses without this privilege.
    pub(crate) fn need(&self, path: &str, privilege: &str) -> Result<(), Refusal> {
        if self.has_privilege(path, privilege) { Ok(()) } else { Err(Refusal::forbidden(path, privilege)) }
    }

    /// Starts a task on the path's node and answers its UPID.
    pub(crate) fn task(&mut self, kind: &str, id: &str, job: Job) -> Outcome {
        let node = self.node()?;
        let job = match self.task_fault.take() {
            Some(TaskFault::Fails(message)) => Job::new([Phase::run(move |_, _| Err(Refusal::failed(message)))]),
            Some(TaskFault::FailsAtItsEnd(message)) => job.before(Phase::run(move |_, _| Err(Refusal::failed(message)))),
            Some(TaskFault::Warns(line)) => job.after(Phase::run(move |_, progress| {
                progress.warn(&line);
                Ok(())
            })),
            None => job,
        };
        let actor = self.actor.clone();
        Ok(Reply::Data(Value::from(self.world.start_task(&node, kind, id, &actor, job))))
    }

    /// Answers when the job is over.
    pub(crate) fn wait(&mut self, job: Job) -> Outcome {
        match self.task_fault.take() {
            Some(TaskFault::Fails(message)) => Err(Refusal::failed(message)),
            Some(TaskFault::FailsAtItsEnd(message)) => {
                Ok(Reply::Wait(self.world.begin_awaited(job.before(Phase::run(move |_, _| Err(Refusal::failed(message)))))))
            }
            Some(TaskFault::Warns(_)) | None => Ok(Reply::Wait(self.world.begin_awaited(job))),
        }
    }
}

impl World {
    /// Starts a task and gives its UPID: node, process, its start, the time, kind, id and user. Source: pve-common `PVE::Tools::upid_encode`.
    pub(crate) fn start_task(&mut self, node: &str, kind: &str, id: &str, user: &str, job: Job) -> String {
        let job = self.begin(job);
        let pid = 1000 + job;
        let pstart = (self.now_ms / 10) & 0xffff_ffff;
        let upid = format!("UPID:{node}:{pid:08X}:{pstart:08X}:{:08X}:{kind}:{id}:{user}:", self.now_s());
        let task = Task {
            upid: upid.clone(),
            node: node.to_owned(),
            kind: kind.to_owned(),
            id: id.to_owned(),
            user: user.to_owned(),
            started_ms: self.now_ms,
            ended_ms: None,
            exit_status: None,
            log: Vec::new(),
            pid,
            pstart,
            job,
        };
        self.tasks.push(task);
        upid
    }
}

/// A guest of the method's kind on a node, or the words for its absence.
fn find_guest<'world>(world: &'world World, node: &str, method: &Method, vmid: u32) -> Result<&'world Guest, Refusal> {
    use crate::world::GuestKind;
    let kind = if method.path.starts_with("/nodes/{node}/lxc") { GuestKind::Lxc } else { GuestKind::Qemu };
    let guest = world.guests.get(&vmid).filter(|guest| guest.kind == kind && guest.node == node);
    guest.ok_or_else(|| Refusal::failed(format!("Configuration file '{}' does not exist", kind.configuration_file(node, vmid))))
}
