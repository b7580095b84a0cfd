//! Live verification as users meet it: the program is run on folders, histories and streams, and asks providers that
//! the tests play on loopback. What they answer is in `support/https`; the tests look at both ends.

mod hostile;
#[path = "../support/https/mod.rs"]
mod https;
mod manners;
mod proxies;
#[path = "../support/repo.rs"]
#[allow(dead_code)]
mod repo;
mod single;
mod stage;
mod targets;
mod trouble;
mod verdicts;
