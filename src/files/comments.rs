//! Where the comments of build files are, for the formats in which one may stand behind what it
//! is about. Python has its own room; nothing here knows what a comment says.

use super::conda_list::CondaList;
use super::requirements::Requirements;
use super::script::Script;
use super::{Model, yaml};
use crate::text::{Line, Span, Text, lines};

/// How a format writes comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// pip's lists.
    Requirements,
    /// conda's lists.
    Conda,
    /// Shell scripts.
    Shell,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
    /// Only whole lines that begin with `#` are comments: `Procfile`, `Aptfile`.
    Lines,
}

/// The most places of one file that are tried in TOML and YAML: each costs a look at all of it.
const MOST_TRIED: usize = 100;

impl Syntax {
    /// The syntax of a file of this name, for names that say it. Requirement lists have any name.
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "Pipfile" => return Some(Self::Toml),
            ".condarc" => return Some(Self::Yaml),
            "conda-requirements.txt" => return Some(Self::Conda),
            "requirements.txt" => return Some(Self::Requirements),
            "Procfile" | "Aptfile" => return Some(Self::Lines),
            _ => {}
        }
        match name.rsplit_once('.')?.1 {
            "toml" => Some(Self::Toml),
            "yml" | "yaml" => Some(Self::Yaml),
            "sh" | "bash" => Some(Self::Shell),
            _ => None,
        }
    }

    /// Whether a `\` at the end of a line joins the next one to it.
    pub fn joins_lines(self) -> bool {
        matches!(self, Self::Requirements | Self::Shell)
    }

    /// The comments of the text, in order, each from a `#` to the end of its line. Of TOML and
    /// YAML those that begin where `begins` says so, and no others: they are proven one by one.
    pub fn comments(self, text: &Text, begins: impl Fn(&str) -> bool) -> Vec<Span> {
        match self {
            Self::Requirements => {
                let model = Requirements::parse(text).unwrap_or_default();
                let lines = model.lines().iter();
                lines.filter_map(|line| line.comment).collect()
            }
            Self::Conda => {
                let model = CondaList::parse(text).unwrap_or_default();
                let lines = model.lines().iter();
                lines.filter_map(|line| line.comment).collect()
            }
            Self::Shell => {
                let script = Script::parse(text).unwrap_or_default();
                script.comments().to_vec()
            }
            Self::Lines => whole_lines(text.as_str()),
            Self::Toml => proven(text.as_str(), begins, toml_meaning),
            Self::Yaml => proven(text.as_str(), begins, |text| yaml::meaning(text).ok()),
        }
    }
}

fn whole_lines(text: &str) -> Vec<Span> {
    let comments = lines(text).filter(|line| line.span.slice(text).starts_with('#'));
    comments.map(|line| line.span).collect()
}

/// A comment is what can be cut without changing the meaning. A text without a meaning has none.
fn proven<M: PartialEq>(
    text: &str,
    begins: impl Fn(&str) -> bool,
    meaning: impl Fn(&str) -> Option<M>,
) -> Vec<Span> {
    let places: Vec<Vec<Span>> = lines(text)
        .map(|line| hashes(text, line, &begins))
        .filter(|places| !places.is_empty())
        .collect();
    if places.is_empty() {
        return Vec::new();
    }
    let Some(whole) = meaning(text) else {
        return Vec::new();
    };
    let is_comment = |span: &Span| {
        let cut = [
            Span::new(0, span.start).slice(text),
            Span::new(span.end, text.len()).slice(text),
        ];
        meaning(&cut.concat()).is_some_and(|rest| rest == whole)
    };
    let tried = places.into_iter().take(MOST_TRIED);
    tried
        .filter_map(|line| line.into_iter().take(MOST_ON_A_LINE).find(&is_comment))
        .collect()
}

/// The most places of one line that are tried.
const MOST_ON_A_LINE: usize = 3;

/// Every wanted beginning on a line, each with the rest of the line.
fn hashes(text: &str, line: Line, begins: impl Fn(&str) -> bool) -> Vec<Span> {
    let content = line.span.slice(text);
    let rests = content
        .match_indices('#')
        .map(|(at, _)| Span::new(line.span.start + at, line.span.end));
    rests.filter(|span| begins(span.slice(text))).collect()
}

fn toml_meaning(text: &str) -> Option<serde_json::Value> {
    toml_edit::de::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(name: &str, text: &str) -> Vec<String> {
        let syntax = Syntax::of_name(name).unwrap();
        let comments = syntax.comments(&Text::new(text), |rest| rest.starts_with("# x"));
        comments
            .iter()
            .map(|span| span.slice(text).to_owned())
            .collect()
    }

    #[test]
    fn a_comment_is_no_part_of_a_string() {
        assert_eq!(
            found(
                "project.toml",
                "a = '# x' # x 1\nb = \"\"\"\n# x\n\"\"\"\n# x 2\nc = \"#\" # y # x 3\n"
            ),
            ["# x 1", "# x 2", "# x 3"]
        );
        assert_eq!(
            found(
                "environment.yml",
                "a: b # x 1\nc: '# x'\nd: |\n  text # x\ne: b# x\n# x 2\n"
            ),
            ["# x 1", "# x 2"]
        );
        assert_eq!(
            found(
                "a.sh",
                "echo '# x' # x 1\ncat <<E\n# x\nE\necho a# x\n# x 2\n"
            ),
            ["# x 1", "# x 2"]
        );
    }

    #[test]
    fn lists_have_their_own_comments() {
        assert_eq!(
            found("requirements.txt", "six # x 1\na#x\n-e git+x#egg=y\n# x 2"),
            ["# x 1", "# x 2"]
        );
        assert_eq!(
            found("conda-requirements.txt", "numpy=1.0 # x 1\n# x 2\n").len(),
            2
        );
        assert_eq!(found("Aptfile", "curl # x\n# x\n # x\n"), ["# x"]);
    }

    #[test]
    fn a_text_without_meaning_has_none() {
        assert!(found("project.toml", "a = \n# x\n").is_empty());
        assert!(found("environment.yml", "a: [\n# x\n").is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn comments_begin_with_a_hash_in_order(
            name in proptest::sample::select(
                &["a.toml", "a.yml", "a.sh", "requirements.txt", "conda-requirements.txt", "Procfile"][..]
            ),
            text in "(# x|#|[a-z=:'\"|\\\\ \n\r\u{e9}\\[]){0,30}",
        ) {
            let syntax = Syntax::of_name(name).unwrap();
            let mut last = 0;
            for span in syntax.comments(&Text::new(text.as_str()), |_| true) {
                prop_assert!(text.get(span.range()).is_some_and(|comment| comment.starts_with('#')));
                prop_assert!(last <= span.start);
                last = span.end;
            }
        }
    }
}
