//! Configuration: finding it, reading it, merging it; and reading gitleaks' format.
