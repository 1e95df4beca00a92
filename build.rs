//! Turns the tables of `rules/data/` from TOML, which people write, into JSON, which is read ten
//! times faster: the program reads its tables at each start. What a table means is not known here.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::print_stdout, reason = "cargo reads it")]

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const TABLES: &str = "rules/data";

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
    Ok(())
}

fn compact(path: &Path) -> Result<String, Box<dyn Error>> {
    let table: serde_json::Value = toml_edit::de::from_str(&fs::read_to_string(path)?)?;
    Ok(serde_json::to_string(&table)?)
}
