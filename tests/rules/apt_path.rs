//! DL311.

use crate::harness::app;
use dashlift::rules::Category;

fn check(packages: &str, code: &str) -> Vec<String> {
    app([
        ("Procfile", "web: python app.py\n"),
        ("apt-packages", packages),
        ("app.py", code),
    ])
    .rule("DL311")
    .check()
}

#[test]
fn paths_of_packages_are_said() {
    for (packages, code, package) in [
        (
            "wkhtmltopdf\n",
            "X = '/usr/bin/wkhtmltopdf'\n",
            "wkhtmltopdf",
        ),
        (
            "tesseract-ocr libgl1\n",
            "t.tesseract_cmd = '/usr/bin/tesseract'\n",
            "tesseract-ocr",
        ),
        (
            "msodbcsql17\n",
            "D = '/opt/microsoft/msodbcsql17/lib64/libmsodbcsql-17.so'\n",
            "msodbcsql17",
        ),
        (
            "poppler-utils=0.62\n",
            "run(['/usr/bin/pdftotext', f])\n",
            "poppler-utils",
        ),
        (
            "ghostscript\n",
            "import os\nos.system('/usr/bin/gs -q -dBATCH x.pdf')\n",
            "ghostscript",
        ),
        (
            "openjdk-8-jdk\n",
            "import os\nos.environ['JAVA_HOME'] = '/usr/lib/jvm/java-8-openjdk-amd64'\n",
            "openjdk-8-jdk",
        ),
        ("vim\n", "E = '/usr/bin/vim'\n", "vim"),
    ] {
        let lines = check(packages, code);
        assert_eq!(lines.len(), 1, "{code} {lines:?}");
        assert!(
            lines[0].contains(&format!("is where Dash Enterprise 4 had {package};")),
            "{lines:?}"
        );
    }
}

#[test]
fn other_paths_are_quiet() {
    for (packages, code) in [
        (
            "wkhtmltopdf\n",
            "X = '/usr/bin/env python'\nY = '/tmp/x'\nZ = '/opt/mine/data'\n",
        ),
        ("wkhtmltopdf\n", "# '/usr/bin/wkhtmltopdf'\n"),
        ("wkhtmltopdf\n", "\"\"\"Needs /usr/bin/wkhtmltopdf.\"\"\"\n"),
        ("", "X = '/usr/bin/wkhtmltopdf'\n"),
        ("gdal-bin\n", "X = 'see /usr/bin/gdalinfo'\n"),
        ("libpq-dev\n", "P = '/usr/share/zoneinfo'\n"),
    ] {
        assert_eq!(check(packages, code), [] as [&str; 0], "{code}");
    }
}

#[test]
fn commands_and_several_places_count() {
    let case = app([
        ("Procfile", "web: /usr/bin/xvfb-run python app.py\n"),
        ("Aptfile", "xvfb\nchromium\n"),
        (
            "app.py",
            "A = '/usr/bin/chromium'\nB = '/usr/bin/chromium'\nC = '/usr/bin/unknown'\n",
        ),
    ])
    .rule("DL311");
    let findings = case.findings();
    assert_eq!(findings.len(), 3);
    assert_eq!(
        findings.iter().map(|it| it.evidence.len()).sum::<usize>(),
        1
    );
    let may = findings.iter().filter(|it| it.category == Category::May);
    assert_eq!(
        may.count(),
        1,
        "no package of the list is known to bring it"
    );
}
