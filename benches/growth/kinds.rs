//! Apps that repeat one thing `n` times: each kind is what a hostile or a machine-made file would
//! hold most of. At the largest size that is measured a file is just below the limit of 1 MiB.

use std::fmt::Write as _;

/// The files of an app, by path.
pub(crate) type Files = Vec<(String, String)>;

/// A kind of growth.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// How often the thing is there at most.
    pub(crate) most: usize,
    /// The files with `n` of them.
    pub(crate) make: fn(usize) -> Files,
}

/// One file that repeats a line.
macro_rules! kind {
    ($name:literal, $most:literal, $file:literal, $head:literal, |$n:ident| $line:expr) => {
        Kind {
            name: $name,
            most: $most,
            make: |size| {
                let mut text = String::from($head);
                for $n in 0..size {
                    let _ = write!(text, "{}", $line);
                }
                app(vec![($file.to_owned(), text)])
            },
        }
    };
}

pub(crate) const KINDS: &[Kind] = &[
    kind!(
        "one requirement again and again",
        80_000,
        "requirements.txt",
        "",
        |_n| "dash==2.9.3\n"
    ),
    kind!(
        "a frozen list",
        40_000,
        "requirements.txt",
        "",
        |n| format!("package-{n}=={n}.0\n")
    ),
    kind!(
        "pins that do not start",
        20_000,
        "requirements.txt",
        "",
        |_n| "Jinja2==2.10\n"
    ),
    kind!(
        "requirements that break rules",
        40_000,
        "requirements.txt",
        "",
        |n| format!("pywin32=={n}\ndash=={n}\n")
    ),
    kind!(
        "lines that are no requirements",
        40_000,
        "requirements.txt",
        "",
        |n| format!("what is {n} ???\n")
    ),
    kind!(
        "index lines",
        20_000,
        "requirements.txt",
        "dash\n",
        |n| format!("--extra-index-url https://example.com/{n}/simple\n")
    ),
    kind!(
        "file URLs",
        20_000,
        "requirements.txt",
        "dash\n",
        |n| format!("file:///srv/wheels/p{n}-1.0.zip\n")
    ),
    kind!(
        "`# via` comments",
        20_000,
        "requirements.txt",
        "dash\n",
        |n| format!("p{n}==1.0\n    # via\n    #   q{n}\n    #   dash\n")
    ),
    kind!(
        "hashes of one requirement",
        10_000,
        "requirements.txt",
        "dash==2.9.3",
        |n| format!(" \\\n    --hash=sha256:{n:064}")
    ),
    kind!(
        "marker parts",
        30_000,
        "requirements.txt",
        "dash ; os_name == 'a'",
        |n| format!(" or 'a{n}' in os_name")
    ),
    kind!(
        "Procfile lines",
        30_000,
        "Procfile",
        "web: gunicorn app:server\n",
        |n| format!("p{n}: python worker.py\n")
    ),
    kind!(
        "Procfile lines of one name",
        30_000,
        "Procfile",
        "",
        |_n| "web: gunicorn app:server\n"
    ),
    kind!(
        "shell lines",
        30_000,
        "predeploy.sh",
        "#!/bin/bash\n",
        |n| format!("pip install package-{n}\n")
    ),
    kind!(
        "shell calls in one line",
        30_000,
        "predeploy.sh",
        "#!/bin/bash\n",
        |n| format!("python a{n}.py && ")
    ),
    kind!("apt packages", 40_000, "apt-packages", "", |n| format!(
        "lib{n}-dev\n"
    )),
    kind!(
        "conda lines",
        30_000,
        "conda-requirements.txt",
        "",
        |n| format!("package-{n}={n}.0=py37_0\n")
    ),
    kind!(
        "conda environment",
        30_000,
        "environment.yml",
        "name: x\ndependencies:\n",
        |n| format!("  - package-{n}={n}.0\n")
    ),
    kind!("buildpacks", 20_000, ".buildpacks", "", |n| format!(
        "https://example.com/b{n}.git\n"
    )),
    kind!(
        "variables of app.json",
        20_000,
        "app.json",
        "{\"env\": {\"A\": \"1\"",
        |n| format!(", \"V{n}\": \"{n}\"")
    ),
    kind!(
        "variables of project.toml",
        8_000,
        "project.toml",
        "",
        |n| format!("[[build.env]]\nname = \"V{n}\"\nvalue = \"{n}\"\n")
    ),
    kind!("calls on one line", 40_000, "app.py", "", |n| format!(
        "open('/mount/{n}'); "
    )),
    kind!("calls, a line each", 40_000, "app.py", "", |n| format!(
        "open('/mount/f{n}', 'w')\n"
    )),
    kind!(
        "run_server",
        40_000,
        "app.py",
        "import dash\napp = dash.Dash()\n",
        |_n| "app.run_server()\n"
    ),
    kind!(
        "joins `v += '/a'`",
        80_000,
        "app.py",
        "v = '/mount'\n",
        |_n| "v += '/a'\n"
    ),
    kind!(
        "joins `v = v + '/a'`",
        60_000,
        "app.py",
        "v = '/mount'\n",
        |_n| "v = v + '/a'\n"
    ),
    kind!(
        "one expression of sums",
        80_000,
        "app.py",
        "v = '/mount'",
        |_n| " + '/a'"
    ),
    kind!(
        "names from names",
        60_000,
        "app.py",
        "v0 = '/mount'\n",
        |n| format!("v{} = v{n}\n", n + 1)
    ),
    kind!("legacy imports", 30_000, "app.py", "", |n| format!(
        "import dash_core_components as d{n}\n"
    )),
    kind!(
        "legacy imports on one line",
        30_000,
        "app.py",
        "import os",
        |_n| ", dash_html_components"
    ),
    kind!(
        "ignore directives",
        30_000,
        "app.py",
        "",
        |_n| "x = 1  # dashlift: ignore[DL301]\n"
    ),
    kind!(
        "ignore directives that keep back",
        20_000,
        "app.py",
        "",
        |_n| { "import dash_table  # dashlift: ignore[DL301]\n" }
    ),
    kind!("functions", 30_000, "app.py", "", |n| format!(
        "def f{n}(a):\n    return a\n"
    )),
    kind!(
        "functions that call",
        20_000,
        "app.py",
        "def f0(a): open(a)\n",
        |n| format!("def f{}(a): f{n}(a)\n", n + 1)
    ),
    kind!(
        "variables of the environment",
        20_000,
        "app.py",
        "import os\n",
        |n| format!("os.environ['V{n}']\n")
    ),
    kind!("addresses", 20_000, "app.py", "", |n| format!(
        "u = 'https://dash.example.com/a{n}'\n"
    )),
    kind!(
        "services",
        20_000,
        "app.py",
        "import redis\nimport os\n",
        |_n| { "redis.from_url(os.environ['REDIS_URL'])\n" }
    ),
    kind!(
        "METADATA of a committed environment",
        30_000,
        "x.dist-info/METADATA",
        "Name: x\nVersion: 1\n",
        |n| { format!("Requires-Dist: package-{n}\n") }
    ),
    kind!(
        "packages of a lock file",
        15_000,
        "poetry.lock",
        "",
        |n| format!("[[package]]\nname = \"p{n}\"\nversion = \"1.0\"\n")
    ),
    Kind {
        name: "cells of a notebook",
        most: 8_000,
        make: make_notebook,
    },
    Kind {
        name: "`.py` files in a folder",
        most: 4_000,
        make: make_modules,
    },
    Kind {
        name: "small files in a folder",
        most: 100_000,
        make: make_small,
    },
    Kind {
        name: "virtual environments",
        most: 4_000,
        make: make_environments,
    },
    Kind {
        name: "apps of a monorepo",
        most: 2_000,
        make: make_apps,
    },
];

