//! The pipeline, and the only place that wires it: source → engine → findings → verify → report.
