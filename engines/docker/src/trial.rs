//! How is a Docker engine tried out? With a network and one container in it, made from an image that whoever asks must name.

use engine_api::{EngineError, ErrorKind, Stage, TRIAL, Trial, Wishes};
use serde_json::{Value, json};

const IMAGE: &str = "image";
const COMMAND: &str = "command";

pub(crate) fn trial(wishes: &Wishes) -> Result<Trial, EngineError> {
    let refused = |why: String| EngineError::new(ErrorKind::Rejected, "prepare the trial", why);
    if let Some(unknown) = wishes.keys().find(|wish| ![IMAGE, COMMAND].contains(&wish.as_str())) {
        return Err(refused(format!(
            "nothing is called `{unknown}` here; there is `{IMAGE}`, what the container is made from, and `{COMMAND}`, what runs in it"
        )));
    }
    let Some(image) = wishes.get(IMAGE) else {
        let what = "an image of an allowed registry whose container goes on running";
        return Err(refused(format!("nobody says what the container is made from; name {what}, for example `--set {IMAGE}=nginx:1.27`")));
    };
    let stage = |title: &str, mode: &str| Stage { title: title.to_owned(), resources: resources(image, wishes.get(COMMAND), mode) };
    Ok(Trial {
        makes: vec![format!("the network `{TRIAL}-net`"), format!("the container `{TRIAL}-web` from `{image}`, without published ports")],
        caveat: Some("an image that has to be pulled stays on the host".to_owned()),
        omits: Vec::new(),
        stages: vec![stage("create a network and a container", "first"), stage("change the container", "second")],
    })
}

fn resources(image: &str, command: Option<&String>, mode: &str) -> Vec<Value> {
    let mut specs = json!({"image": image, "networks": ["net"], "env": {"IPR_TRIAL": mode}});
    if let Some(command) = command {
        specs[COMMAND] = json!(command);
    }
    vec![
        json!({"type": "network", "name": "net", "provider": crate::PROVIDER}),
        json!({"type": "compute", "name": "web", "provider": crate::PROVIDER, "specs": specs}),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let wishes = |name: &str| Wishes::from([(name.to_owned(), "nginx:1.27".to_owned())]);
        assert!(trial(&Wishes::new()).is_err_and(|error| error.message.contains("--set image=")));
        assert!(trial(&wishes("imge")).is_err_and(|error| error.message.contains("`imge`")));
        let both = trial(&wishes(IMAGE)).expect("an image is enough");
        assert!(both.stages[0].resources != both.stages[1].resources && both.makes[1].contains("nginx:1.27"));
    }
}
