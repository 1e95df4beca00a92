//! `dashlift users` against a small Keycloak that fails.

use std::time::Duration;

use dashlift::network::{Address, Client, Limits, SecretString, Trust};
use dashlift::users::{
    AccountStep, AccountVerdict, Administrator, FirstPassword, Keycloak, NewPasswords, Person,
    Realm, apply, plan, read,
};

use super::fake::{Asked, Fake};
use super::keycloak::{Fault, PASSWORD, State, User, start};

const LIST: &str = "\
username,email,roles,groups,provider,provider_id
Ana,ana@example.com,licensed_user;viewer,analysts,corp,c-1
bob,,licensed_user,,,
already,already@example.com,viewer,,,
dan,dana@example.com,,,,
kept,,licensed_user,,,
";

struct Nobody;

impl NewPasswords for Nobody {
    fn make(&mut self, _: &str) -> Result<SecretString, String> {
        Err("nobody makes passwords here".to_owned())
    }
}

fn before() -> Vec<User> {
    let named = |name: &str, email: Option<&str>| User {
        username: name.to_owned(),
        email: email.map(str::to_owned),
        ..User::default()
    };
    let mut already = named("already", Some("already@example.com"));
    already.roles = vec!["admin".to_owned(), "app-admin".to_owned()];
    let mut kept = named("kept", None);
    kept.directory = Some("ldap".to_owned());
    vec![already, kept, named("dana", Some("dana@example.com"))]
}

fn keycloak(fake: &Fake, password: &str) -> Keycloak {
    let address = Address::parse(&format!("{}/auth", fake.url())).unwrap();
    let limits = Limits {
        time: Duration::from_secs(20),
        attempts: 2,
        ..Limits::default()
    };
    let client = Client::new(address, &Trust::default(), limits).unwrap();
    let administrator = Administrator {
        user: "admin".to_owned(),
        password: SecretString::from(password.to_owned()),
    };
    Keycloak::new(client.waiting(Box::new(|_| ())), administrator)
}

/// Everybody once: what was left to decide, or why it stopped.
fn run(fake: &Fake, people: &[Person]) -> Result<Vec<String>, String> {
    run_with(fake, people, FirstPassword::None, &mut Nobody)
}

fn run_with(
    fake: &Fake,
    people: &[Person],
    first: FirstPassword,
    passwords: &mut dyn NewPasswords,
) -> Result<Vec<String>, String> {
    let keycloak = keycloak(fake, PASSWORD);
    let said = |fault: dashlift::users::KeycloakError| fault.to_string();
    let realm = Realm::read(&keycloak, people).map_err(said)?;
    let mut conflicts = Vec::new();
    for person in people {
        match apply(&keycloak, &realm, person, first, passwords) {
            Ok(applied) => conflicts.extend(applied.conflict),
            Err(fault) => return Err(said(fault)),
        }
    }
    Ok(conflicts)
}

fn sorted(state: &State) -> Vec<User> {
    let mut users = state.users.clone();
    for user in &mut users {
        user.roles.sort();
    }
    users.sort_by(|one, other| one.username.cmp(&other.username));
    users
}

#[test]
fn a_second_run_finds_nothing_to_do() {
    let people = read(LIST.as_bytes()).unwrap();
    let (fake, state) = start(before(), Box::new(|_, _| None));
    let looking = keycloak(&fake, PASSWORD);
    let realm = Realm::read(&looking, &people).unwrap();
    let ana = plan(&looking, &realm, &people[0]).unwrap();
    let AccountVerdict::Steps(steps) = ana.verdict else {
        panic!("{ana:?}");
    };
    assert_eq!(steps[0], AccountStep::Create);
    assert_eq!(steps.len(), 5);
    assert_eq!(realm.seats(&looking), Ok(0));
    assert_eq!(state.lock().unwrap().writes, 0);

    let conflicts = run(&fake, &people).unwrap();
    assert_eq!(conflicts.len(), 2, "{conflicts:?}");
    assert!(conflicts[0].contains("taken by dana"), "{conflicts:?}");
    assert!(conflicts[1].contains("a directory keeps"), "{conflicts:?}");
    let writes = state.lock().unwrap().writes;
    assert_eq!(writes, 7);
    assert_eq!(run(&fake, &people), Ok(conflicts));
    let state = state.lock().unwrap();
    assert_eq!(state.writes, writes);
    let users = sorted(&state);
    let names: Vec<&str> = users.iter().map(|user| user.username.as_str()).collect();
    assert_eq!(names, ["already", "ana", "bob", "dana", "kept"]);
    assert_eq!(users[0].roles, ["admin", "app-admin", "viewer"]);
    assert_eq!(users[1].links, [("corp".to_owned(), "c-1".to_owned())]);
    assert_eq!(users[4].roles, [""; 0]);
}

/// One password for everybody, counted.
struct Same(usize);

impl NewPasswords for Same {
    fn make(&mut self, _: &str) -> Result<SecretString, String> {
        self.0 += 1;
        Ok(SecretString::from("canary-of-a-first-password".to_owned()))
    }
}

