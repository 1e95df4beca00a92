//! What holds for any files and lists.

use super::*;
use proptest::prelude::*;

const PIECES: &[&str] = &[
    "import numpy\n",
    "from google.cloud import storage\n",
    "import plotly.express as px\npx.line(trendline='ols')\n",
    "u = 'postgresql+psycopg2://x'\n",
    "import pandas as pd\npd.read_excel('x.xls')\n",
    "import redis, yaml\n",
    "try:\n    import orjson\nexcept ImportError:\n    pass\n",
    "def f(:\n",
    "from . import utils\n",
];

const LISTED: &[&str] = &[
    "google-cloud-storage",
    "gunicorn",
    "numpy",
    "openpyxl",
    "orjson",
    "pandas",
    "plotly",
    "psycopg2",
    "pyyaml",
    "redis",
    "sqlalchemy",
    "statsmodels",
    "xlrd",
];

fn of(
    files: &[(String, String)],
    names: &BTreeSet<String>,
) -> BTreeMap<String, Vec<DistributionUse>> {
    let files = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let tree = MemoryTree::new(files);
    uses(&App::new(&tree, TreePath::root()), names)
}

fn files() -> impl Strategy<Value = Vec<(String, String)>> {
    let text = prop::collection::vec(prop::sample::select(PIECES), 0..4);
    let texts = prop::collection::vec(text.prop_map(|it| it.concat()), 1..5);
    texts.prop_map(|texts| {
        let named = texts.into_iter().enumerate();
        named.map(|(n, text)| (format!("m{n}.py"), text)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Another file never removes a use, and each use is of something listed.
    #[test]
    fn more_evidence_never_removes_uses(files in files(), more in prop::sample::select(PIECES)) {
        let names = listed(LISTED);
        let before = of(&files, &names);
        let mut with = files.clone();
        with.push(("zz.py".into(), more.to_owned()));
        let after = of(&with, &names);
        for (name, uses) in &before {
            prop_assert!(names.contains(name));
            for it in uses {
                prop_assert!(after[name].contains(it), "{name}");
            }
        }
    }

    /// The order in which files are given does not matter, and a longer list takes nothing away.
    #[test]
    fn order_does_not_matter(files in files(), extra in "[a-z]{2,8}") {
        let names = listed(LISTED);
        let before = of(&files, &names);
        let mut turned = files.clone();
        turned.reverse();
        prop_assert_eq!(&before, &of(&turned, &names));
        let mut longer = names.clone();
        longer.insert(extra);
        let after = of(&files, &longer);
        for (name, uses) in &before {
            prop_assert_eq!(Some(uses), after.get(name));
        }
    }

    /// Whatever stands in the files, nothing panics and the spans are inside.
    #[test]
    fn any_text_is_looked_through(code in "\\PC{0,60}", line in "\\PC{0,60}") {
        let files = [
            ("a.py".to_owned(), code.clone()),
            ("Procfile".to_owned(), format!("web: {line}\n")),
            ("setup.cfg".to_owned(), line.clone()),
            ("run.sh".to_owned(), format!("{line}\n{code}")),
        ];
        for uses in of(&files, &listed(LISTED)).values() {
            for it in uses {
                let (_, text) = files.iter().find(|(path, _)| *path == it.path.as_str()).unwrap();
                prop_assert!(it.span.is_none_or(|span| span.end <= text.len()));
            }
        }
    }
}
