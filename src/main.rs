//! The program: parse, run, exit code. All else is in the library.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    unspill::cli::main()
}
