//! What this process itself may use, when it is the child of another one.

use std::io;

/// Bounds the memory of this process, in bytes, from now on: what is allocated beyond it ends the
/// process. Files that are mapped to be read do not count. A process that is ended so leaves no
/// core file, and on Linux it is ended when the thread that started it is gone.
///
/// # Errors
/// When the operating system refuses.
#[cfg(unix)]
pub fn limit_ourselves(memory: Option<u64>) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let bounded = |resource, most: u64| {
        let maximum = getrlimit(resource).maximum;
        let most = maximum.map_or(most, |maximum| maximum.min(most));
        let limit = Rlimit {
            current: Some(most),
            maximum,
        };
        setrlimit(resource, limit)
    };
    bounded(Resource::Core, 0)?;
    if let Some(memory) = memory {
        bounded(Resource::Data, memory)?;
    }
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

/// There are no such bounds here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn limit_ourselves(_memory: Option<u64>) -> io::Result<()> {
    Ok(())
}
