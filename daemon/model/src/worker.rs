//! How is a model on this machine asked? By the worker `ipr-model`, a process without network, environment or files, line by line.
//!
//! It is started when it is first needed and kept. Whenever it does something that is not in the protocol, or not in time, it is killed,
//! and the next question starts another one.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use daemon_assistant::{ANSWER_BYTES_MAX, ModelVersion, Prompt, Proposed, Proposer, ProposerError};
use daemon_worker_protocol::{Ask, Declined, FromWorker, LINE_BYTES_MAX, Message, Role, line, line_of};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;

use crate::TOKENS_MAX;

/// The longest thought, where the model thinks.
const THOUGHT_TOKENS_MAX: u32 = 1_500;
/// The longest reason of the worker's that is passed on.
const REASON_CHARACTERS_MAX: usize = 300;

/// Which worker, and which model it loads.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// The program `ipr-model`.
    pub program: PathBuf,
    /// The model, a GGUF file.
    pub file: PathBuf,
    /// What it is called in the audit.
    pub name: String,
    /// For one answer.
    pub timeout: Duration,
    /// For loading the model.
    pub start_timeout: Duration,
}

/// A model in a process of its own.
#[derive(Debug)]
pub struct Worker {
    settings: WorkerSettings,
    /// One question at a time: a second one would only make both slower.
    turn: Semaphore,
    idle: Mutex<Option<Running>>,
}

/// A worker that is ready. Dropped, it is killed.
#[derive(Debug)]
struct Running {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    version: ModelVersion,
    asked: u64,
}

impl Worker {
    /// Starts nothing yet.
    pub fn new(settings: WorkerSettings) -> Self {
        Self { settings, turn: Semaphore::new(1), idle: Mutex::default() }
    }

    async fn ask(&self, prompt: &Prompt) -> Result<Proposed, ProposerError> {
        let _turn = self.turn.acquire().await.map_err(|_| ProposerError::Unreachable)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take().and_then(Running::alive);
        let mut running = match idle {
            Some(running) => running,
            None => within(self.settings.start_timeout, self.start()).await?,
        };
        let said = within(self.settings.timeout, running.ask(prompt, self.settings.timeout)).await?;
        let version = running.version.clone();
        // Only a worker that kept to the protocol is asked again.
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        match said {
            Ok(text) if text.len() > ANSWER_BYTES_MAX => Err(ProposerError::TooLong),
            Ok(text) => Ok(Proposed { text, version }),
            Err(Declined::PromptTooLong) => Err(ProposerError::PromptTooLong),
            Err(Declined::AnswerTooLong) => Err(ProposerError::TooLong),
            Err(Declined::OutOfTime) => Err(ProposerError::Timeout),
            Err(Declined::Failed { why }) => Err(unusable(&why)),
        }
    }

    async fn start(&self) -> Result<Running, ProposerError> {
        let mut command = Command::new(&self.settings.program);
        // It inherits nothing: no variable, no folder, no file but the two ends of the talk.
        command.arg(&self.settings.file).env_clear().current_dir("/").kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| unusable(&format!("its worker does not start: {error}")))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else { return Err(ProposerError::Unreachable) };
        let mut running = Running { child, input, output: BufReader::new(output), version: ModelVersion::default(), asked: 0 };
        match running.hear().await? {
            FromWorker::Ready { version } => {
                running.version = ModelVersion::of(&version);
                Ok(running)
            }
            FromWorker::Broken { why } => Err(unusable(&why)),
            FromWorker::Said { .. } | FromWorker::Declined { .. } => Err(ProposerError::Malformed),
        }
    }
}

impl Running {
    /// Itself, unless it ended since it was asked the last time.
    fn alive(mut self) -> Option<Self> {
        matches!(self.child.try_wait(), Ok(None)).then_some(self)
    }

    /// The answer, or why the model has none. An error is a worker that does not keep to the protocol.
    async fn ask(&mut self, prompt: &Prompt, timeout: Duration) -> Result<Result<String, Declined>, ProposerError> {
        self.asked += 1;
        let system = format!("{}\nThe answer follows this JSON schema: {}", prompt.instructions, prompt.schema);
        let ask = Ask {
            number: self.asked,
            messages: vec![Message { role: Role::System, content: system }, Message { role: Role::User, content: prompt.message() }],
            schema: prompt.schema.clone(),
            tokens_max: TOKENS_MAX,
            thought_tokens_max: THOUGHT_TOKENS_MAX,
            milliseconds: u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
        };
        let line = line(&ask).map_err(|_| ProposerError::PromptTooLong)?;
        if line.len() > LINE_BYTES_MAX {
            return Ok(Err(Declined::PromptTooLong));
        }
        self.input.write_all(line.as_bytes()).await.map_err(|_| ProposerError::Unreachable)?;
        match self.hear().await? {
            FromWorker::Said { number, text } if number == self.asked => Ok(Ok(text)),
            FromWorker::Declined { number, why } if number == self.asked => Ok(Err(why)),
            _ => Err(ProposerError::Malformed),
        }
    }

    async fn hear(&mut self) -> Result<FromWorker, ProposerError> {
        let mut bytes = Vec::new();
        let mut bounded = (&mut self.output).take(LINE_BYTES_MAX as u64 + 1);
        let count = bounded.read_until(b'\n', &mut bytes).await.map_err(|_| ProposerError::Unreachable)?;
        if count == 0 {
            return Err(ProposerError::Unreachable);
        }
        let text = line_of(bytes).map_err(|_| ProposerError::Malformed)?;
        serde_json::from_str(&text).map_err(|_| ProposerError::Malformed)
    }
}

/// A time limit that is kept whatever the worker does.
async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, ProposerError>>) -> Result<T, ProposerError> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(ProposerError::Timeout))
}

fn unusable(why: &str) -> ProposerError {
    ProposerError::Unusable(why.chars().filter(|letter| !letter.is_control()).take(REASON_CHARACTERS_MAX).collect())
}

#[async_trait]
impl Proposer for Worker {
    fn name(&self) -> &str {
        &self.settings.name
    }

    async fn propose(&self, prompt: &Prompt) -> Result<Proposed, ProposerError> {
        self.ask(prompt).await
    }
}
