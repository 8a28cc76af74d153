//! How does a service say no? With a status and a message of DMTF's `Base` registry.

use serde_json::{Value, json};

/// A request that is not carried out.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) id: String,
    pub(super) words: String,
}

impl Refusal {
    pub(super) fn new(status: u16, id: &str, words: impl Into<String>) -> Self {
        Self { status, id: id.to_owned(), words: words.into() }
    }

    pub(super) fn missing(path: &str) -> Self {
        Self::new(404, "ResourceMissingAtURI", format!("The resource at the URI '{path}' was not found."))
    }

    pub(super) fn method() -> Self {
        Self::new(405, "OperationNotAllowed", "The HTTP method is not allowed on this resource.")
    }

    /// As most do, it repeats what was sent.
    pub(super) fn value(name: &str, value: &Value) -> Self {
        Self::new(400, "PropertyValueNotInList", format!("The value '{value}' for the property {name} is not in the list of acceptable values."))
    }

    pub(super) fn unknown(name: &str) -> Self {
        Self::new(400, "PropertyUnknown", format!("The property {name} is not in the list of valid properties for the resource."))
    }

    pub(super) fn body(&self) -> Value {
        let message = json!({"@odata.type": "#Message.v1_1_1.Message", "MessageId": format!("Base.1.18.{}", self.id), "Message": self.words, "Severity": "Critical"});
        json!({"error": {"code": "Base.1.18.GeneralError", "message": "A general error has occurred. See ExtendedInfo for more information.", "@Message.ExtendedInfo": [message]}})
    }
}

/// A part of DMTF's registry of messages.
pub(super) fn registry() -> Value {
    json!({
        "@odata.type": "#MessageRegistry.v1_6_3.MessageRegistry",
        "Id": "Base.1.18.0",
        "Name": "Base Message Registry",
        "Language": "en",
        "RegistryPrefix": "Base",
        "RegistryVersion": "1.18.0",
        "OwningEntity": "DMTF",
        "Messages": {
            "GeneralError": {
                "Description": "A general error has occurred.",
                "Message": "A general error has occurred. See ExtendedInfo for more information.",
                "MessageSeverity": "Critical",
                "NumberOfArgs": 0,
                "Resolution": "See ExtendedInfo for more information.",
            },
        },
    })
}
