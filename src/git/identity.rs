//! Who commits, and when: as git finds it, from the environment first, then from its
//! configuration (`git help commit-tree`, "COMMIT INFORMATION"). Nothing is guessed from the host.

use git2::{Config, Repository, Signature, Time};

use super::GitError;
use super::program::Git;

/// The two people that a commit names.
pub(super) struct Identity {
    /// Who made the change.
    pub(super) author: Signature<'static>,
    /// Who made the commit.
    pub(super) committer: Signature<'static>,
}

/// Reads an environment variable; a test has its own.
pub(super) type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

impl Identity {
    /// Who commits in `repository`.
    pub(super) fn read(
        repository: &Repository,
        environment: Environment,
    ) -> Result<Self, GitError> {
        let person = |role: &'static str| {
            Person {
                role,
                repository,
                environment,
            }
            .signature()
        };
        Ok(Self {
            author: person("author")?,
            committer: person("committer")?,
        })
    }
}

struct Person<'p> {
    role: &'static str,
    repository: &'p Repository,
    environment: Environment<'p>,
}

impl Person<'_> {
    fn signature(&self) -> Result<Signature<'static>, GitError> {
        let config = self.repository.config()?;
        let name = self.part("name", &config).ok_or(GitError::Identity)?;
        let email = self
            .part("email", &config)
            .or_else(|| self.variable("EMAIL"))
            .ok_or(GitError::Identity)?;
        let signature = match self.time()? {
            Some(time) => Signature::new(&name, &email, &time),
            None => Signature::now(&name, &email),
        };
        signature.map_err(|_| GitError::Identity)
    }

    fn part(&self, part: &str, config: &Config) -> Option<String> {
        let configured = |key: String| {
            let value = config.get_string(&key).ok()?;
            Some(without_crud(&value)).filter(|value| !value.is_empty())
        };
        self.variable(&self.variable_name(part))
            .or_else(|| configured(format!("{}.{part}", self.role)))
            .or_else(|| configured(format!("user.{part}")))
    }

    fn variable_name(&self, part: &str) -> String {
        format!("GIT_{}_{part}", self.role).to_ascii_uppercase()
    }

    fn variable(&self, name: &str) -> Option<String> {
        let value = (self.environment)(name)?;
        Some(without_crud(&value)).filter(|value| !value.is_empty())
    }

    fn time(&self) -> Result<Option<Time>, GitError> {
        let variable = self.variable_name("date");
        let Some(value) = (self.environment)(&variable).filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        raw_date(&value)
            .or_else(|| self.date_by_git(&value))
            .map(Some)
            .ok_or(GitError::Date { variable, value })
    }

    /// Git reads dates in a dozen more forms: it says what it makes of this one.
    fn date_by_git(&self, value: &str) -> Option<Time> {
        let mut git = Git::find(self.repository).ok()?;
        let output = git
            .command
            .args(["var", "GIT_COMMITTER_IDENT"])
            .env("GIT_COMMITTER_NAME", "x")
            .env("GIT_COMMITTER_EMAIL", "x")
            .env("GIT_COMMITTER_DATE", value)
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let line = String::from_utf8(output.stdout).ok()?;
        raw_date(line.rsplit_once("> ")?.1)
    }
}

/// Git takes these away from both ends of a name, and the signs of its own format from anywhere.
fn without_crud(value: &str) -> String {
    let value: String = value
        .chars()
        .filter(|c| !matches!(c, '<' | '>' | '\n'))
        .collect();
    value
        .trim_matches(|c: char| c.is_ascii_control() || " .,:;\"\\'".contains(c))
        .to_owned()
}

/// Git's own form: seconds and time zone, as in `1112911993 +0200`, perhaps after an `@`.
fn raw_date(value: &str) -> Option<Time> {
    let value = value.trim();
    let (seconds, zone) = value.strip_prefix('@').unwrap_or(value).split_once(' ')?;
    let seconds: i64 = seconds.parse().ok()?;
    let (sign, digits) = zone.split_at_checked(1)?;
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: i32 = digits.parse().ok()?;
    let minutes = digits / 100 * 60 + digits % 100;
    match sign {
        "+" => Some(Time::new(seconds, minutes)),
        "-" => Some(Time::new(seconds, -minutes)),
        _ => None,
    }
}

/// The date of a signature in git's own form.
pub(super) fn date_of(signature: &Signature) -> String {
    let time = signature.when();
    let minutes = time.offset_minutes();
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
    format!(
        "@{} {sign}{:02}{:02}",
        time.seconds(),
        minutes / 60,
        minutes % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(config: &[(&str, &str)]) -> (tempfile::TempDir, Repository) {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::init(folder.path()).unwrap();
        // Only this repository's own configuration counts, whoever runs the tests.
        let mut own = Config::open(&folder.path().join(".git/config")).unwrap();
        for (key, value) in config {
            own.set_str(key, value).unwrap();
        }
        (folder, repository)
    }

    fn identity(
        config: &[(&str, &str)],
        environment: &[(&str, &str)],
    ) -> Result<(String, String), GitError> {
        let (_folder, repository) = repository(config);
        let read = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let show = |who: &Signature| format!("{who} {}", date_of(who));
        Identity::read(&repository, &read)
            .map(|found| (show(&found.author), show(&found.committer)))
    }

    const USER: [(&str, &str); 2] = [("user.name", "Ada"), ("user.email", "ada@example.com")];
    const DATES: [(&str, &str); 2] = [
        ("GIT_AUTHOR_DATE", "@1112911993 +0200"),
        ("GIT_COMMITTER_DATE", "1112911994 -0330"),
    ];

    #[test]
    fn the_configuration_names_both() {
        let (author, committer) = identity(&USER, &DATES).unwrap();
        assert_eq!(author, "Ada <ada@example.com> @1112911993 +0200");
        assert_eq!(committer, "Ada <ada@example.com> @1112911994 -0330");
    }

    #[test]
    fn the_environment_comes_first() {
        let more = [
            ("GIT_AUTHOR_NAME", " Grace <b>. "),
            ("GIT_COMMITTER_EMAIL", "grace@example.com"),
        ];
        let environment: Vec<_> = DATES.into_iter().chain(more).collect();
        let (author, committer) = identity(&USER, &environment).unwrap();
        assert_eq!(author, "Grace b <ada@example.com> @1112911993 +0200");
        assert_eq!(committer, "Ada <grace@example.com> @1112911994 -0330");
    }

    #[test]
    fn git_itself_reads_other_forms_of_dates() {
        let dates = [
            ("GIT_AUTHOR_DATE", "2005-04-07T22:13:13+0200"),
            ("GIT_COMMITTER_DATE", "Thu, 07 Apr 2005 22:13:13 +0200"),
        ];
        let (author, committer) = identity(&USER, &dates).unwrap();
        assert!(author.ends_with("@1112904793 +0200"), "{author}");
        assert!(committer.ends_with("@1112904793 +0200"), "{committer}");
    }

    #[test]
    fn no_date_is_no_guess() {
        let error = identity(&USER, &[("GIT_AUTHOR_DATE", "half past nonsense")]);
        assert!(
            matches!(error, Err(GitError::Date { variable, .. }) if variable == "GIT_AUTHOR_DATE")
        );
    }
}
