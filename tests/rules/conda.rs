//! Tests of conda.

mod lone;

use crate::harness::{Case, app};

const RUNTIME: (&str, &str) = ("conda-runtime.txt", "Miniconda3-4.5.12\n");
const PROCFILE: (&str, &str) = ("Procfile", "web: gunicorn app:server\n");

fn conda<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Case {
    let common = [RUNTIME, PROCFILE];
    app(common.into_iter().chain(files)).rule("DL104")
}

#[test]
fn everything_moves_into_one_environment() {
    let case = conda([
        (
            "conda-requirements.txt",
            "# data\nnumpy=1.16\npandas >=0.24,<1 # tables\nconda-forge::geopandas\n\ndash~=1.4.2\n",
        ),
        (".condarc", "channels:\n  - conda-forge\n  - defaults\n"),
        (
            "requirements.txt",
            "# web\n--extra-index-url https://dash.example.com/Docs/packages\ndash-daq==0.1 \\\n    --hash=sha256:00 # pinned\n-r more.txt\n-e .\n",
        ),
        ("more.txt", "gunicorn\n"),
    ]);
    assert_eq!(
        case.check(),
        [
            "conda-requirements.txt:1:1: DL104 Dash Enterprise 5 does not read conda-requirements.txt: conda builds from environment.yml there"
        ]
    );
    let after = case.fix();
    assert_eq!(after.paths(), ["Procfile", "environment.yml", "more.txt"]);
    assert_eq!(
        after.text("environment.yml"),
        "\
channels:
  - conda-forge
  - defaults
dependencies:
  - python=3.7 # Miniconda3-4.5.12 of Dash Enterprise 4
  # data
  - numpy==1.16
  - pandas >=0.24,<1 # tables
  - conda-forge::geopandas
  - dash>=1.4.2,1.4.*
  - nomkl # Dash Enterprise 4 pinned it: NumPy without MKL
  - pip
  - pip:
      # web
      - --extra-index-url https://dash.example.com/Docs/packages
      - dash-daq==0.1 --hash=sha256:00 # pinned
      - -r more.txt
      - -e .
"
    );
    assert_eq!(after.open, [""; 0]);
    assert_eq!(after.steps, [""; 0]);
}

#[test]
fn without_a_configuration_the_channel_is_defaults() {
    let after = conda([(
        "conda-requirements.txt",
        "python=3.6\r\nnumpy\r\npip=19\r\nnomkl",
    )])
    .fix();
    assert_eq!(
        after.text("environment.yml"),
        "channels:\n  - defaults\ndependencies:\n  - python=3.6\n  - numpy\n  - pip==19\n  - nomkl\n"
    );
}

#[test]
fn python_is_said_and_capped_as_on_dash_enterprise_4() {
    for (list, runtime, python) in [
        (
            "numpy",
            "Miniconda3-4.5.4",
            "python=3.6 # Miniconda3-4.5.4 of Dash Enterprise 4",
        ),
        (
            "python",
            "Miniconda3-py38_4.9.2",
            "python=3.7 # Miniconda3-py38_4.9.2 of Dash Enterprise 4",
        ),
        (
            "numpy\npython>=3.6",
            "Miniconda3-4.5.12",
            "python>=3.6,<3.8",
        ),
        ("python=3", "Miniconda3-4.5.12", "python>=3,<3.8"),
        ("python != 3.5", "Miniconda3-4.5.12", "python!=3.5,<3.8"),
        (
            "python >=3.5,<3.7",
            "Miniconda3-4.5.12",
            "python >=3.5,<3.7",
        ),
        ("python=3.7.6", "Miniconda3-latest", "python==3.7.6"),
        ("python=3.5.2=0", "Miniconda3-4.5.12", "python==3.5.2"),
    ] {
        let case = app([
            PROCFILE,
            ("conda-requirements.txt", list),
            ("conda-runtime.txt", runtime),
        ]);
        let after = case.rule("DL104").fix();
        let first = after.text("environment.yml").lines().nth(3).unwrap();
        assert_eq!(first, format!("  - {python}"));
    }
}

#[test]
fn an_installer_that_nobody_wrote_down_needs_consent() {
    let case = app([
        PROCFILE,
        ("conda-requirements.txt", "numpy\n"),
        ("conda-runtime.txt", "Miniconda3-latest\n"),
    ]);
    let case = case.rule("DL104");
    assert_eq!(case.fix().open.len(), 1);
    let after = case.unsafe_fixes().fix();
    assert!(after.text("environment.yml").contains("- python=3.7 #"));
    assert_eq!(
        after.steps,
        [
            "Check the Python in environment.yml: 3.7 is the newest that Dash Enterprise 4 let conda install."
        ]
    );
}

