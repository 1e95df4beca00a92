//! What the lists cost on each Python, as a table.

use std::fmt::Write;

use super::SolveDocument;

impl SolveDocument {
    /// What the lists cost on each Python.
    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        if self.pythons.len() < 2 {
            return text;
        }
        let _ = writeln!(
            text,
            "  Python  lines  newer than the era  builds  mended until"
        );
        for row in &self.pythons {
            let mark = if row.in_the_way > 0 {
                "  in the way: "
            } else {
                ""
            };
            let count = if row.in_the_way > 0 {
                row.in_the_way.to_string()
            } else {
                String::new()
            };
            let _ = writeln!(
                text,
                "  {:<6}  {:>5}  {:>18}  {:>6}  {:<12}{mark}{count}",
                row.python,
                row.lines,
                row.leave_era,
                row.builds,
                row.supported_until.unwrap_or("?"),
            );
        }
        text
    }
}
