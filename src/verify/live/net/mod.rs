//! The way to a server: which addresses may be connected to, and how.
