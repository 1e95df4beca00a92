//! Asks a real resolver, `uv` or `pip`, as a child process with a time limit; and builds scratch
//! environments. The one room that runs other programs beside git, and only when asked to.
