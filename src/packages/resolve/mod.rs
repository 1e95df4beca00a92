//! The resolver in the process: which releases a list brings on one target so that the app starts,
//! with as few of its lines changed as that takes, and why. Offline: it knows what its
//! [`Universe`] knows, and says what that does not. No file, no program, no index is touched here.

mod catalogue;
mod choice;
pub mod era;
mod install;
mod known;
mod preference;
mod question;
mod reasons;
mod search;
mod set;
mod tell;
mod universe;

pub use choice::answer;
pub use install::{disagreements, install};
pub use known::KnownPackages;
pub use question::{Added, Chosen, Demand, Inquiry, Move, ResolvedReleases, SourceDemand};
pub use reasons::{Against, MoveCause};
pub use universe::{Bond, Candidate, Form, Unfit, Universe};

#[cfg(test)]
mod tests;
