//! The same on a real Docker engine.