#[test]
fn whoever_is_new_gets_a_mail_or_a_password_once() {
    let people = read(LIST.as_bytes()).unwrap();
    let (fake, state) = start(before(), Box::new(|_, _| None));
    run_with(&fake, &people, FirstPassword::Invite, &mut Nobody).unwrap();
    run_with(&fake, &people, FirstPassword::Invite, &mut Nobody).unwrap();
    let users = sorted(&state.lock().unwrap());
    let invited: Vec<(&str, usize, usize)> = users
        .iter()
        .map(|user| (user.username.as_str(), user.invited, user.actions.len()))
        .collect();
    let one_mail = [
        ("already", 0, 0),
        ("ana", 1, 1),
        ("bob", 1, 1),
        ("dana", 0, 0),
        ("kept", 0, 0),
    ];
    assert_eq!(invited, one_mail);

    let (fake, state) = start(before(), Box::new(|_, _| None));
    let mut passwords = Same(0);
    run_with(&fake, &people, FirstPassword::Random, &mut passwords).unwrap();
    run_with(&fake, &people, FirstPassword::Random, &mut passwords).unwrap();
    let users = sorted(&state.lock().unwrap());
    let with: Vec<&str> = users
        .iter()
        .filter(|user| user.password.is_some())
        .map(|user| user.username.as_str())
        .collect();
    assert_eq!((with, passwords.0), (vec!["ana", "bob"], 2));
}

/// A small generator: the same sequences on every machine.
fn drawn(seed: u64, number: usize) -> u64 {
    let mut x = seed ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[test]
fn two_hundred_sequences_of_faults_end_alike() {
    let people = read(LIST.as_bytes()).unwrap();
    let (fake, state) = start(before(), Box::new(|_, _| None));
    run(&fake, &people).unwrap();
    let wanted = sorted(&state.lock().unwrap());
    let mut stopped = 0;
    for seed in 0..200 {
        let faults = move |number: usize, _: &_| match drawn(seed, number) % 16 {
            0 => Some(Fault::Status(503)),
            1 => Some(Fault::Status(500)),
            2 => Some(Fault::Lost),
            3 => Some(Fault::Half),
            4 => Some(Fault::Expired),
            _ => None,
        };
        let (fake, state) = start(before(), Box::new(faults));
        let mut runs = 0;
        while let Err(sentence) = run(&fake, &people) {
            runs += 1;
            assert!(!sentence.contains("canary"), "{sentence}");
            assert!(runs < 60, "seed {seed}: {sentence}");
        }
        stopped += runs;
        let state = state.lock().unwrap();
        assert_eq!(sorted(&state), wanted, "seed {seed}");
        assert_eq!(state.writes, 7, "seed {seed}");
    }
    assert!(stopped > 100, "{stopped} runs were stopped");
}

#[test]
fn what_cannot_be_begun_gets_a_sentence() {
    let people = read(LIST.as_bytes()).unwrap();
    let (fake, _) = start(before(), Box::new(|_, _| None));
    let refused = |keycloak: &Keycloak, people: &[Person]| {
        Realm::read(keycloak, people).unwrap_err().to_string()
    };
    let wrong = refused(&keycloak(&fake, "wrong"), &people);
    assert!(wrong.contains("Invalid user credentials"), "{wrong}");
    let odd = read(b"username,roles,groups,provider,provider_id\nana,pilot,nowhere,elsewhere,1\n");
    let lacking = refused(&keycloak(&fake, PASSWORD), &odd.unwrap());
    for what in [
        "role `pilot` (line 2)",
        "group `nowhere`",
        "provider `elsewhere`",
    ] {
        assert!(lacking.contains(what), "{lacking}");
    }
    for (lacking, said) in [
        ("/realms/dash", "no realm `dash`"),
        ("/clients?", "no client `dash`"),
    ] {
        let away = move |_: usize, asked: &Asked| {
            let is_it = asked.path.ends_with(lacking) || asked.path.contains(lacking);
            let status = if lacking == "/clients?" {
                Fault::Nobody
            } else {
                Fault::Status(404)
            };
            (is_it && !asked.path.contains("/token")).then_some(status)
        };
        let (fake, _) = start(before(), Box::new(away));
        let refused = refused(&keycloak(&fake, PASSWORD), &people);
        assert!(refused.contains(said), "{refused}");
    }
    let (fake, _) = start(before(), Box::new(|_, _| Some(Fault::Status(404))));
    let none = refused(&keycloak(&fake, PASSWORD), &people);
    assert!(none.contains("there is no Keycloak at"), "{none}");
    let (fake, _) = start(
        before(),
        Box::new(|_, asked| (!asked.path.contains("/token")).then_some(Fault::Status(403))),
    );
    let forbidden = refused(&keycloak(&fake, PASSWORD), &people);
    assert!(
        forbidden.contains("may not look at the realm"),
        "{forbidden}"
    );
}
