//! What a fact means for the move of an app, beside the change of its files.

use crate::rules::facts::services::Service;

/// At what an app fails on DE5 while a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Its image is not built.
    Build,
    /// It is built, and its processes end or answer nothing.
    Start,
}

/// What a fact means for the move of an app, beside the change of its files. Plan, reports and the
/// exit code read these and never ask which rule spoke.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consequence {
    /// A service has to be created.
    Service(Service),
    /// A variable has to be set.
    Variable(String),
    /// The number of replicas of a process type has to be set.
    Replicas {
        /// The process type.
        process: String,
        /// How many.
        count: u32,
    },
    /// Something has to be chosen in the app's settings on the server.
    Setting(ServerSetting),
    /// Files outside the repository have to be copied; the folder as the app names it.
    Data(String),
    /// Each clone of the repository has to be set up anew: no commit holds it.
    Clone,
    /// Dash Enterprise 5 has nothing like it.
    NoCounterpart,
    /// The app does not come so far.
    Stops(Stage),
}

/// A setting of an app on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServerSetting {
    /// The Python.
    Python,
    /// The persistent filesystem.
    PersistentFilesystem,
}
