//! `pylock.toml`, as far as it tells which release comes from which kind of file.

use pep440_rs::Version;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
struct Lock {
    #[serde(default)]
    packages: Vec<LockedPackage>,
}

#[derive(Debug, Deserialize)]
struct LockedPackage {
    name: String,
    version: Option<String>,
    #[serde(default)]
    wheels: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    name: Option<String>,
    url: Option<String>,
    path: Option<String>,
}

/// A release of a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Locked {
    /// The distribution, normalised.
    pub(super) name: String,
    /// Its version.
    pub(super) version: Version,
    /// The names of its wheels.
    pub(super) wheels: Vec<String>,
}

impl Locked {
    /// Whether a wheel is for Linux.
    pub(super) fn is_for_linux(&self) -> bool {
        self.wheels.iter().any(|wheel| {
            let platforms = wheel.trim_end_matches(".whl").rsplit('-').next();
            let mut platforms = platforms.unwrap_or_default().split('.');
            platforms.any(|it| it.starts_with("manylinux") || it.starts_with("linux_"))
        })
    }
}

/// The releases of a lock file; `None` when it is none.
pub(super) fn read(text: &str) -> Option<Vec<Locked>> {
    let lock: Lock = toml_edit::de::from_str(text).ok()?;
    let locked = lock.packages.into_iter().filter_map(|package| {
        Some(Locked {
            version: package.version?.parse().ok()?,
            name: package.name,
            wheels: package.wheels.iter().map(file_name).collect(),
        })
    });
    Some(locked.collect())
}

fn file_name(file: &File) -> String {
    let place = file
        .name
        .as_ref()
        .or(file.url.as_ref())
        .or(file.path.as_ref());
    let name = place.and_then(|place| place.rsplit('/').next());
    name.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wheels_say_what_they_are_for() {
        let text = r#"
lock-version = "1.0"
[[packages]]
name = "numpy"
version = "1.16.4"
sdist = { url = "https://files.example.com/numpy-1.16.4.zip" }
wheels = [{ url = "https://files.example.com/numpy-1.16.4-cp37-cp37m-manylinux1_x86_64.whl" }]
[[packages]]
name = "psutil"
version = "5.6.0"
wheels = [{ name = "psutil-5.6.0-cp37-cp37m-win32.whl" }]
[[packages]]
name = "dash"
version = "1.20.0"
"#;
        let locked = read(text).unwrap();
        let linux: Vec<bool> = locked.iter().map(Locked::is_for_linux).collect();
        assert_eq!(linux, [true, false, false]);
        assert_eq!(locked[2].wheels, Vec::<String>::new());
        assert!(read("# nothing\n").unwrap().is_empty());
        assert!(read("<html>").is_none());
    }
}
