//! How is a webhook shown to its receiver?

use serde_json::{Value, json};

use crate::github::webhook::Hook;
use crate::github::world::World;

impl World {
    /// What a `ping` event says.
    pub(crate) fn ping_json(&self, full_name: &str, hook: &Hook) -> Value {
        let url = format!("{}/hooks/{}", self.repository_url(full_name), hook.id);
        let now = self.clock.now().to_string();
        json!({
            "zen": "Design for failure.", "hook_id": hook.id,
            "hook": {
                "type": "Repository", "id": hook.id, "name": "web", "active": true, "events": ["*"],
                "config": { "content_type": "json", "insecure_ssl": "0", "secret": "********", "url": hook.url },
                "created_at": now, "updated_at": now, "url": url, "test_url": format!("{url}/test"),
                "ping_url": format!("{url}/pings"), "deliveries_url": format!("{url}/deliveries"),
                "last_response": { "code": null, "status": "unused", "message": null },
            },
        })
    }
}
