//! The program. Everything it does is in the library; here is only its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    dashlift::cli::main()
}
