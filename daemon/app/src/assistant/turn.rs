//! What comes of one text? A question, a change, a way back, an answer or a refusal, each by its own flow.

use daemon_assistant::{Conversation, Outcome};
use daemon_store::RequestEntry;

use super::propose::Wanted;
use super::request::{State, Text};
use super::thread::Thread;
use crate::comment::assistant as texts;
use crate::error::FlowError;
use crate::project::Project;

impl Project {
    pub(crate) async fn take_turn(
        &self,
        thread: &mut Thread,
        request: RequestEntry,
        text: &Text,
        conversation: Option<Conversation>,
    ) -> Result<(), FlowError> {
        let Some(ground) = self.ground(thread).await? else {
            let words = "The blueprints of the default branch cannot be read, so nothing can be proposed. Write the request again when they can.";
            return self.end(thread, request, State::Refused, texts::ended(words)).await;
        };
        if let Some(pull) = self.amended_before(&ground, text).await? {
            return self.end_amended(thread, request, pull, None).await;
        }
        let (turn, reading) = self.read_text(&ground, text, conversation).await?;
        match turn.outcome {
            // The question itself is asked when all texts are read.
            Outcome::Question(_) => {
                let conversation = turn.conversation.map(|conversation| conversation.to_json()).unwrap_or_default();
                let state = State::Asking.as_str().to_owned();
                self.save(thread, RequestEntry { state, conversation, turns: request.turns + 1, ..request }).await
            }
            Outcome::Change(change) => self.put_forward(thread, request, text, &ground, Wanted::of(*change)?).await,
            Outcome::RollBack(roll_back, notes) => match self.way_back(&ground, &roll_back, notes).await? {
                Ok((wanted, ground)) => self.put_forward(thread, request, text, &ground, wanted).await,
                Err(why) => self.end(thread, request, State::Refused, texts::ended(&why)).await,
            },
            Outcome::Answer(command, _) => {
                let lines = self.look_up(&ground, &command).await?;
                self.end(thread, request, State::Answered, texts::answered(&lines)).await
            }
            Outcome::Refusal(refusal) => {
                tracing::info!(
                    repository = %self.repository,
                    issue = %thread.number(),
                    author = %text.author,
                    reason = ?refusal.reason,
                    reading = %serde_json::to_string(&reading)?,
                    "the assistant refused a request"
                );
                self.end(thread, request, State::Refused, texts::refused(&refusal.text, &reading)).await
            }
        }
    }
}
