//! Sniffing: what kind of bytes these are.
