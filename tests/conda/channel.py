"""A channel for the tests: a folder with repodata.json, as it may have been in 2020 with some years on
top. Nothing is installed from it, so that it holds records and no packages."""

import json
import pathlib

PYTHONS = ["3.6.10", "3.7.7", "3.8.3", "3.9.12"]

# name: (versions, dependencies). A dependency that names `python` makes one build for each Python.
LIBRARIES = {
    "_libgcc_mutex": (["0.1"], []),
    "libgcc-ng": (["9.1.0", "11.2.0"], ["_libgcc_mutex"]),
    "libstdcxx-ng": (["9.1.0", "11.2.0"], ["_libgcc_mutex"]),
    "ca-certificates": (["2020.1.1", "2023.1.10"], []),
    "openssl": (["1.1.1g", "1.1.1t"], ["ca-certificates", "libgcc-ng"]),
    "zlib": (["1.2.11", "1.2.13"], ["libgcc-ng"]),
    "xz": (["5.2.5"], ["libgcc-ng"]),
    "ncurses": (["6.2"], ["libgcc-ng"]),
    "readline": (["8.0", "8.2"], ["ncurses"]),
    "sqlite": (["3.31.1", "3.41.2"], ["zlib", "readline"]),
    "libffi": (["3.3"], ["libgcc-ng"]),
    "tk": (["8.6.8", "8.6.12"], ["zlib"]),
    "intel-openmp": (["2020.1", "2021.4.0"], []),
    "mkl": (["2020.1", "2021.4.0"], ["intel-openmp"]),
    "blas": (["1.0"], []),
    "libopenblas": (["0.3.10", "0.3.21"], ["libgcc-ng"]),
    "libpq": (["12.2", "12.9"], ["openssl"]),
    "libgfortran-ng": (["7.3.0"], []),
}

# name: [(version, dependencies, Pythons)]; no Pythons stand for noarch.
PACKAGES = {
    "pip": [("20.0.2", ["python", "setuptools", "wheel"], PYTHONS), ("22.3", ["python", "setuptools", "wheel"], PYTHONS)],
    "setuptools": [("46.4.0", ["python"], PYTHONS), ("65.6.3", ["python"], PYTHONS)],
    "wheel": [("0.34.2", ["python"], PYTHONS), ("0.38.4", ["python"], PYTHONS)],
    "certifi": [("2020.4.5.1", ["python"], PYTHONS), ("2022.12.7", ["python"], PYTHONS)],
    "six": [("1.14.0", ["python"], []), ("1.16.0", ["python"], [])],
    "markupsafe": [("1.1.1", ["python", "libgcc-ng"], PYTHONS), ("2.1.1", ["python", "libgcc-ng"], PYTHONS[1:])],
    "jinja2": [("2.11.2", ["python", "markupsafe >=0.23"], []), ("3.1.2", ["python", "markupsafe >=2.0"], [])],
    "click": [("7.1.2", ["python"], []), ("8.0.4", ["python"], [])],
    "itsdangerous": [("1.1.0", ["python"], []), ("2.0.1", ["python"], [])],
    "werkzeug": [("1.0.1", ["python"], []), ("2.2.3", ["python", "markupsafe >=2.1.1"], [])],
    "flask": [
        ("1.1.2", ["python", "click >=5.1", "itsdangerous >=0.24", "jinja2 >=2.10.1", "werkzeug >=0.15"], []),
        ("2.2.2", ["python", "click >=8.0", "itsdangerous >=2.0", "jinja2 >=3.0", "werkzeug >=2.2"], []),
    ],
    "brotlipy": [("0.7.0", ["python", "libgcc-ng"], PYTHONS)],
    "flask-compress": [("1.4.0", ["python", "flask"], []), ("1.13", ["python", "flask"], [])],
    "future": [("0.18.2", ["python"], PYTHONS)],
    "retrying": [("1.3.3", ["python", "six"], PYTHONS)],
    "plotly": [("4.6.0", ["python", "retrying", "six"], []), ("5.9.0", ["python"], [])],
    "dash-renderer": [("1.1.2", ["python"], [])],
    "dash-core-components": [("1.3.1", ["python"], []), ("2.0.0", ["python"], [])],
    "dash-html-components": [("1.0.1", ["python"], []), ("2.0.0", ["python"], [])],
    "dash-table": [("4.4.1", ["python"], []), ("5.0.0", ["python"], [])],
    "dash": [
        ("1.4.1", ["python", "flask >=1.0.2", "flask-compress", "plotly", "dash-renderer 1.1.2", "dash-core-components 1.3.1", "dash-html-components 1.0.1", "dash-table 4.4.1", "future"], []),
        ("2.6.1", ["python", "flask >=1.0.4", "flask-compress", "plotly >=5.0", "dash-core-components 2.0.0", "dash-html-components 2.0.0", "dash-table 5.0.0"], []),
    ],
    "gunicorn": [("20.0.4", ["python", "setuptools"], PYTHONS), ("20.1.0", ["python", "setuptools"], PYTHONS)],
    "numpy": [
        ("1.18.1", ["python", "blas", "mkl", "libgcc-ng"], PYTHONS[:3]),
        ("1.18.5", ["python", "blas", "mkl", "libgcc-ng"], PYTHONS[:3]),
        ("1.21.5", ["python", "blas", "mkl", "libgcc-ng"], PYTHONS[1:]),
    ],
    "python-dateutil": [("2.8.1", ["python", "six"], []), ("2.8.2", ["python", "six"], [])],
    "pytz": [("2020.1", ["python"], []), ("2022.7", ["python"], [])],
    "pandas": [
        ("1.0.3", ["python", "numpy >=1.13.3", "python-dateutil >=2.6.1", "pytz >=2017.2", "libstdcxx-ng"], PYTHONS[:3]),
        ("1.3.5", ["python", "numpy >=1.17.3", "python-dateutil >=2.7.3", "pytz >=2017.3", "libstdcxx-ng"], PYTHONS[1:]),
    ],
    "scipy": [("1.4.1", ["python", "numpy >=1.14", "libgfortran-ng", "mkl"], PYTHONS[:3]), ("1.7.3", ["python", "numpy >=1.16.5", "mkl"], PYTHONS[1:])],
    "joblib": [("0.14.1", ["python"], []), ("1.1.1", ["python"], [])],
    "threadpoolctl": [("2.2.0", ["python"], [])],
    "scikit-learn": [("0.22.1", ["python", "numpy >=1.11", "scipy", "joblib >=0.11"], PYTHONS[:3]), ("1.0.2", ["python", "numpy >=1.14.6", "scipy >=1.1", "joblib >=0.11", "threadpoolctl >=2.0"], PYTHONS[1:])],
    "idna": [("2.9", ["python"], []), ("3.4", ["python"], [])],
    "chardet": [("3.0.4", ["python"], PYTHONS)],
    "urllib3": [("1.25.8", ["python", "certifi"], PYTHONS), ("1.26.14", ["python"], PYTHONS)],
    "requests": [("2.23.0", ["python", "certifi >=2017.4.17", "chardet >=3.0.2,<4", "idna >=2.5,<3", "urllib3 >=1.21.1,<1.26"], PYTHONS), ("2.28.1", ["python", "certifi >=2017.4.17", "idna >=2.5,<4", "urllib3 >=1.21.1,<1.27"], PYTHONS[1:])],
    "redis-py": [("3.4.1", ["python"], []), ("3.5.3", ["python"], [])],
    "psycopg2": [("2.8.4", ["python", "libpq"], PYTHONS[:3]), ("2.9.3", ["python", "libpq"], PYTHONS[1:])],
    "sqlalchemy": [("1.3.16", ["python"], PYTHONS), ("1.4.39", ["python"], PYTHONS)],
    "pyqt": [("5.9.2", ["python"], PYTHONS)],
    "spyder-kernels": [("1.9.0", ["python"], PYTHONS)],
}