#[test]
fn python_2_is_left_to_a_person() {
    let case = app([
        PROCFILE,
        ("conda-requirements.txt", "numpy\n"),
        ("conda-runtime.txt", "Miniconda2-4.3.30\n"),
    ]);
    assert_eq!(
        case.rule("DL104").fix().open,
        [
            "conda-runtime.txt:1:1: DL104 the installer brings Python 2, which Dash Enterprise 5 does not have"
        ]
    );
    assert_eq!(
        conda([("conda-requirements.txt", "numpy\npython=2.7\n")])
            .fix()
            .open,
        [
            "conda-requirements.txt:2:1: DL104 conda-requirements.txt asks for Python 2, which Dash Enterprise 5 does not have"
        ]
    );
}

#[test]
fn an_export_loses_its_builds_and_pip_gets_its_own() {
    let list = "# This file may be used to create an environment using:\n# $ conda create --name <env> --file <this file>\n# platform: linux-64\nblas=1.0=mkl\nnumpy=1.16.2=py37h7e9f1db_0\npip=19.0=py37_0\npython=3.7.3=h0371630_0\ndash=1.4.1=pypi_0\nplotly=4.0=pypi_0\n";
    let after = conda([
        ("conda-requirements.txt", list),
        ("requirements.txt", "dash==1.4.1 # the same\n"),
    ])
    .fix();
    assert_eq!(
        after.text("environment.yml"),
        "\
channels:
  - defaults
dependencies:
  - python==3.7.3
  - blas==1.0
  - numpy==1.16.2
  - pip
  - pip:
      - plotly==4.0
      - dash==1.4.1 # the same
"
    );
}

#[test]
fn lines_of_pip_go_to_the_pip_list() {
    let list = "numpy\ndash[diskcache]>=2.1\ngit+https://git.example.com/x.git@v1#egg=x\n--extra-index-url https://dash.example.com/packages # ours\n";
    let after = conda([("conda-requirements.txt", list)]).fix();
    assert!(after.text("environment.yml").ends_with(
        "  - pip
  - pip:
      - dash[diskcache]>=2.1
      - git+https://git.example.com/x.git@v1#egg=x
      - --extra-index-url https://dash.example.com/packages # ours
"
    ));
}

#[test]
fn air_gapped_channels_keep_their_addresses() {
    let condarc = "channel_alias: https://user:secret@conda.example.com\nchannels: [internal, defaults]\ndefault_channels:\n  - https://conda.example.com/main\nssl_verify: false\nproxy_servers:\n  https: http://user:secret@proxy.example.com\n";
    let case = conda([("conda-requirements.txt", "numpy\n"), (".condarc", condarc)]);
    let after = case.fix();
    assert!(after.text("environment.yml").starts_with(
        "channels:\n  - https://user:secret@conda.example.com/internal\n  - https://conda.example.com/main\n"
    ));
    assert_eq!(
        after.steps,
        [
            ".condarc also sets `ssl_verify`, `proxy_servers`, which environment.yml cannot say and nothing on Dash Enterprise 5 reads: check with your administrator whether the build needs it."
        ]
    );
    assert!(!format!("{:?}", case.check()).contains("secret"));
}

#[test]
fn a_channel_that_only_the_configuration_explains_is_refused() {
    let condarc = "custom_channels:\n  ours: https://conda.example.com\nchannels:\n  - ours\n";
    let after = conda([("conda-requirements.txt", "numpy\n"), (".condarc", condarc)]).fix();
    assert_eq!(
        after.open,
        [
            ".condarc:4:5: DL104 the channel ours has its address in custom_channels, which environment.yml cannot say"
        ]
    );
}

#[test]
fn exports_of_other_platforms_are_refused() {
    for (list, finding) in [
        (
            "# platform: osx-64\nflask=0.11\n",
            "1:13: DL104 conda-requirements.txt was exported on osx-64; Dash Enterprise 5 runs Linux",
        ),
        (
            "numpy=1.11=py35_0\nvc=14=0\n",
            "2:1: DL104 conda-requirements.txt holds vc, which only Windows has; Dash Enterprise 5 runs Linux",
        ),
        (
            "appnope=0.1=py37\n",
            "1:1: DL104 conda-requirements.txt holds appnope, which only macOS has; Dash Enterprise 5 runs Linux",
        ),
        (
            "@EXPLICIT\nhttps://conda.example.com/linux-64/a-1-0.tar.bz2\n",
            "1:1: DL104 conda-requirements.txt cannot be moved: the line is a list of package files (`@EXPLICIT`), which fits one platform only",
        ),
        (
            "numpy\n<<<<<<< HEAD\n",
            "2:1: DL104 conda-requirements.txt cannot be moved: the line is a conflict that a merge left behind",
        ),
        (
            "numpy\n -r base.txt\n",
            "2:2: DL104 conda-requirements.txt cannot be moved: the line is a list that includes another one, which conda's lists cannot",
        ),
    ] {
        let after = conda([("conda-requirements.txt", list)]).fix();
        assert_eq!(after.open, [format!("conda-requirements.txt:{finding}")]);
        assert!(after.files.contains_key("conda-runtime.txt"));
        assert!(!after.files.contains_key("environment.yml"));
    }
}

