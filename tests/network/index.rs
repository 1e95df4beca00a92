//! Package indexes that answer badly, on this machine.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Scratch, has_pip, has_uv};

/// A server that gives everybody the same answer, or none; it ends with the test program.
fn server(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut kept: Vec<TcpStream> = Vec::new();
        for stream in listener.incoming().map_while(Result::ok) {
            match answer {
                Some(answer) => drop(thread::spawn(move || reply(stream, answer))),
                None => kept.push(stream),
            }
        }
    });
    address
}

fn reply(mut stream: TcpStream, answer: &str) {
    let mut request = [0; 4096];
    let _ = stream.read(&mut request);
    let _ = stream.write_all(answer.as_bytes());
}

const UNAVAILABLE: &str =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";
const LOGIN: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 38\r\nConnection: close\r\n\r\n<html><h1>Please sign in</h1></html>\r\n";
const UNAUTHORIZED: &str =
    "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";

fn list(address: &str) -> Scratch {
    Scratch::list(&format!(
        "--index-url http://ada:hunter2@{address}/simple\nflask==1.0\nrequests\n"
    ))
}

#[track_caller]
fn refused(scratch: &Scratch, arguments: &[&str], words: &str) {
    let before = scratch.read("requirements.txt");
    let ran = scratch.run(arguments);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(words), "{}", ran.err);
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert_eq!(scratch.read("requirements.txt"), before);
    let names = ["Procfile", "app.py", "requirements.txt"];
    assert_eq!(scratch.names(), names);
}

/// The offline answer stands, and says why nobody confirmed it.
#[track_caller]
fn unconfirmed(scratch: &Scratch, arguments: &[&str], words: &str) {
    let ran = scratch.run(arguments);
    assert!(ran.code == 0 || ran.code == 1, "{}{}", ran.out, ran.err);
    let said = format!("{}{}", ran.out, ran.err);
    // The patch is what the file says.
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("not confirmed by uv or pip"), "{said}");
    assert!(said.contains(&format!("not confirmed: {words}")), "{said}");
}

#[test]
#[ignore = "needs the network"]
fn errors_of_an_index_are_said() {
    if !has_uv() {
        return;
    }
    let address = server(Some(UNAVAILABLE));
    let words = format!("the package index {address} answered with the error 503");
    unconfirmed(&list(&address), &["solve", "--write"], &words);
}

#[test]
#[ignore = "needs the network"]
fn a_login_page_is_no_index() {
    if !has_uv() {
        return;
    }
    let address = server(Some(LOGIN));
    let words = "the package index has no flask 1.0, which was released: it may be a login page";
    unconfirmed(&list(&address), &["solve"], words);
}

#[test]
#[ignore = "needs the network"]
fn a_login_that_is_asked_for_is_said() {
    if !has_uv() {
        return;
    }
    let address = server(Some(UNAUTHORIZED));
    let words = format!("the package index {address} wants a login");
    unconfirmed(&list(&address), &["solve"], &words);
}

#[test]
#[ignore = "needs the network"]
fn an_index_that_hangs_is_given_up() {
    let address = server(None);
    let start = Instant::now();
    if has_uv() {
        let arguments = ["solve", "--timeout", "3"];
        unconfirmed(
            &list(&address),
            &arguments,
            "there was no answer within 3 seconds",
        );
    }
    if has_pip() {
        let arguments = ["solve", "--timeout", "5", "--with", "pip"];
        unconfirmed(
            &list(&address),
            &arguments,
            "there was no answer within 5 seconds",
        );
    }
    assert!(start.elapsed() < Duration::from_mins(1));
}

#[test]
#[ignore = "needs the network"]
fn an_index_that_is_away_is_said() {
    // A port that was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    if has_uv() {
        let words = format!("the package index {address} cannot be reached");
        unconfirmed(&list(&address), &["solve"], &words);
        let arguments = ["minimise", "--online", "--write"];
        refused(&list(&address), &arguments, &words);
    }
}

#[cfg(unix)]
#[test]
#[ignore = "needs the network"]
fn ctrl_c_leaves_nothing_behind() {
    use std::process::{Command, Stdio};

    if !has_uv() {
        return;
    }
    let scratch = list(&server(None));
    let temporary = tempfile::tempdir().unwrap();
    let mut program = scratch.program(&["solve", "--write"]);
    program.env("TMPDIR", temporary.path());
    let child = program.stderr(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_secs(3));
    let kill = ["-s", "INT", &child.id().to_string()];
    assert!(Command::new("kill").args(kill).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("stopped: nothing was written"), "{err}");
    assert_eq!(temporary.path().read_dir().unwrap().count(), 0);
}
