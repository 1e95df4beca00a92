use super::*;
use proptest::prelude::*;

fn words(text: &str) -> Vec<Vec<String>> {
    let values = |command: &ScriptCommand| {
        command
            .words
            .iter()
            .map(|word| word.value.clone())
            .collect()
    };
    Script::of_line(text)
        .commands()
        .iter()
        .map(values)
        .collect()
}

#[test]
fn commands_and_words() {
    assert_eq!(
        words(
            "#!/bin/bash\r\ncd /app && pip install \\\r\n  -r 'a b.txt' # no\r\necho \"x $Y\"; ls"
        ),
        [
            vec!["cd", "/app"],
            vec!["pip", "install", "-r", "a b.txt"],
            vec!["echo", "x $Y"],
            vec!["ls"]
        ]
    );
    assert_eq!(words("a#b c\\ d"), [["a#b", "c d"]]);
    assert_eq!(words("x=$(date +%s; ls) y"), [["x=$(date +%s; ls)", "y"]]);
}

#[test]
fn joints_and_redirects() {
    let script = Script::of_line("cd x &&\n echo a 2>&1 >> /etc/hosts | tee b <c &> log");
    let joints: Vec<Joint> = script.commands().iter().map(|c| c.joint).collect();
    assert_eq!(joints, [Joint::Line, Joint::And, Joint::Pipe]);
    let echo = &script.commands()[1];
    assert_eq!(echo.words.len(), 2);
    assert_eq!(echo.redirects[1].target.value, "/etc/hosts");
    assert!(echo.redirects[1].writes);
    let tee = &script.commands()[2];
    assert!(!tee.redirects[0].writes);
    assert_eq!(tee.redirects[1].target.value, "log");
}

#[test]
fn subshells_are_told_apart() {
    let script = Script::of_line("a; (b && (c); d) || e");
    let shells: Vec<usize> = script.commands().iter().map(|c| c.subshell).collect();
    assert_eq!(shells, [0, 1, 2, 1, 0]);
    assert_eq!(
        (script.around(2), script.around(1), script.around(9)),
        (1, 0, 0)
    );
    assert_eq!(script.commands()[4].joint, Joint::Or);
    let deep = Script::of_line(&format!("{} x", "(".repeat(100)));
    assert_eq!(deep.commands()[0].subshell, DEEPEST);
}

#[test]
fn an_open_quote_is_noted() {
    let open = |text: &str| Script::of_line(text).unclosed().map(|it| it.start);
    assert_eq!(open("gunicorn 'app:server"), Some(9));
    assert_eq!(open("gunicorn \"app:server\" --x"), None);
}

#[test]
fn here_documents_are_no_commands() {
    assert_eq!(
        words("cat > x <<'EOF'\napt-get install y\nEOF\nls\ncat <<-E\n\tx\n\tE\npwd"),
        [vec!["cat"], vec!["ls"], vec!["cat"], vec!["pwd"]]
    );
    assert_eq!(words("cat << E\nnever ends"), [["cat"]]);
}

#[test]
fn a_program_stands_behind_assignments_and_sudo() {
    let script = Script::of_line("A=1 sudo apt-get install x");
    assert_eq!(script.commands()[0].program()[0].value, "apt-get");
    assert!(script.commands()[0].is_sudo());
    let script = Script::of_line("sudo -H pip install x; echo sudo");
    assert_eq!(script.commands()[0].program()[0].value, "pip");
    assert!(!script.commands()[1].is_sudo());
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let _ = Script::of_line(&text);
    }

    #[test]
    fn words_are_in_order_and_in_bounds(text in "[a-c \\\\'\"$`(){}<>&|;#*\n\r\u{e9}E]{0,40}") {
        let script = Script::of_line(&text);
        let mut last = 0;
        for command in script.commands() {
            prop_assert!(text.get(command.span().range()).is_some());
            for word in &command.words {
                prop_assert!(word.span.start >= last);
                prop_assert!(!word.span.slice(&text).is_empty());
                last = word.span.end;
            }
            last = command.span().end;
        }
        for comment in script.comments() {
            prop_assert!(comment.slice(&text).starts_with('#'));
        }
    }

    #[test]
    fn plain_words_are_themselves(plain in prop::collection::vec("[a-z./-]{1,6}", 1..5)) {
        prop_assert_eq!(words(&plain.join(" ")), [plain]);
    }
}
