//! What people and other runs hand in: baselines, inventories, lists of people, lists of
//! repositories. What is read and written again says the same.
#![no_main]

use std::path::Path;

use dashlift::baseline::Baseline;
use dashlift::fleet::listed;
use dashlift::inventory::Inventory;
use dashlift::secrets;
use dashlift::users;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(baseline) = Baseline::parse(bytes) {
        let printed = baseline.print().expect("a baseline is printed");
        let again = Baseline::parse(printed.as_bytes()).expect("and read again");
        assert_eq!(again.len(), baseline.len());
    }
    if let Ok(inventory) = Inventory::read(bytes) {
        let mut written = Vec::new();
        inventory.write(&mut written).expect("an inventory is written");
        Inventory::read(&written).expect("and read again");
        let _ = users::draft(&inventory);
    }
    if let Ok(people) = users::read(bytes) {
        let written = users::write(&people).expect("people are written");
        let again = users::read(&written).expect("and read again");
        assert_eq!(again.len(), people.len());
    }
    let _ = listed(bytes, Path::new("/nowhere"));
    if let Ok(text) = std::str::from_utf8(bytes) {
        let masked = secrets::masked(text);
        assert!(secrets::masked(&masked) == masked, "masking is done once");
    }
});
