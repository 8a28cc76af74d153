//! Why did the simulator not do what a test asked?

/// What a call of the handle can fail with.
#[derive(Debug, thiserror::Error)]
pub enum RouterError {
    #[error("could not {attempt}")]
    Start {
        attempt: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A router would refuse this too, in these words.
    #[error("the router refused `{command}`: {message}")]
    Refused { command: String, message: String },
}
