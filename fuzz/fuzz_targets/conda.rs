//! The lists of conda: `conda-requirements.txt`, `.condarc`, `conda-runtime.txt`.
#![no_main]

use dashlift::files::conda_list::CondaList;
use dashlift::files::conda_runtime::CondaRuntime;
use dashlift::files::condarc::Condarc;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some((text, list)) = dashlift_fuzz::read::<CondaList>(bytes) {
        for (line, _) in list.specs() {
            dashlift_fuzz::assert_inside(&text, line.span);
        }
    }
    let _ = dashlift_fuzz::read::<Condarc>(bytes);
    let _ = dashlift_fuzz::read::<CondaRuntime>(bytes);
});
