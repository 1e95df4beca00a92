//! What a look-up in the snapshot costs: `cargo bench --bench snapshot`. For each distribution it
//! asks for its releases, and for what its newest release needs, and prints the time of one look-up.
#![allow(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

use std::time::{Duration, Instant};

use dashlift::packages::snapshot;

/// Distributions of a usual list, and three that no snapshot has.
const NAMES: &[&str] = &[
    "dash",
    "plotly",
    "pandas",
    "numpy",
    "scipy",
    "scikit-learn",
    "flask",
    "werkzeug",
    "jinja2",
    "gunicorn",
    "requests",
    "urllib3",
    "sqlalchemy",
    "psycopg2-binary",
    "redis",
    "celery",
    "boto3",
    "botocore",
    "openpyxl",
    "dash-bootstrap-components",
    "click",
    "certifi",
    "idna",
    "six",
    "pytz",
    "markupsafe",
    "itsdangerous",
    "python-dateutil",
    "typing-extensions",
    "packaging",
    "no-such-distribution",
    "a-private-one",
    "zzz",
];

const ROUNDS: u32 = 200;

fn main() {
    let versions: Vec<_> = NAMES
        .iter()
        .filter_map(|name| {
            Some((
                *name,
                snapshot::find(name)?.releases().last()?.version.clone(),
            ))
        })
        .collect();
    report("releases of a distribution", NAMES.len(), || {
        for name in NAMES {
            std::hint::black_box(snapshot::find(name));
        }
    });
    report("what a release needs", versions.len(), || {
        for (name, version) in &versions {
            std::hint::black_box(snapshot::needs(name, version));
        }
    });
}

/// Prints the median time of one of the look-ups that `all` makes.
fn report(what: &str, count: usize, all: impl Fn()) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            all();
            start.elapsed()
        })
        .collect();
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let each = median / u32::try_from(count).unwrap_or(1);
    println!("{what}: {} ns", each.as_nanos());
}
