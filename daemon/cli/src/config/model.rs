//! Which language model is asked where the rules give up, for which repositories, and how often? Without this section none is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use daemon_github::RepositoryName;
use daemon_model::AsksADay;
use serde_saphyr::{Location, Spanned};
use url::Url;

use super::{
    ModelBackend, ModelConfig, ServedRepository,
    check::Check,
    document::{Model, Text},
};

const TIMEOUT: Duration = Duration::from_secs(60);
const TIMEOUT_MIN: Duration = Duration::from_secs(1);
const TIMEOUT_MAX: Duration = Duration::from_secs(600);
const AUTHOR_ASKS_A_DAY: u32 = 40;
const REPOSITORY_ASKS_A_DAY: u32 = 200;
const NAME_CHARACTERS_MAX: usize = 100;

impl Check<'_> {
    pub(super) fn model(&mut self, given: &Spanned<Model>, served: &BTreeMap<RepositoryName, ServedRepository>) -> Option<ModelConfig> {
        let (model, at) = (&given.value, given.referenced);
        let backend = match (&model.endpoint, &model.file) {
            (Some(endpoint), None) => self.model_endpoint(endpoint, model),
            (None, Some(file)) => self.model_file(file, model),
            (given, _) => {
                let what = if given.is_some() { "has both an `endpoint` and a `file`" } else { "does not say where the model is" };
                self.error("Model needs one place", format!("`model` {what}."), at).hint =
                    Some("write `endpoint`, the root of an API like OpenAI's, or `file`, a GGUF file on this machine".to_owned());
                None
            }
        };
        let hint = "for example 60s; at least 1s, at most 10m";
        let timeout = self.duration("model.timeout", model.timeout.as_ref(), TIMEOUT, (TIMEOUT_MIN, TIMEOUT_MAX), hint);
        let default = (AUTHOR_ASKS_A_DAY, REPOSITORY_ASKS_A_DAY);
        let (author, repository) = self.a_day("model.asks_a_day", model.asks_a_day.as_ref(), default);
        let meaning = "They are those whose requests the model may see.";
        let listed = self.required_at(model.repositories.as_ref(), "model.repositories", meaning, at)?;
        let repositories = self.read_ones(listed, served);
        let said_at = self.span(at);
        let (backend, name) = backend?;
        Some(ModelConfig { backend, name, timeout, asks_a_day: AsksADay { author, repository }, repositories, said_at })
    }

    fn model_endpoint(&mut self, endpoint: &Text, model: &Model) -> Option<(ModelBackend, String)> {
        if let Some(worker) = &model.worker {
            self.needless("worker", "a model in a `file`", worker.referenced);
        }
        let name = self.required_at(model.name.as_ref(), "model.name", "It is the model's name there.", endpoint.referenced);
        let name = name.and_then(|text| self.model_name(text));
        let key = model.key.as_ref().map(|place| self.secret_place(Some(place), "model.key", "It is the endpoint's key."));
        let root = self.root(endpoint);
        Some((ModelBackend::Endpoint { root: root?, key: key.map_or(Some(None), |place| place.map(Some))? }, name?))
    }

    fn model_file(&mut self, file: &Text, model: &Model) -> Option<(ModelBackend, String)> {
        if let Some(key) = &model.key {
            self.needless("key", "an `endpoint`", key.referenced);
        }
        let (path, worker) = (self.folder(file), model.worker.as_ref().map(|text| self.folder(text)));
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let name = match &model.name {
            Some(text) => self.model_name(text)?,
            None => stem,
        };
        Some((ModelBackend::File { path, worker }, name))
    }

    fn needless(&mut self, key: &str, of: &str, at: Location) {
        self.error("Needless setting", format!("`model.{key}` is for {of}."), at).hint = Some(format!("remove `{key}`"));
    }

    fn root(&mut self, text: &Text) -> Option<Url> {
        let is_plain = |url: &Url| matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.username().is_empty();
        let root = Url::parse(&text.value).ok().filter(is_plain).filter(|url| url.password().is_none() && url.query().is_none());
        if root.is_none() {
            // The value is not repeated: it may hold a password.
            let detail = "`model.endpoint` is not a plain address that begins with https:// or http://.".to_owned();
            self.error("Invalid address", detail, text.referenced).hint = Some("for example http://127.0.0.1:11434/v1".to_owned());
        }
        root
    }

    fn model_name(&mut self, text: &Text) -> Option<String> {
        let length = text.value.chars().count();
        let is_name = (1..=NAME_CHARACTERS_MAX).contains(&length) && text.value.chars().all(|letter| letter.is_ascii_graphic());
        if !is_name {
            let detail = format!("`model.name` is not 1 to {NAME_CHARACTERS_MAX} characters without a space.");
            self.error("Invalid name", detail, text.referenced).hint = Some("for example qwen2.5:3b".to_owned());
        }
        is_name.then(|| text.value.clone())
    }

    /// Repositories in which requests are read at all.
    fn read_ones(&mut self, listed: &Spanned<Vec<Text>>, served: &BTreeMap<RepositoryName, ServedRepository>) -> BTreeSet<RepositoryName> {
        let names: BTreeSet<RepositoryName> = self.names("model.repositories", listed);
        for text in &listed.value {
            let Ok(name) = text.value.parse::<RepositoryName>() else { continue };
            if served.get(&name).is_none_or(|repository| repository.assistant.is_none()) {
                let detail = format!("`model.repositories` names `{name}`, in which the assistant reads nothing.");
                self.error("Unread repository", detail, text.referenced).hint =
                    Some("give it an `assistant` under `repositories`, or remove it here".to_owned());
            }
        }
        names
    }
}
