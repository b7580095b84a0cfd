//! Suppression: comments, ignore files, allowlists.
