//! The lines that a resolver is given: nothing of this machine is read for them, and no variable
//! of ours is put into them unless the user allowed it by name.

use std::collections::BTreeSet;

use crate::children;
use crate::packages::solve::{SolveFailure, SolveRequest};

/// The variables that the user allows to be put into addresses of package indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(BTreeSet<String>);

impl Allowed {
    /// These variables.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().collect())
    }

    /// The variables of lines that are left as they are written, because nobody allowed them.
    pub fn left_out<'l>(&self, lines: impl IntoIterator<Item = &'l String>) -> BTreeSet<String> {
        let names = lines.into_iter().flat_map(|line| variables(line));
        let names = names.filter(|name| !self.0.contains(*name));
        names.map(str::to_owned).collect()
    }

    /// A line with the values of what is allowed. uv and pip know variables too: what is not
    /// allowed is written so that they find none.
    fn fill(&self, line: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
        let mut filled = line.to_owned();
        for name in variables(line).collect::<BTreeSet<_>>() {
            let written = format!("${{{name}}}");
            let value = self.0.contains(name).then(|| value(name)).flatten();
            let value = match value {
                // A value is no place for another variable.
                Some(value) => value.replace("${", "%24%7B"),
                None => format!("%24%7B{name}%7D"),
            };
            filled = filled.replace(&written, &value);
        }
        filled
    }
}

/// The names between `${` and `}`.
fn variables(line: &str) -> impl Iterator<Item = &str> {
    let behind = line.split("${").skip(1);
    behind.filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// The list that is asked for: the options of indexes stand in it and not among the arguments,
/// which everybody on the machine can read.
///
/// # Errors
/// When a line is more than one, or names a file of this machine: such lines are set aside before.
pub fn list(request: &SolveRequest, allowed: &Allowed) -> Result<String, SolveFailure> {
    let mut list = String::new();
    for option in &request.options {
        list.push_str(&allowed.fill(checked(option)?, &children::value_of));
        list.push('\n');
    }
    for requirement in &request.requirements {
        list.push_str(checked(requirement)?);
        list.push('\n');
    }
    Ok(list)
}

fn checked(line: &str) -> Result<&str, SolveFailure> {
    let small = line.to_ascii_lowercase();
    let is_one = !line.contains(['\n', '\r']);
    if is_one && !small.contains("file:") {
        return Ok(line);
    }
    Err(SolveFailure::Other(
        "a line of the list names a file of this machine or is more than one line, and is not \
         given to a resolver; please report this as a defect of dashlift"
            .to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<String> {
        (name == "TOKEN").then(|| "open${SESAME}".to_owned())
    }

    #[test]
    fn only_what_is_allowed_is_filled_in() {
        let line = "--index-url https://${USER}:${TOKEN}@packages.example.com/simple";
        let nobody = Allowed::default();
        let expected =
            "--index-url https://%24%7BUSER%7D:%24%7BTOKEN%7D@packages.example.com/simple";
        assert_eq!(nobody.fill(line, &value), expected);
        let names = nobody.left_out([&line.to_owned()]);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["TOKEN", "USER"]);

        let token = Allowed::new(["TOKEN".to_owned()]);
        let expected =
            "--index-url https://%24%7BUSER%7D:open%24%7BSESAME}@packages.example.com/simple";
        assert_eq!(token.fill(line, &value), expected);
        assert_eq!(
            token.left_out([&line.to_owned()]),
            BTreeSet::from(["USER".to_owned()])
        );
        // A variable that is allowed and not there is nothing that a server may see by its name.
        let user = Allowed::new(["USER".to_owned()]);
        assert!(user.fill(line, &value).contains("%24%7BUSER%7D"));
    }

    #[test]
    fn no_file_of_the_machine_is_named() {
        let bad = [
            "--find-links file:///srv/wheels",
            "--index-url FILE://localhost/srv/index",
            "six @ file://localhost/srv/six.zip",
            "six\n--index-url https://other.example.com",
        ];
        for line in bad {
            assert!(checked(line).is_err(), "{line}");
        }
        assert!(checked("six==1.12.0").is_ok());
    }
}
