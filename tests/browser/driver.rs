//! A browser on a lead: Chromium through `chromedriver`, by as much of its protocol (`WebDriver`) as
//! the tests need.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The protocol's name for the number of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Enter and Escape, as the protocol writes them.
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const ESCAPE: &str = "\u{e00c}";

/// A running browser with one page.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: TempDir,
}

impl Browser {
    /// Starts a browser whose window is `width` wide.
    pub(crate) fn start(width: u32, dark: bool) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is needed: apt-get install chromium chromium-driver");
        let port = port(&mut driver);
        let profile = TempDir::new().unwrap();
        let mut browser = Self {
            driver,
            port,
            session: String::new(),
            profile,
        };
        browser.session = browser.open_session();
        browser.cdp(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}),
        );
        let scheme = if dark { "dark" } else { "light" };
        browser.cdp(
            "Emulation.setEmulatedMedia",
            &json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
        browser
    }

    fn open_session(&self) -> String {
        let profile = self.profile.path().display();
        let arguments = [
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            format!("--user-data-dir={profile}"),
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let opened = self.ask("POST", "/session", Some(&wanted));
        opened["sessionId"].as_str().unwrap().to_owned()
    }

    /// Shows a file, with what comes behind `#` in its address.
    pub(crate) fn show(&self, file: &Path, fragment: &str) {
        let address = format!("file://{}{fragment}", file.display());
        self.of_session("POST", "url", Some(&json!({"url": address})));
    }

    /// What a script on the page returns.
    pub(crate) fn eval(&self, script: &str) -> Value {
        let body = json!({"script": script, "args": []});
        self.of_session("POST", "execute/sync", Some(&body))
    }

    /// The text of the first element that a selector finds, as it is seen.
    pub(crate) fn text(&self, selector: &str) -> String {
        let element = self.element(selector);
        let text = self.of_session("GET", &format!("element/{element}/text"), None);
        text.as_str().unwrap().to_owned()
    }

    /// Clicks on the first element that a selector finds, as a mouse does: it has to be there,
    /// seen, and not below another one.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        let path = format!("element/{element}/click");
        self.of_session("POST", &path, Some(&json!({})));
    }

    /// Types into the first element that a selector finds.
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        let path = format!("element/{element}/value");
        self.of_session("POST", &path, Some(&json!({"text": text})));
    }

    /// What the browser has to complain about: errors, warnings, what the page's policy kept back.
    pub(crate) fn complaints(&self) -> Value {
        self.of_session("POST", "se/log", Some(&json!({"type": "browser"})))
    }

    /// Asks the browser itself.
    pub(crate) fn cdp(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.of_session("POST", "goog/cdp/execute", Some(&body))
    }

    fn element(&self, selector: &str) -> String {
        let wanted = json!({"using": "css selector", "value": selector});
        let found = self.of_session("POST", "element", Some(&wanted));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    fn of_session(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.ask(method, &format!("/session/{}/{path}", self.session), body)
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let body = body.map(Value::to_string).unwrap_or_default();
        let answer = self.try_ask(method, path, &body).unwrap();
        let value = &answer["value"];
        assert!(value["error"].is_null(), "{method} {path} {body}: {value}");
        value.clone()
    }

    fn try_ask(&self, method: &str, path: &str, body: &str) -> io::Result<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        read_answer(stream)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Without that the browser would outlive its driver.
        if !self.session.is_empty() {
            let _ = self.try_ask("DELETE", &format!("/session/{}", self.session), "");
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The port that the driver listens on, as it says itself.
fn port(driver: &mut Child) -> u16 {
    let output = BufReader::new(driver.stdout.take().unwrap());
    for line in output.lines().map_while(Result::ok) {
        if let Some((_, port)) = line.rsplit_once("successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
    panic!("chromedriver did not start");
}

fn read_answer(stream: TcpStream) -> io::Result<Value> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}