/// The smallest app, but for the files that are given.
fn app(mut files: Files) -> Files {
    let usual = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("app.py", "import dash\n"),
        ("requirements.txt", "dash==2.9.3\ngunicorn==20.1.0\n"),
    ];
    for (path, text) in usual {
        if !files.iter().any(|(known, _)| known == path) {
            files.push((path.to_owned(), text.to_owned()));
        }
    }
    if let Some((_, json)) = files.iter_mut().find(|(path, _)| path == "app.json") {
        json.push_str("}}");
    }
    files
}

fn make_notebook(size: usize) -> Files {
    let cell = |n: usize| {
        format!(
            "{{\"cell_type\": \"code\", \"source\": [\"import dash_table\\n\", \"open('/mount/{n}')\"]}}"
        )
    };
    let cells: Vec<String> = (0..size).map(cell).collect();
    let text = format!("{{\"cells\": [{}], \"nbformat\": 4}}", cells.join(", "));
    app(vec![("a.ipynb".to_owned(), text)])
}

fn make_modules(size: usize) -> Files {
    let module = |n: usize| {
        let text = format!("import m{}\nimport dash_table\nopen('/mount/{n}')\n", n + 1);
        (format!("m{n}.py"), text)
    };
    app((0..size).map(module).collect())
}

fn make_small(size: usize) -> Files {
    app((0..size)
        .map(|n| (format!("data/f{n}.csv"), String::new()))
        .collect())
}

fn make_environments(size: usize) -> Files {
    app((0..size)
        .map(|n| (format!("e{n}/pyvenv.cfg"), String::new()))
        .collect())
}

fn make_apps(size: usize) -> Files {
    let one = |n: usize| {
        app(Vec::new())
            .into_iter()
            .map(move |(path, text)| (format!("apps/a{n}/{path}"), text))
    };
    (0..size).flat_map(one).collect()
}