#[test]
fn a_utf16_list_is_written_as_utf8() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(
        "numpy=1.16\r\n# größe\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    let case = app([
        ("conda-requirements.txt", bytes),
        ("conda-runtime.txt", b"Miniconda3-4.5.12".to_vec()),
    ]);
    let after = case.rule("DL104").fix();
    assert!(
        after
            .text("environment.yml")
            .contains("  - numpy==1.16\n  # größe\n")
    );
}

#[test]
fn files_that_cannot_be_read_are_reported_once_each() {
    let case = app([
        ("conda-requirements.txt", b"numpy\n\xFF\n".to_vec()),
        ("conda-runtime.txt", b"3.7\n".to_vec()),
        (".condarc", b"channels: [\n".to_vec()),
    ]);
    let after = case.rule("DL104").fix();
    assert_eq!(
        after.open,
        [
            ".condarc:2:1: DL104 .condarc cannot be used: no YAML that can be read: did not find expected node content",
            "conda-requirements.txt:2:1: DL104 conda-requirements.txt cannot be used: a byte that is not UTF-8 (byte 6)",
            "conda-runtime.txt:1:1: DL104 conda-runtime.txt cannot be used: no name of a Miniconda installer, as in Miniconda3-4.5.12",
        ]
    );
    assert_eq!(after.paths().len(), 3);
}

#[test]
fn a_requirements_file_that_pip_refuses_stops_the_move() {
    let files = [
        ("conda-requirements.txt", "numpy\n"),
        ("requirements.txt", "dash\ndash>==3\n"),
    ];
    let case = conda(files);
    let after = case.fix();
    assert_eq!(
        after.open,
        [
            "conda-requirements.txt:1:1: DL104 conda-requirements.txt is not moved: requirements.txt has a line that pip refuses"
        ]
    );
    let finding = &case.findings()[0];
    assert_eq!(finding.evidence[0].place.path.as_str(), "requirements.txt");
    assert!(
        finding.steps[0]
            .text
            .starts_with("Mend line 2 of requirements.txt first")
    );
    assert_eq!(after.text("requirements.txt"), "dash\ndash>==3\n");
    let undecodable = app([
        ("conda-requirements.txt", b"numpy".to_vec()),
        ("conda-runtime.txt", b"Miniconda3-4.5.12".to_vec()),
        ("requirements.txt", b"\xFF".to_vec()),
    ]);
    assert_eq!(
        undecodable.rule("DL104").fix().open,
        [
            "conda-requirements.txt:1:1: DL104 conda-requirements.txt is not moved: requirements.txt cannot be read"
        ]
    );
}

#[test]
fn a_half_converted_app_is_merged_if_nothing_is_lost() {
    let environment = "name: app\nchannels: [conda-forge, defaults]\ndependencies:\n  - python=3.8\n  - numpy=1.16 # fast\n  - pip:\n    - dash\n";
    let after = conda([
        ("conda-requirements.txt", "numpy = 1.16\nscipy\n"),
        (".condarc", "channels: [conda-forge]"),
        ("requirements.txt", "dash\nplotly>=4\n"),
        ("environment.yml", environment),
    ]);
    assert_eq!(
        after.fix().text("environment.yml"),
        "name: app\nchannels: [conda-forge, defaults]\ndependencies:\n  - python=3.8\n  - numpy=1.16 # fast\n  - scipy\n  - pip\n  - pip:\n    - dash\n    - plotly>=4\n"
    );
    assert_eq!(after.fix().paths(), ["Procfile", "environment.yml"]);
}

#[test]
fn a_half_converted_app_that_disagrees_is_left_to_a_person() {
    for environment in [
        "dependencies:\n  - numpy=1.15\n",
        "channels: [other]\ndependencies: []\n",
        "dependencies:\n  - pip: [dash==2]\n",
        "dependencies:\n  - pip:\n    - -r requirements.txt\n",
        "base: &b [x]\ndependencies: *b\n",
        "dependencies: [\n",
    ] {
        let case = conda([
            ("conda-requirements.txt", "numpy=1.16\n"),
            (".condarc", "channels: [conda-forge]"),
            ("requirements.txt", "dash==1\n"),
            ("environment.yml", environment),
        ]);
        let after = case.fix();
        assert_eq!(after.open.len(), 1, "{environment}");
        assert_eq!(after.text("environment.yml"), environment);
        assert_eq!(after.files.len(), 6);
    }
}

