//! The door to the network: time, size, repetition, redirects, certificates, and what it never says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dashlift::network::{
    Address, Client, Credentials, HttpAnswer, HttpRequest, Limits, Method, NetworkError, Repeat,
    SecretString, Trust, TrustError,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::fake::{Asked, Fake, Reply};

const KEY: &str = "canary-key-5566";

fn limits() -> Limits {
    Limits {
        time: Duration::from_secs(2),
        bytes: 1000,
        attempts: 3,
        pause: Duration::from_secs(30),
    }
}

/// A client, and the pauses that it made.
fn client(url: &str, trust: &Trust, limits: Limits) -> (Client, Arc<Mutex<Vec<Duration>>>) {
    let address = Address::parse(url).unwrap();
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let seen = pauses.clone();
    let client = Client::new(address, trust, limits).unwrap();
    let client = client.waiting(Box::new(move |time| seen.lock().unwrap().push(time)));
    (client, pauses)
}

fn credentials() -> Credentials {
    Credentials::Basic {
        user: "ana".to_owned(),
        key: SecretString::from(KEY),
    }
}

fn ask(client: &Client, repeat: Repeat) -> Result<HttpAnswer, NetworkError> {
    client.send(&HttpRequest {
        method: Method::Post,
        path: "/ask",
        credentials: Some(&credentials()),
        body: Some(("application/json", b"{}")),
        repeat,
    })
}

fn asked(fake: &Fake, repeat: Repeat) -> (Result<HttpAnswer, NetworkError>, Vec<Duration>) {
    let (client, pauses) = client(&fake.url(), &Trust::default(), limits());
    let answer = ask(&client, repeat);
    let pauses = pauses.lock().unwrap().clone();
    assert_eq!(client.sent(), fake.asked().len());
    for shown in [format!("{client:?}"), format!("{:?}", credentials())] {
        assert!(!shown.contains(KEY), "{shown}");
    }
    if let Err(error) = &answer {
        assert!(!format!("{error} {error:?}").contains(KEY), "{error}");
    }
    (answer, pauses)
}

/// The first answers, then `last` for ever.
fn in_turn(first: Vec<Reply>, last: Reply) -> impl Fn(&Asked) -> Reply + Send + Sync + 'static {
    let count = AtomicUsize::new(0);
    move |_| {
        let at = count.fetch_add(1, Ordering::SeqCst);
        first.get(at).unwrap_or(&last).clone()
    }
}

#[test]
fn a_question_reaches_the_server_with_its_key() {
    let fake = Fake::start(|_| Reply::json("{\"a\":1}"));
    let (answer, pauses) = asked(&fake, Repeat::Always);
    let answer = answer.unwrap();
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (200, &b"{\"a\":1}"[..])
    );
    assert_eq!(answer.media_type, "application/json");
    assert!(pauses.is_empty());
    let seen = fake.asked().remove(0);
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/ask"));
    assert_eq!(seen.body, "{}");
    let basic = seen.header("authorization").unwrap();
    assert_eq!(basic, "Basic YW5hOmNhbmFyeS1rZXktNTU2Ng==");
    assert!(seen.header("user-agent").unwrap().starts_with("dashlift/"));
}

#[test]
fn what_passes_is_asked_again() {
    let busy = Reply::of(429, "text/plain", "").with("Retry-After", "7");
    let fake = Fake::start(in_turn(
        vec![busy, Reply::of(502, "text/html", "<html>")],
        Reply::json("{}"),
    ));
    let (answer, pauses) = asked(&fake, Repeat::Always);
    assert_eq!(answer.unwrap().status, 200);
    assert_eq!(pauses, [Duration::from_secs(7), Duration::from_secs(1)]);
}

#[test]
fn it_is_given_up_at_last() {
    let fake = Fake::start(|_| Reply::of(503, "text/plain", ""));
    let (answer, pauses) = asked(&fake, Repeat::Refused);
    assert_eq!(answer.unwrap().status, 503);
    assert_eq!((pauses.len(), fake.asked().len()), (2, 3));
}

#[test]
fn what_may_have_been_done_is_not_done_twice() {
    for reply in [Reply::of(500, "text/plain", ""), Reply::Closed] {
        let fake = Fake::start(in_turn(vec![reply], Reply::json("{}")));
        let (answer, _) = asked(&fake, Repeat::Refused);
        assert!(answer.is_err() || answer.unwrap().status == 500);
        assert_eq!(fake.asked().len(), 1);
    }
}

#[test]
fn nobody_waits_for_an_hour() {
    let fake = Fake::start(|_| Reply::of(429, "text/plain", "").with("Retry-After", "3600"));
    let (answer, pauses) = asked(&fake, Repeat::Always);
    let said = answer.unwrap_err().to_string();
    assert!(said.contains("3600 seconds (status 429)"), "{said}");
    assert!(pauses.is_empty());
}

#[test]
fn a_redirect_is_not_followed() {
    let other = Fake::start(|_| Reply::json("{}"));
    let to = format!("{}/login", other.url());
    let fake = Fake::start(move |_| Reply::of(302, "text/html", "").with("Location", &to));
    let (answer, _) = asked(&fake, Repeat::Always);
    let answer = answer.unwrap();
    assert_eq!(answer.status, 302);
    assert!(answer.location.unwrap().ends_with("/login"));
    assert_eq!(other.asked().len(), 0);
}

