use super::*;
use crate::commands::baseline::{BaselineOption, BaselinePlace};
use crate::commands::named_file::NamedFile;
use crate::rules::Code;
use crate::rules::settings::PackageIndex;
use crate::tree::{MemoryTree, TreePath};

fn message(file: &str, text: &str) -> String {
    parse(file, text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn every_key_is_read() {
    let text = r#"
select = ["DL1", "dl201"]
ignore = ["DL104"]
unsafe-fixes = true
target = "5.4"
de5-host = "https://dash.example.com/"
mapping = ["/srv/data:/data"]
inventory = "inventory.json"
app-name = "sales"
package-index = "remove"
private-packages = ["our-widgets"]
env = ".venv"
drop-pins = true
baseline = "b.json"
strict = true
branch = "de5"
per-file-ignores = { "notebooks/" = ["DL301", "git-remote"] }
"#;
    let values = parse("dashlift.toml", text.as_bytes()).unwrap().unwrap();
    let values = values.options;
    let file = |path: &str| NamedFile::Anywhere(path.into());
    assert_eq!(values.env, Some(file(".venv")));
    assert_eq!(values.inventory, Some(file("inventory.json")));
    assert_eq!(values.select.unwrap().len(), 2);
    assert_eq!(values.ignore.unwrap().len(), 1);
    assert_eq!(values.unsafe_fixes, Some(true));
    assert_eq!(values.target.unwrap().to_string(), "5.4");
    assert_eq!(values.de5_host.as_deref(), Some("dash.example.com"));
    assert_eq!(values.mapping.unwrap()[0].app, "/data");
    assert_eq!(values.app_name.as_deref(), Some("sales"));
    assert_eq!(values.package_index, Some(PackageIndex::Remove));
    assert_eq!(values.private_packages.unwrap(), ["our-widgets"]);
    assert_eq!(values.drop_pins, Some(true));
    let baseline = BaselineOption::At(BaselinePlace::Disk(file("b.json")));
    assert_eq!(values.baseline, Some(baseline));
    assert_eq!(values.strict, Some(true));
    assert_eq!(values.branch.as_deref(), Some("de5"));
    let ignores = &values.per_file_ignores.unwrap()[0];
    let path = TreePath::new("notebooks/a.ipynb").unwrap();
    assert!(ignores.covers(&path, false, Code(401)));
    assert_eq!(text.matches(" = ").count(), KEYS.len() + 1);
}

#[test]
fn unknown_keys_are_errors_with_a_suggestion() {
    assert_eq!(
        message("dashlift.toml", "strict = true\n  slect = []\n"),
        "dashlift.toml:2:3: unknown key `slect`; did you mean `select`?"
    );
    assert_eq!(
        message("dashlift.toml", "colour = 1\n"),
        "dashlift.toml:1:1: unknown key `colour`; the keys are select, ignore, per-file-ignores, \
         unsafe-fixes, target, de5-host, mapping, inventory, app-name, package-index, \
         private-packages, env, drop-pins, baseline, strict, branch"
    );
}

#[test]
fn wrong_values_are_errors_with_their_place() {
    let cases = [
        (
            "select = \"DL1\"",
            "1:10: `select`: must be a list of texts, as in [\"…\"], not a text",
        ),
        (
            "select = [\"DL1\", 2]",
            "1:18: `select`: must be a list of texts, as in [\"…\"], not a number",
        ),
        (
            "select = [\"DL1\", \"DL9\"]",
            "1:18: `select`: `DL9` selects no rule; `dashlift rules` lists the codes",
        ),
        (
            "strict = \"yes\"",
            "1:10: `strict`: must be true or false, not a text",
        ),
        (
            "target = 5.4",
            "1:10: `target`: must be a text in quotes, not a number",
        ),
        (
            "package-index = \"keep\"",
            "1:17: `package-index`: must be \"rewrite\" or \"remove\"",
        ),
        (
            "[per-file-ignores]\n\"a/\" = [\"DL1\"]\n\"b/\" = [\"DL1\", \"DL9\"]",
            "3:16: `per-file-ignores`: `DL9` selects no rule; `dashlift rules` lists the codes",
        ),
        (
            "[per-file-ignores]\n\"a/\" = \"DL1\"",
            "2:8: `per-file-ignores`: must be a list of texts, as in [\"…\"], not a text",
        ),
        (
            "[per-file-ignores]\n\"!a\" = [\"DL1\"]",
            "2:1: `per-file-ignores`: `!a` takes files back with `!`, which only .gitignore can do",
        ),
        (
            "per-file-ignores = [\"a/:DL1\"]",
            "1:20: `per-file-ignores`: must be a table, as in { \"notebooks/\" = [\"DL301\"] }, not a list",
        ),
        (
            "de5-host = \"https://me:pw@x.example.com\"",
            "1:12: `de5-host`: must be a host name, as in dash.example.com, without path or user name",
        ),
    ];
    for (text, expected) in cases {
        let found = message("dashlift.toml", text);
        assert_eq!(found, format!("dashlift.toml:{expected}"));
    }
}

#[test]
fn a_key_beside_its_own_name_is_suggested() {
    assert_eq!(
        message("dashlift.toml", "[per-file-ignore]\n\"a/\" = []\n"),
        "dashlift.toml:1:2: unknown key `per-file-ignore`; did you mean `per-file-ignores`?"
    );
}

#[test]
fn broken_toml_is_an_error_with_its_place() {
    let found = message("dashlift.toml", "strict = true\ntarget = \n");
    assert!(found.starts_with("dashlift.toml:2:"), "{found}");
    assert!(!found.contains('\n'), "{found}");
}

#[test]
fn pyproject_speaks_only_through_its_table() {
    let text = "[tool.other]\nslect = 1\n";
    assert!(parse("pyproject.toml", text.as_bytes()).unwrap().is_none());
    assert!(
        parse("pyproject.toml", b"this is [not TOML")
            .unwrap()
            .is_none()
    );
    let text = "[project]\nname = \"x\"\n\n[tool.dashlift]\nstrict = true\n";
    let values = parse("a/pyproject.toml", text.as_bytes()).unwrap().unwrap();
    assert_eq!(values.options.strict, Some(true));
    assert_eq!(
        message("pyproject.toml", "[tool]\ndashlift = 1\n"),
        "pyproject.toml:2:12: `tool.dashlift` must be a table"
    );
    assert_eq!(
        message("pyproject.toml", "[tool.dashlift]\nignroe = []\n"),
        "pyproject.toml:2:1: unknown key `ignroe`; did you mean `ignore`?"
    );
}

#[test]
fn a_tree_is_asked_in_its_root() {
    let tree = MemoryTree::new([("pyproject.toml", "[tool.dashlift]\nbranch = \"b\"\n")]);
    assert_eq!(
        of_tree(&tree).unwrap().unwrap().options.branch.as_deref(),
        Some("b")
    );
    let tree = MemoryTree::new([("a/dashlift.toml", "branch = \"b\"\n")]);
    assert_eq!(of_tree(&tree).unwrap(), None);
}

#[test]
fn a_file_of_a_commit_names_nothing_on_disk() {
    let text = "env = \"/opt/venv\"\ninventory = \"../i.json\"\nbaseline = \"b.json\"\n";
    let tree = MemoryTree::new([("dashlift.toml", text)]);
    let options = of_tree(&tree).unwrap().unwrap().options;
    let outside = DiskError::Outside.to_string();
    assert_eq!(
        options.env.unwrap().open().unwrap_err().to_string(),
        outside
    );
    let inventory = options.inventory.unwrap();
    let read = inventory.read(FileKind::Inventory);
    assert_eq!(read.unwrap_err().to_string(), outside);
    let baseline = BaselinePlace::Commit(TreePath::new("b.json").unwrap());
    assert_eq!(options.baseline, Some(BaselineOption::At(baseline)));
}

#[test]
fn a_host_is_a_name_and_perhaps_a_port() {
    use super::super::options::host;
    assert_eq!(host("Dash.example.com").unwrap(), "dash.example.com");
    assert_eq!(
        host("dash.example.com:8443").unwrap(),
        "dash.example.com:8443"
    );
    for bad in [
        "",
        "a b",
        "dash.example.com/packages",
        "me@dash.example.com",
        "x:y",
        "-x",
    ] {
        assert!(host(bad).is_err(), "{bad}");
    }
}
