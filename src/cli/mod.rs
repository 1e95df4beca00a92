//! The command line: arguments and configuration in, one of the sinks and reports out.
mod args;
mod config;
mod suggest;
mod values;
