use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

fn scratch() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("outside"), "canary").unwrap();
    fs::create_dir_all(root.join("app/lib")).unwrap();
    fs::write(root.join("app/lib/real"), "here").unwrap();
    symlink("lib/real", root.join("app/in")).unwrap();
    symlink("../outside", root.join("app/out")).unwrap();
    symlink(root.join("outside"), root.join("app/absolute")).unwrap();
    symlink("/dev/zero", root.join("app/endless")).unwrap();
    symlink("..", root.join("app/up")).unwrap();
    let fifo = std::process::Command::new("mkfifo")
        .arg(root.join("app/pipe"))
        .status();
    assert!(fifo.unwrap().success());
    folder
}

#[test]
fn no_link_leads_out_and_nothing_blocks() {
    let scratch = scratch();
    let app = Folder::open(&scratch.path().join("app")).unwrap();
    let read = |name: &str| app.read(name, FileKind::Source);
    assert_eq!(read("lib/real"), Ok(b"here".to_vec()));
    assert_eq!(read("in"), Ok(b"here".to_vec()));
    for name in ["out", "absolute", "endless", "up/outside", "../outside"] {
        assert_eq!(read(name), Err(DiskError::Outside), "{name}");
    }
    assert_eq!(read("pipe"), Err(DiskError::NotAFile));
    assert_eq!(read("lib"), Err(DiskError::NotAFile));
    assert_eq!(read("nothing"), Err(DiskError::NotFound));
    assert!(app.create_new("up/new").is_err());
    assert!(app.rename("in".as_ref(), "up/moved".as_ref()).is_err());
    assert!(!scratch.path().join("new").exists());
}

#[test]
fn what_a_person_names_may_lie_anywhere_and_is_a_file() {
    let scratch = scratch();
    let app = scratch.path().join("app");
    let read = |name: &str| read_named(&app.join(name), FileKind::Source);
    assert_eq!(read("out"), Ok(b"canary".to_vec()));
    assert_eq!(read("pipe"), Err(DiskError::NotAFile));
    assert_eq!(read("endless"), Err(DiskError::NotAFile));
    assert!(open_to_append(&app.join("pipe")).is_err());
    assert!(open_named(&app.join("endless")).is_err());
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let scratch = scratch();
    let large = fs::File::create(scratch.path().join("app/large")).unwrap();
    large.set_len(FileKind::Configuration.limit() + 1).unwrap();
    let app = Folder::open(&scratch.path().join("app")).unwrap();
    let refused = app.read("large", FileKind::Configuration);
    assert_eq!(refused, Err(DiskError::TooLarge(FileKind::Configuration)));
    let words = refused.unwrap_err().to_string();
    assert_eq!(words, "is larger than 1 MiB and was not read");
}

#[test]
fn a_folder_that_is_swapped_for_a_link_stays_what_it_was() {
    let scratch = scratch();
    let lib = Folder::open(&scratch.path().join("app/lib")).unwrap();
    fs::rename(scratch.path().join("app/lib"), scratch.path().join("moved")).unwrap();
    symlink(scratch.path(), scratch.path().join("app/lib")).unwrap();
    lib.create_new("new").unwrap();
    assert!(scratch.path().join("moved/new").exists());
    assert!(!scratch.path().join("new").exists());
}
