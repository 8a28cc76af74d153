//! How is a place in a file written, where one process tells another? As `[file, line, column]`.

use core_model::Span;
use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

pub(crate) fn serialize<S: Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    (&*span.file, span.line, span.column).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
    let (file, line, column) = <(String, u32, u32)>::deserialize(deserializer)?;
    Ok(Span::new(file, line, column))
}
