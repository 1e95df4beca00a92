//! Kinds of files, and how large one of each may be.

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// What is known of a file before it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A file of an app: no build file is larger than a megabyte.
    Source,
    /// A notebook: pictures in its outputs make it large.
    Notebook,
    /// A configuration file of this program.
    Configuration,
    /// A list of what git ignores.
    Ignore,
    /// A baseline.
    Baseline,
    /// What an installed distribution says of itself.
    Metadata,
    /// A file of git's own folder with a few lines: `HEAD`, `config`, `gitdir`.
    Git,
    /// A list of paths.
    List,
    /// What a server said of all its apps.
    Inventory,
    /// A report on a fleet, in JSON.
    Report,
    /// The journal of a run that writes.
    Journal,
    /// A file that is about to be replaced, and may be anything that a commit can hold.
    Target,
}

impl FileKind {
    /// The most bytes that are read of such a file.
    pub const fn limit(self) -> u64 {
        match self {
            Self::Source | Self::Configuration | Self::Ignore | Self::Metadata | Self::Git => MIB,
            Self::Notebook => 32 * MIB,
            Self::Baseline | Self::List | Self::Journal => 64 * MIB,
            Self::Target | Self::Inventory | Self::Report => 256 * MIB,
        }
    }

    /// The limit as people say it.
    pub(super) fn limit_in_words(self) -> String {
        format!("{} MiB", self.limit() / MIB)
    }
}