MINOR = {version: version.rsplit(".", 1)[0] for version in PYTHONS}


def record(name, version, build, depends, subdir, number=0):
    file = f"{name}-{version}-{build}.tar.bz2"
    return file, {
        "name": name, "version": version, "build": build, "build_number": number,
        "depends": depends, "subdir": subdir, "timestamp": 1590000000000,
        "md5": "0" * 32, "sha256": "0" * 64, "size": 1,
        **({"noarch": "python"} if subdir == "noarch" else {}),
    }


def make(folder, builds="old", without=()):
    """Writes the channel. `builds` is what the hashes of its builds begin with; packages of
    `without` (name, version) are not there any more."""
    folder = pathlib.Path(folder)
    found = {"linux-64": {}, "noarch": {}}

    def add(name, version, build, depends, subdir):
        if (name, version) in without:
            return
        file, one = record(name, version, build, depends, subdir)
        found[subdir][file] = one

    for version in PYTHONS:
        needs = ["openssl", "zlib", "xz", "readline", "sqlite", "libffi", "tk", "ncurses", "libgcc-ng"]
        add("python", version, f"h{builds}_0", needs, "linux-64")
    for name, (versions, depends) in LIBRARIES.items():
        for version in versions:
            add(name, version, f"h{builds}_0", depends, "linux-64")
    for name, rows in PACKAGES.items():
        for version, depends, pythons in rows:
            if not pythons:
                add(name, version, "py_0", depends, "noarch")
            for python in pythons:
                minor = MINOR[python]
                own = [it if it != "python" else f"python {minor}.*" for it in depends]
                tag = "py" + minor.replace(".", "")
                add(name, version, f"{tag}h{builds}_0", own, "linux-64")
    for subdir, packages in found.items():
        place = folder / subdir
        place.mkdir(parents=True, exist_ok=True)
        data = {"info": {"subdir": subdir}, "packages": packages, "packages.conda": {}, "removed": [], "repodata_version": 1}
        (place / "repodata.json").write_text(json.dumps(data))
    return "file://" + str(folder.resolve())
