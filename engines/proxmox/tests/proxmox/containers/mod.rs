//! Does the engine do with containers what its tables and the contract say?

mod contract;
mod neighbours;
mod reviewed;
mod samples;
mod stories;
mod subject;

pub(crate) use subject::ContainerSubject;
