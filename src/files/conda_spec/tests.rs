use super::*;

fn said(item: &str, meaning: Meaning) -> Option<String> {
    let spec = read_item(item).unwrap_or_else(|| panic!("{item} is not read"));
    spec.allowed(item, meaning).map(|it| it.to_string())
}

#[test]
fn one_sign_means_exactly_on_the_old_conda_and_a_prefix_today() {
    for (item, list, environment) in [
        ("numpy", "", ""),
        ("numpy=1.2", "==1.2", "=1.2.*"),
        ("numpy = 1.2", "==1.2", "=1.2.*"),
        ("numpy=1", "==1", "=1.*"),
        ("numpy=1.2.*", "=1.2.*", "=1.2.*"),
        ("numpy=1.2*", "=1.2.*", "=1.2.*"),
        ("numpy==1.2", "==1.2", "==1.2"),
        ("numpy 1.2", "==1.2", "==1.2"),
        ("numpy=1.2=py37_0", "==1.2", "==1.2"),
        ("numpy==1.2=py37_0", "==1.2", "==1.2"),
        ("numpy 1.2 py37_0", "==1.2", "==1.2"),
        ("numpy=1.2|1.3", "==1.2|==1.3", "=1.2.*|==1.3"),
        ("numpy>=1,<2", ">=1,<2", ">=1,<2"),
        ("numpy >= 1, < 2", ">=1,<2", ">=1,<2"),
        ("numpy!=1.2.*", "!=1.2.*", "!=1.2.*"),
        ("dash~=1.4.2", ">=1.4.2,1.4.*", ">=1.4.2,1.4.*"),
        ("numpy[version=1.7]", "==1.7", "==1.7"),
        ("numpy[version='>=1,<2',build=py37_0]", ">=1,<2", ">=1,<2"),
        ("numpy[channel=conda-forge]", "", ""),
        ("anaconda=custom=py38_2", "", ""),
        ("numpy=*", "", ""),
    ] {
        assert_eq!(said(item, Meaning::List).as_deref(), Some(list), "{item}");
        let today = said(item, Meaning::Environment);
        assert_eq!(today.as_deref(), Some(environment), "{item}");
    }
}

#[test]
fn brackets_name_channel_and_build() {
    let item = "numpy[version='>=1,<2', build=\"py37_0\",channel=conda-forge]";
    let spec = read_item(item).unwrap();
    assert_eq!(spec.head(item), "conda-forge::numpy");
    assert_eq!(spec.build().map(|it| it.slice(item)), Some("py37_0"));
    assert_eq!(spec.tail().slice(item), item.strip_prefix("numpy").unwrap());
    for item in [
        "numpy[md5=00]",
        "numpy[version=1",
        "numpy[version='1]",
        "a[=]",
    ] {
        assert_eq!(read_item(item), None, "{item}");
    }
    let extras = "dash[diskcache]==2.0";
    assert_eq!(read(extras, Span::new(0, extras.len())), Some(Read::Pip));
}

#[test]
fn pip_understands_what_conda_allows() {
    let pip = |item: &str| {
        let spec = read_item(item).unwrap();
        let allowed = spec.allowed(item, Meaning::Environment)?;
        allowed.specifiers().map(|it| it.to_string())
    };
    assert_eq!(pip("numpy=1.2").as_deref(), Some("==1.2.*"));
    assert_eq!(pip("numpy>=1,<2").as_deref(), Some(">=1, <2"));
    assert_eq!(pip("numpy").as_deref(), Some(""));
    assert_eq!(pip("openssl=1.0.2l=0"), None);
    assert_eq!(pip("numpy=1|2"), None);
}

#[test]
fn a_range_may_leave_one_python() {
    for (item, expected) in [
        ("python=3.7", Some((3, 7))),
        ("python==3.7", Some((3, 7))),
        ("python=3.7.6=h0371630_2", Some((3, 7))),
        ("python>=3.7,<3.8", Some((3, 7))),
        ("python 2.7*", Some((2, 7))),
        ("conda-forge::python=3.10.*", Some((3, 10))),
        ("python<3", None),
        ("python>=3.7", None),
        ("python=3", None),
        ("python", None),
        ("python=3.6|3.7", None),
    ] {
        let spec = read_item(item).unwrap();
        let allowed = spec.allowed(item, Meaning::Environment).unwrap();
        assert_eq!(allowed.python_minor(), expected, "{item}");
    }
}
