//! Any bytes through every model: no panic, and what was decoded comes back.
#![no_main]

use dashlift::files::Model;
use dashlift::files::app_json::AppJson;
use dashlift::files::apt::AptPackages;
use dashlift::files::aptfile::Aptfile;
use dashlift::files::buildpacks::Buildpacks;
use dashlift::files::checks::Checks;
use dashlift::files::conda_list::CondaList;
use dashlift::files::condarc::Condarc;
use dashlift::files::environment_yml::Environment;
use dashlift::files::procfile::Procfile;
use dashlift::files::project_toml::ProjectToml;
use dashlift::files::requirements::Requirements;
use dashlift::files::runtime_txt::RuntimeTxt;
use dashlift::files::scale::Scale;
use dashlift::text::Text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = Text::decode_declared(bytes) else {
        return;
    };
    assert_eq!(text.encode(), bytes);
    let _ = AppJson::parse(&text);
    let _ = AptPackages::parse(&text);
    let _ = Aptfile::parse(&text);
    let _ = Buildpacks::parse(&text);
    let _ = Checks::parse(&text);
    let _ = CondaList::parse(&text);
    let _ = Condarc::parse(&text);
    let _ = Environment::parse(&text);
    let _ = Procfile::parse(&text);
    let _ = RuntimeTxt::parse(&text);
    let _ = Scale::parse(&text);
    if let Ok(document) = ProjectToml::parse(&text) {
        assert_eq!(document.print(), text.as_str());
    }
    if let Ok(list) = Requirements::parse(&text) {
        let printed: String = list.lines().iter().map(|line| line.full.of(text.as_str())).collect();
        assert_eq!(printed, text.as_str());
    }
});
