//! Where secrets go, and where not.
