//! Turns the tables of `rules/data/` from TOML, which people write, into JSON, which is read ten
//! times faster: the program reads its tables at each start. What a table means is not known here.
//! Packs the snapshot of what distributions need into a form that is looked up without parsing.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::print_stdout, reason = "cargo reads it")]

use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// The form of the packed snapshot and what writes it, beside what reads it.
#[path = "src/packages/snapshot"]
mod snapshot {
    #[allow(dead_code, unreachable_pub, reason = "the program uses the rest")]
    mod day;
    #[allow(dead_code, reason = "the program uses the rest")]
    mod form;
    pub(crate) mod pack;
}

const TABLES: &str = "rules/data";

/// What only the scripts that try a table's rows read of it.
const TRIAL: &str = "trial";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={TABLES}");
    let out = env::var_os("OUT_DIR").ok_or("cargo names no folder for what is built")?;
    for entry in fs::read_dir(TABLES)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "toml") {
            let json = compact(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let name = path.file_name().ok_or("a file has a name")?;
            fs::write(Path::new(&out).join(name).with_extension("json"), json)?;
        }
    }
    let folder = Path::new(TABLES).join("snapshot");
    let edges = fs::read_to_string(folder.join("edges.txt"))?;
    let days = fs::read_to_string(folder.join("days.txt"))?;
    let packed = snapshot::pack::pack(&edges, &days)?;
    fs::write(Path::new(&out).join("snapshot.bin"), packed)?;
    Ok(())
}

fn compact(path: &Path) -> Result<String, Box<dyn Error>> {
    let mut table: serde_json::Value = toml_edit::de::from_str(&fs::read_to_string(path)?)?;
    let lists = table
        .as_object_mut()
        .into_iter()
        .flat_map(|it| it.values_mut());
    let rows = lists.filter_map(|it| it.as_array_mut()).flatten();
    for row in rows.filter_map(|it| it.as_object_mut()) {
        row.remove(TRIAL);
    }
    Ok(serde_json::to_string(&table)?)
}
