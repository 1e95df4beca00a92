//! The exception that ended a Python program, read from what the program printed.

/// The line with which Python begins to tell of an exception.
const HEAD: &str = "Traceback (most recent call last):";

/// Where packages are installed, in every environment.
const PACKAGES: &str = "/site-packages/";

/// An exception and where it was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// Its class without the module: `KeyError`.
    pub class: String,
    /// What it says.
    pub message: String,
    /// The last line of the app's own code that led to it.
    pub place: Option<AppLine>,
    /// The file of an installed package that raised it, below `site-packages`; `None` when the
    /// app's own code did.
    pub package_file: Option<String>,
}

/// A line of the app's own code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppLine {
    /// The file, below the app's folder.
    pub file: String,
    /// Its number, from 1.
    pub line: usize,
    /// What stands there, where Python shows it.
    pub code: String,
}

/// A step of the way to an exception.
struct Frame<'t> {
    file: &'t str,
    line: usize,
    code: &'t str,
}

impl Raised {
    /// The line that Python ends with: `KeyError: 'DATABASE_URL'`.
    pub fn sentence(&self) -> String {
        match self.message.as_str() {
            "" => self.class.clone(),
            message => format!("{}: {message}", self.class),
        }
    }
}

/// The last exception that `log` tells of; `app` is the folder of the app's files, as the program
/// saw it.
pub(super) fn find_last(log: &str, app: &str) -> Option<Raised> {
    let lines: Vec<&str> = log.lines().collect();
    let head = lines.iter().rposition(|line| line.contains(HEAD))?;
    let (frames, rest) = read_frames(lines.get(head + 1..)?);
    let told = rest.iter().find(|line| is_exception(line))?;
    let (class, message) = told.split_once(": ").unwrap_or((told, ""));
    let class = class.rsplit('.').next().unwrap_or(class);
    let in_app = |frame: &&Frame| own_file(frame.file, app).is_some();
    let place = frames.iter().rev().find(in_app).and_then(|frame| {
        Some(AppLine {
            file: own_file(frame.file, app)?.to_owned(),
            line: frame.line,
            code: frame.code.to_owned(),
        })
    });
    // Python's own files stand between the two: what called them raised.
    let last = frames.iter().rev();
    let mut last = last.filter(|frame| in_app(frame) || frame.file.contains(PACKAGES));
    let package_file = last.next().and_then(|frame| below_packages(frame.file));
    Some(Raised {
        class: class.trim_end_matches(':').to_owned(),
        message: message.trim().to_owned(),
        place,
        package_file: package_file.map(str::to_owned),
    })
}

/// The frames at the beginning of `lines`, and the lines behind them.
fn read_frames<'l, 't>(lines: &'l [&'t str]) -> (Vec<Frame<'t>>, &'l [&'t str]) {
    let mut frames: Vec<Frame> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at).filter(|line| line.starts_with([' ', '\t'])) {
        match read_frame(line) {
            Some(frame) => frames.push(frame),
            None => {
                if let Some(frame) = frames.last_mut().filter(|frame| frame.code.is_empty()) {
                    frame.code = line.trim();
                }
            }
        }
        at += 1;
    }
    (frames, lines.get(at..).unwrap_or_default())
}

/// `  File "/x/app.py", line 3, in <module>`.
fn read_frame(line: &str) -> Option<Frame<'_>> {
    let rest = line.trim_start().strip_prefix("File \"")?;
    let (file, rest) = rest.split_once("\", line ")?;
    let number = rest.split(',').next()?.trim();
    Some(Frame {
        file,
        line: number.parse().ok()?,
        code: "",
    })
}

/// Whether a line names an exception: a dotted name, and a colon with words or nothing behind it.
fn is_exception(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let is_name = |part: &str| {
        let mut characters = part.chars();
        characters
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_')
            && characters.all(|c| c.is_alphanumeric() || c == '_')
    };
    !name.is_empty() && name.split('.').all(is_name)
}

fn own_file<'f>(file: &'f str, app: &str) -> Option<&'f str> {
    file.strip_prefix(app)?.strip_prefix('/')
}

fn below_packages(file: &str) -> Option<&str> {
    file.rsplit_once(PACKAGES).map(|(_, below)| below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(lines: &[&str]) -> String {
        lines.join("\n")
    }

    #[test]
    fn the_app_s_own_line_is_found() {
        let text = log(&[
            "[INFO] Booting worker",
            "[ERROR] Exception in worker process",
            HEAD,
            "  File \"/t/env/lib/python3.9/site-packages/gunicorn/arbiter.py\", line 609, in spawn_worker",
            "    worker.init_process()",
            "  File \"/t/app/app.py\", line 5, in <module>",
            "    url = os.environ[\"DATABASE_URL\"]",
            "  File \"/usr/lib/python3.9/os.py\", line 679, in __getitem__",
            "    raise KeyError(key) from None",
            "KeyError: 'DATABASE_URL'",
            "[INFO] Worker exiting",
        ]);
        let raised = find_last(&text, "/t/app").unwrap();
        assert_eq!(raised.sentence(), "KeyError: 'DATABASE_URL'");
        assert_eq!(raised.package_file, None);
        let place = raised.place.unwrap();
        assert_eq!((place.file.as_str(), place.line), ("app.py", 5));
        assert_eq!(place.code, "url = os.environ[\"DATABASE_URL\"]");
    }

    #[test]
    fn a_package_may_have_raised_it() {
        let text = log(&[
            HEAD,
            "  File \"/t/app/pages/a.py\", line 2, in <module>",
            "    import dash",
            "  File \"/t/env/lib/python3.9/site-packages/dash/dash.py\", line 20, in <module>",
            "    from werkzeug.debug.tbtools import get_current_traceback",
            "ImportError: cannot import name 'get_current_traceback' from 'werkzeug.debug.tbtools'",
        ]);
        let raised = find_last(&text, "/t/app").unwrap();
        assert_eq!(raised.class, "ImportError");
        assert_eq!(raised.package_file.as_deref(), Some("dash/dash.py"));
        assert_eq!(raised.place.unwrap().file, "pages/a.py");
    }

    #[test]
    fn the_last_one_counts_and_syntax_errors_have_no_function() {
        let text = log(&[
            HEAD,
            "  File \"/t/app/a.py\", line 1, in <module>",
            "ValueError",
            "",
            "During handling of the above exception, another exception occurred:",
            "",
            HEAD,
            "  File \"/t/app/app.py\", line 3, in <module>",
            "    import b",
            "  File \"/t/app/b.py\", line 7",
            "    print 'x'",
            "    ^^^^^^^^^",
            "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?",
        ]);
        let raised = find_last(&text, "/t/app").unwrap();
        let place = raised.place.clone().unwrap();
        assert_eq!((place.file.as_str(), place.line), ("b.py", 7));
        assert_eq!(place.code, "print 'x'");
        assert_eq!(raised.class, "SyntaxError");
    }

    #[test]
    fn a_log_without_an_exception_has_none() {
        for text in [
            "",
            "listening",
            HEAD,
            "Traceback (most recent call last):\n  File \"x\"",
        ] {
            assert_eq!(find_last(text, "/t/app"), None, "{text}");
        }
        let bare = log(&[HEAD, "  File \"/x.py\", line 1, in f", "pkg.errors.Odd"]);
        assert_eq!(find_last(&bare, "/t/app").unwrap().sentence(), "Odd");
    }
}
