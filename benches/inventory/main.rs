//! `dashlift inventory` of servers of several sizes: requests, bytes and memory for each app. The
//! server is a fake on this machine that answers at once, so the time is dashlift's own.
//!
//! `cargo bench --bench inventory`
#![allow(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const DASHLIFT: &str = env!("CARGO_BIN_EXE_dashlift");
const SIZES: [usize; 3] = [100, 1_000, 10_000];
const PAGE: usize = 20;
/// As many packages as a large app has.
const PINS: usize = 120;

#[derive(Default)]
struct Traffic {
    requests: AtomicU64,
    bytes: AtomicU64,
}

fn main() -> io::Result<()> {
    println!("| apps | requests | requests per app | KiB per app | seconds | peak memory |");
    println!("|---:|---:|---:|---:|---:|---:|");
    for size in SIZES {
        measure(size)?;
    }
    Ok(())
}

fn measure(apps: usize) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let traffic = Arc::new(Traffic::default());
    let counted = traffic.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let traffic = counted.clone();
            thread::spawn(move || serve(&stream, apps, &traffic));
        }
    });
    let folder = tempfile::tempdir()?;
    let start = Instant::now();
    let mut child = Command::new(DASHLIFT)
        .args([
            "inventory",
            "-q",
            "--output",
            "inventory.json",
            "--de4-host",
        ])
        .arg(format!("http://127.0.0.1:{port}"))
        .current_dir(folder.path())
        .env("DASHLIFT_DE4_USER", "ana")
        .env("DASHLIFT_DE4_KEY", "key")
        .stdin(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0_u32;
    let ended = loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let mark = mark.and_then(|mark| mark.trim().strip_suffix(" kB")?.trim().parse().ok());
        peak = peak.max(mark.unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let seconds = start.elapsed().as_secs_f64();
    if !ended.success() {
        return Err(io::Error::other(format!("it ended with {ended}")));
    }
    let of = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let each = of(u64::try_from(apps).unwrap_or(u64::MAX));
    let requests = of(traffic.requests.load(Ordering::Relaxed));
    let bytes = of(traffic.bytes.load(Ordering::Relaxed));
    println!(
        "| {apps} | {requests} | {:.2} | {:.1} | {seconds:.1} | {:.0} MiB |",
        requests / each,
        bytes / each / 1024.0,
        f64::from(peak) / 1024.0
    );
    Ok(())
}

/// Answers what comes over one connection, until it is closed.
fn serve(stream: &TcpStream, apps: usize, traffic: &Traffic) {
    let mut reader = BufReader::new(stream);
    while let Some(body) = read(&mut reader) {
        let answer = answer(&body, apps).to_string();
        traffic.requests.fetch_add(1, Ordering::Relaxed);
        let size = u64::try_from(answer.len() + body.len()).unwrap_or(0);
        traffic.bytes.fetch_add(size, Ordering::Relaxed);
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        let mut stream = stream;
        if stream.write_all((head + &answer).as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

fn answer(body: &str, apps: usize) -> Value {
    let question: Value = serde_json::from_str(body).unwrap_or_default();
    let query = question["query"].as_str().unwrap_or_default();
    let variables = &question["variables"];
    let data = if query.starts_with("query Counts") {
        json!({"current": {"username": "ana", "isAdmin": true}, "appsCount": [{"count": apps}]})
    } else if query.starts_with("query Page") {
        let page = usize::try_from(variables["page"].as_u64().unwrap_or(0)).unwrap_or(0);
        let here = (page * PAGE..apps.min((page + 1) * PAGE)).map(app);
        let next = ((page + 1) * PAGE < apps).then_some(page + 1);
        json!({"apps": {"apps": here.collect::<Vec<Value>>(), "nextPage": next}})
    } else {
        json!({"apps": {"apps": [{"name": variables["name"], "analytics": analytics()}]}})
    };
    json!({ "data": data })
}

fn app(number: usize) -> Value {
    json!({
        "name": format!("app-{number}"),
        "owner": {"username": format!("user-{}", number % 50)},
        "urlOnServer": format!("https://dash.example.com/app-{number}/"),
        "metadata": {"title": format!("The app of number {number}"), "permissionLevel": "restricted"},
        "hasWorkspace": false,
        "collaborators": {"users": ["vera", "otto", "mia"], "teams": ["finance"]},
        "mounts": [{"hostDir": format!("/srv/data-{}", number % 90), "targetDir": "/data"}],
        "processes": [{"type": "web", "number": 2}, {"type": "worker", "number": 1}],
        "environmentVariables": (0..12).map(|at| json!({"name": format!("VARIABLE_{at}"), "readonly": at > 5})).collect::<Vec<Value>>(),
        "linkedServices": [{"name": format!("app-{number}"), "serviceType": "redis"}],
        "status": {"running": true}
    })
}

fn analytics() -> Value {
    let mut pins = String::new();
    for number in 0..PINS {
        let _ = writeln!(pins, "some-distribution-{number}==1.{number}.0");
    }
    json!({
        "timestamps": {"created": "2019-07-25T10:48:56.601909", "updated": null,
            "visited": "2026-07-25T10:48:56.601909", "error": null},
        "gitRevision": {"sha1": "5a0edc4b4c4a4b0a3f1f7a8b2c6d9e0f1a2b3c4d", "error": null},
        "dependencies": {"python": pins, "error": null}
    })
}
