//! The questions of `fix --interactive`: one for each fix, with the change that it would make. Reader
//! and writer are handed in.

use std::io::{BufRead, Write};

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    All,
    Quit,
}

/// Asks, until somebody wants no more questions.
pub(super) struct Prompt<R, W> {
    input: R,
    output: W,
    /// The answer to all questions that are left.
    settled: Option<bool>,
}

const QUESTION: &str = "Make this change? [y]es, [n]o, [a]ll, [q]uit, [?]: ";

const HELP: &str = "\
y  make this change
n  leave it; the finding stays open
a  make this change and all that follow
q  leave this change and all that follow; those that were taken before are made
?  print this help
";

impl<R: BufRead, W: Write> Prompt<R, W> {
    /// Questions to `output`, answers from `input`.
    pub(super) fn new(input: R, output: W) -> Self {
        Self {
            input,
            output,
            settled: None,
        }
    }

    /// Shows a proposal and asks whether it is taken. When nobody answers any more, it is not, and
    /// nothing after it.
    pub(super) fn takes(&mut self, proposal: impl FnOnce() -> String) -> bool {
        if let Some(settled) = self.settled {
            return settled;
        }
        match self.show(&proposal()).and_then(|()| self.answer()) {
            Ok(Answer::Yes) => true,
            Ok(Answer::No) => false,
            Ok(Answer::All) => {
                self.settled = Some(true);
                true
            }
            Ok(Answer::Quit) | Err(_) => {
                self.settled = Some(false);
                false
            }
        }
    }

    fn show(&mut self, text: &str) -> std::io::Result<()> {
        self.output.write_all(text.as_bytes())
    }

    fn answer(&mut self) -> std::io::Result<Answer> {
        loop {
            self.show(QUESTION)?;
            self.output.flush()?;
            let mut line = String::new();
            if self.input.read_line(&mut line)? == 0 {
                self.show("\n")?;
                return Ok(Answer::Quit);
            }
            match line.trim().to_ascii_lowercase().as_str() {
                "y" | "yes" => return Ok(Answer::Yes),
                "n" | "no" => return Ok(Answer::No),
                "a" | "all" => return Ok(Answer::All),
                "q" | "quit" => return Ok(Answer::Quit),
                _ => self.show(HELP)?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is taken of four proposals with these answers, and what was shown.
    fn ask_four(answers: &str) -> ([bool; 4], String) {
        let mut shown = Vec::new();
        let mut prompt = Prompt::new(answers.as_bytes(), &mut shown);
        let taken =
            ["one", "two", "three", "four"].map(|name| prompt.takes(|| format!("{name}\n")));
        (taken, String::from_utf8(shown).unwrap())
    }

    #[test]
    fn each_answer_counts_for_one_question() {
        let (taken, shown) = ask_four("y\nN\nYES\n no \n");
        assert_eq!(taken, [true, false, true, false]);
        assert_eq!(shown.matches(QUESTION).count(), 4);
        assert!(shown.starts_with("one\n"), "{shown}");
    }

    #[test]
    fn all_and_quit_end_the_questions() {
        let (taken, shown) = ask_four("n\na\n");
        assert_eq!(taken, [false, true, true, true]);
        assert!(!shown.contains("three"), "{shown}");
        let (taken, shown) = ask_four("y\nq\n");
        assert_eq!(taken, [true, false, false, false]);
        assert!(!shown.contains("three"), "{shown}");
    }

    #[test]
    fn who_goes_away_takes_nothing_more() {
        let (taken, _) = ask_four("y\n");
        assert_eq!(taken, [true, false, false, false]);
    }

    #[test]
    fn other_answers_get_help() {
        let (taken, shown) = ask_four("?\nmaybe\n\ny\nq\n");
        assert_eq!(taken, [true, false, false, false]);
        assert_eq!(shown.matches(HELP).count(), 3);
    }
}
