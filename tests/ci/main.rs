//! `unspill ci` and the action, run as CI systems run them: made-up event files, real repositories, an environment with
//! nothing in it but what a job sets.

#[path = "../support/https/mod.rs"]
mod https;
#[path = "../support/mod.rs"]
mod support;

mod action;
mod api;
mod comment;
mod github;
mod job;
mod others;
mod output;
mod release;
mod shallow;
