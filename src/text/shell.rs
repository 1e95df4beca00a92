//! Words for the commands that are shown: each is one word to a shell, on one line, whatever a
//! repository calls its files and branches.

use std::fmt::Write as _;

use super::is_hidden;

/// A text as one word of a shell: as it is where it is plain, else between quotes. What hides
/// itself or breaks the line is written as `$'\n'`, which bash and zsh read.
pub fn shell_word(text: &str) -> String {
    match shlex::try_quote(text) {
        Ok(quoted) if !text.contains(is_hidden) => quoted.into_owned(),
        _ => escaped(text),
    }
}

/// A path as one word of a shell that no program takes for an option.
pub fn shell_path(path: &str) -> String {
    if path.starts_with('-') {
        shell_word(&format!("./{path}"))
    } else {
        shell_word(path)
    }
}

fn escaped(text: &str) -> String {
    let mut word = String::from("$'");
    for character in text.chars() {
        match character {
            '\n' => word.push_str("\\n"),
            '\r' => word.push_str("\\r"),
            '\t' => word.push_str("\\t"),
            '\'' | '\\' => word.extend(['\\', character]),
            hidden if is_hidden(hidden) => {
                let mut bytes = [0; 4];
                for byte in hidden.encode_utf8(&mut bytes).bytes() {
                    // Three octal digits end by themselves; hexadecimal ones take what follows.
                    let _ = write!(word, "\\{byte:03o}");
                }
            }
            shown => word.push(shown),
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_plain_word_stays_and_a_hostile_one_is_quoted() {
        assert_eq!(shell_word("apps/a-1"), "apps/a-1");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("$(touch x)"), "'$(touch x)'");
        assert_eq!(shell_word("a\n'b\u{9b}1"), "$'a\\n\\'b\\302\\2331'");
        assert_eq!(shell_path("-rf"), "./-rf");
    }

    #[test]
    fn bash_reads_back_what_was_written() {
        let hostile = [
            "a b",
            "it's",
            "`touch x`",
            "$(touch x);touch y",
            "a\nb\tc\rd",
            "\u{1b}[31m\u{9b}31m\u{202e}7",
            "!!\"\\",
            "\u{1}\u{7f}0",
            "~",
            "*?[a]{b,c}",
            "#x",
        ];
        for text in hostile {
            let word = shell_word(text);
            assert!(!word.contains(is_hidden), "{word}");
            let script = format!("printf %s {word}");
            let output = Command::new("bash").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{word}");
        }
    }
}
