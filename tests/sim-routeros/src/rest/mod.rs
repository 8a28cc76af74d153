//! REST: the same commands as over the API, as HTTP requests below `/rest`.
//!
//! Every value is a string. There is no session: no safe mode, nothing to listen to.

mod exchange;
mod route;
mod serve;

pub(crate) use serve::serve;