#[test]
fn silence_ends() {
    let fake = Fake::start(|_| Reply::Silence(Duration::from_secs(3)));
    let limits = Limits {
        time: Duration::from_millis(300),
        attempts: 1,
        ..limits()
    };
    let (client, _) = client(&fake.url(), &Trust::default(), limits);
    let error = ask(&client, Repeat::Always).unwrap_err();
    assert!(matches!(error, NetworkError::TimedOut { .. }), "{error:?}");
}

#[test]
fn half_an_answer_is_none() {
    let whole = Reply::json("{\"apps\": [1, 2, 3]}");
    for most in [10, 40, 90] {
        let cut = Reply::Cut(Box::new(whole.clone()), most);
        let fake = Fake::start(in_turn(vec![cut.clone(), cut.clone()], whole.clone()));
        let (answer, _) = asked(&fake, Repeat::Always);
        assert_eq!(answer.unwrap().body, b"{\"apps\": [1, 2, 3]}");
        let fake = Fake::start(in_turn(Vec::new(), cut));
        let (answer, _) = asked(&fake, Repeat::Always);
        assert!(
            matches!(answer, Err(NetworkError::Garbled { .. })),
            "{answer:?}"
        );
    }
}

#[test]
fn an_endless_answer_is_not_read() {
    let fake = Fake::start(|_| Reply::json(vec![b'x'; 100_000]));
    let (answer, _) = asked(&fake, Repeat::Always);
    assert!(
        matches!(answer, Err(NetworkError::TooLarge { limit: 1000, .. })),
        "{answer:?}"
    );
}

#[test]
fn who_is_not_there_is_named() {
    let fake = Fake::start(|_| Reply::Closed);
    let url = fake.url();
    drop(fake);
    let (client, _) = client(&url, &Trust::default(), limits());
    let said = ask(&client, Repeat::Always).unwrap_err().to_string();
    assert!(said.contains("localhost cannot be reached"), "{said}");
}

#[test]
fn a_name_that_nobody_knows_is_named() {
    // A proxy would be asked instead of a name server.
    let proxies = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    if proxies.iter().any(|name| std::env::var_os(name).is_some()) {
        return;
    }
    // The domain is reserved: no name server knows it.
    let (client, pauses) = client("https://dash.invalid", &Trust::default(), limits());
    let said = ask(&client, Repeat::Always).unwrap_err().to_string();
    assert!(said.starts_with("dash.invalid is not known"), "{said}");
    assert_eq!(pauses.lock().unwrap().len(), 2);
}

/// An authority, and a server's certificate that it issued (or one that the server made itself, an
/// authority as Dash Enterprise 4 makes it).
struct Certificates {
    authority: String,
    server: String,
    config: ServerConfig,
}

fn certificates(own: bool) -> Certificates {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut above = CertificateParams::new(Vec::new()).unwrap();
    above.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(above, KeyPair::generate().unwrap()).unwrap();
    let certificate = if own {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.self_signed(&key).unwrap()
    } else {
        params.signed_by(&key, &issuer).unwrap()
    };
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], der)
        .unwrap();
    Certificates {
        authority: issuer.pem(),
        server: certificate.pem(),
        config,
    }
}

fn over_tls(made: &Certificates, trust: &Trust) -> Result<HttpAnswer, NetworkError> {
    let fake = Fake::start_tls(made.config.clone(), |_| Reply::json("{}"));
    let (client, _) = client(&fake.url(), trust, limits());
    let answer = ask(&client, Repeat::Always);
    if answer.is_err() {
        assert_eq!(fake.asked().len(), 0, "the key went to somebody unknown");
    }
    answer
}

#[test]
fn an_authority_that_was_named_is_believed() {
    let made = certificates(false);
    let mut trust = Trust::default();
    trust.add_authorities(made.authority.as_bytes()).unwrap();
    assert_eq!(over_tls(&made, &trust).unwrap().status, 200);
}

#[test]
fn a_stranger_gets_no_key() {
    let made = certificates(false);
    let mut other = Trust::default();
    let foreign = certificates(false).authority;
    other.add_authorities(foreign.as_bytes()).unwrap();
    let error = over_tls(&made, &other).unwrap_err();
    assert!(
        matches!(error, NetworkError::Certificate { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("--ca-cert"));
}

#[test]
fn the_very_certificate_of_a_server_is_believed() {
    let made = certificates(true);
    // As an authority it is refused, even where it is named: it is the server's own.
    let mut authority = Trust::default();
    authority.add_authorities(made.server.as_bytes()).unwrap();
    assert!(over_tls(&made, &authority).is_err());
    let mut own = Trust::default();
    own.set_certificate(made.server.as_bytes()).unwrap();
    assert_eq!(over_tls(&made, &own).unwrap().status, 200);
    let mut other = Trust::default();
    other
        .set_certificate(certificates(true).server.as_bytes())
        .unwrap();
    assert!(over_tls(&made, &other).is_err());
}

#[test]
fn files_that_hold_no_certificate_are_refused() {
    let mut trust = Trust::default();
    let refused = trust.add_authorities(b"nothing");
    assert_eq!(refused, Err(TrustError::NotPem));
    let two = certificates(true).server + &certificates(true).server;
    assert_eq!(
        trust.set_certificate(two.as_bytes()),
        Err(TrustError::Several(2))
    );
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let refused = trust.set_certificate(broken.as_bytes());
    assert!(
        matches!(refused, Err(TrustError::Unusable(_))),
        "{refused:?}"
    );
}
