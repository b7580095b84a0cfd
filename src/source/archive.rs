//! Archives: their members as blobs.