#[test]
fn other_files_that_name_requirements_are_told() {
    let after = conda([
        ("conda-requirements.txt", "numpy\n"),
        ("requirements.txt", "dash\n"),
        ("predeploy.sh", "pip install -r requirements.txt\n"),
        ("dev.sh", "pip install -r dev-requirements.txt\n"),
    ])
    .fix();
    assert_eq!(
        after.steps,
        [
            "predeploy.sh mentions requirements.txt, which goes away because its lines are in environment.yml: change predeploy.sh to fit."
        ]
    );
}

#[test]
fn an_app_without_conda_files_is_left_alone() {
    for files in [
        vec![PROCFILE, ("requirements.txt", "dash\n")],
        vec![
            PROCFILE,
            ("environment.yml", "dependencies: [python=3.9]\n"),
        ],
    ] {
        assert_eq!(app(files).rule("DL104").check(), [""; 0]);
    }
}

#[test]
fn blanks_in_versions_go_as_conda_took_them_out() {
    let list = "a = 1.0\nb >= 1.0, < 2\nc<3\nd 1.2\n";
    let after = conda([("conda-requirements.txt", list)]).fix();
    let text = after.text("environment.yml");
    assert!(text.contains("  - a==1.0\n  - b >=1.0,<2\n  - c<3\n  - d==1.2\n"));
}

#[test]
fn an_environment_that_says_nothing_is_filled() {
    let after = conda([
        ("conda-requirements.txt", "python=3.6\nnomkl\n"),
        ("environment.yml", "# ours"),
    ])
    .fix();
    assert_eq!(
        after.text("environment.yml"),
        "# ours\nchannels:\n  - defaults\ndependencies:\n  - python=3.6\n  - nomkl\n"
    );
}

#[test]
fn a_configuration_without_channels_is_only_said() {
    let case = app([
        PROCFILE,
        (".condarc", "ssl_verify: false\n"),
        ("environment.yml", "dependencies: [python=3.9]\n"),
    ]);
    let after = case.rule("DL104").fix();
    assert_eq!(
        after.open,
        [".condarc:1:1: DL104 nothing on Dash Enterprise 5 reads .condarc"]
    );
    assert!(after.steps[0].contains("`ssl_verify`"));
}

#[test]
fn credentials_are_not_shown() {
    let case = conda([
        (
            "conda-requirements.txt",
            "https://user:secret@conda.example.com/main::numpy=1.16\n",
        ),
        ("environment.yml", "dependencies:\n  - numpy=1.15\n"),
    ]);
    let finding = &case.findings()[0];
    let notes: Vec<&str> = finding
        .evidence
        .iter()
        .map(|place| place.note.as_str())
        .collect();
    assert!(
        notes.iter().any(|note| note.contains("numpy==1.16")),
        "{notes:?}"
    );
    assert!(!format!("{notes:?}{:?}", finding.steps).contains("secret"));
}

#[test]
fn one_sign_is_written_as_what_the_old_conda_took_it_for() {
    for (line, written) in [
        ("dash=1.4", "dash==1.4"),
        ("dash=1.4.*", "dash=1.4.*"),
        ("dash=1.4.1|1.4.2", "dash==1.4.1|==1.4.2"),
        ("numpy[version=1.7]", "numpy==1.7"),
        ("numpy[version='>=1.7,<2']", "numpy>=1.7,<2"),
        (
            "numpy[channel=conda-forge,build=py37_0]",
            "conda-forge::numpy",
        ),
        ("python=3.7", "python=3.7"),
    ] {
        let after = conda([("conda-requirements.txt", line)]).fix();
        let text = after.text("environment.yml");
        assert!(
            text.contains(&format!("  - {written}\n"))
                || text.contains(&format!("  - '{written}'\n")),
            "{line}: {text}"
        );
    }
}

#[test]
fn the_base_environment_stays_behind() {
    let list = "pip=8.0.1=py37_0\nsetuptools=19.4=py37_0\nconda=3.19.0=py37_0\nconda-env=2.4.5=py37_0\npython=3.7.1=0\npython=3.7.1=0\nnumpy=1.16.2=py37_0\n";
    let case = conda([("conda-requirements.txt", list)]);
    let notes: Vec<String> = case.findings()[0]
        .evidence
        .iter()
        .map(|place| place.note.clone())
        .collect();
    let left = notes
        .iter()
        .filter(|note| note.contains("left out"))
        .count();
    assert_eq!(left, 2, "{notes:?}");
    assert_eq!(
        case.fix().text("environment.yml"),
        "channels:\n  - defaults\ndependencies:\n  - python==3.7.1\n  - pip\n  - setuptools\n  - numpy==1.16.2\n  - nomkl # Dash Enterprise 4 pinned it: NumPy without MKL\n"
    );
}
