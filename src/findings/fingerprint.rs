//! Fingerprints: what tells a finding from others across runs.
