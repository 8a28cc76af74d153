//! How is a fake target tried out? With a network and a container in it, which is then changed.

use engine_api::{EngineError, ErrorKind, Stage, TRIAL, Trial, Wishes};
use serde_json::{Value, json};

use crate::types::PROVIDER;

const IMAGE: &str = "registry.example/trial:1";

pub(crate) fn trial(wishes: &Wishes) -> Result<Trial, EngineError> {
    if let Some(unknown) = wishes.keys().find(|wish| *wish != "image") {
        let why = format!("nothing is called `{unknown}` here; there is `image`, what the container is made from");
        return Err(EngineError::new(ErrorKind::Rejected, "prepare the trial", why));
    }
    let image = wishes.get("image").map_or(IMAGE, String::as_str);
    let stage = |title: &str, mode: &str| Stage { title: title.to_owned(), resources: resources(image, mode) };
    Ok(Trial {
        makes: vec![format!("the network `{TRIAL}-net`"), format!("the container `{TRIAL}-web` from `{image}`")],
        caveat: None,
        omits: Vec::new(),
        stages: vec![stage("create a network and a container", "quiet"), stage("change the container", "loud")],
    })
}

fn resources(image: &str, mode: &str) -> Vec<Value> {
    let specs = json!({"image": image, "networks": ["net"], "env": {"MODE": mode}});
    vec![
        json!({"type": "network", "name": "net", "provider": PROVIDER}),
        json!({"type": "compute", "name": "web", "provider": PROVIDER, "specs": specs}),
    ]
}
