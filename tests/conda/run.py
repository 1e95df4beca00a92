"""Environments that are reduced and solved, and lines that are parsed. `run.py DASHLIFT [--figures]`."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import rattler

import channel
import solver

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHARED = ROOT.parent / "shared"
DASHLIFT = str(pathlib.Path(sys.argv[1]).resolve())

DASH = "import dash\nimport dash_core_components as dcc\nimport dash_html_components as html\n"
OLD = [("numpy", "1.18.1"), ("pandas", "1.0.3"), ("openssl", "1.1.1g")]

# name: (packages that are asked for, imports, pip's lines, form, what the channel lost, rung)
# `form` is how the file was made: export, no-builds, history, or air-gapped (another folder is the channel).
ENVIRONMENTS = {
    "export": (["python=3.7.7", "dash=1.4.1", "pandas=1.0.3", "gunicorn=20.0.4"], DASH + "import pandas\n", [], "export", "nothing", "as it stands"),
    "export, builds gone": (["python=3.7.7", "dash=1.4.1", "pandas=1.0.3", "gunicorn=20.0.4"], DASH + "import pandas\n", [], "export", "builds", "without its build strings"),
    "export, libraries gone": (["python=3.7.7", "dash=1.4.1", "pandas=1.0.3", "gunicorn=20.0.4"], DASH + "import pandas\n", [], "export", [("openssl", "1.1.1t"), ("mkl", "2021.4.0"), ("sqlite", "3.41.2")], "reduced to what the app asks for"),
    "export with pip, builds gone": (["python=3.7.7", "pandas=1.0.3", "scikit-learn=0.22.1", "pip=20.0.2"], DASH + "import pandas\nimport sklearn\n", ["dash==1.4.1", "gunicorn==20.0.4"], "export", "builds", "without its build strings"),
    "export with pip, patch gone": (["python=3.7.7", "pandas=1.0.3", "numpy=1.18.1", "pip=20.0.2"], DASH + "import pandas\nimport numpy\n", ["dash==1.4.1", "gunicorn==20.0.4"], "export", [("numpy", "1.18.1"), ("zlib", "1.2.13")], "reduced, and its versions kept to the minor"),
    "export, releases gone": (["python=3.7.7", "dash=1.4.1", "requests=2.23.0", "gunicorn=20.0.4"], DASH + "import requests\n", [], "export", [("requests", "2.23.0"), ("urllib3", "1.25.8"), ("tk", "8.6.12")], "reduced, and without versions but that of Python"),
    "no builds": (["python=3.8.3", "dash=1.4.1", "pandas=1.0.3", "psycopg2=2.8.4", "sqlalchemy=1.3.16", "gunicorn=20.0.4"], DASH + "import pandas\nimport psycopg2\nimport sqlalchemy\n", [], "no-builds", "nothing", "as it stands"),
    "no builds, libraries gone": (["python=3.8.3", "dash=1.4.1", "pandas=1.0.3", "psycopg2=2.8.4", "sqlalchemy=1.3.16", "gunicorn=20.0.4"], DASH + "import pandas\nimport psycopg2\nimport sqlalchemy\n", [], "no-builds", [("libpq", "12.9"), ("openssl", "1.1.1t")], "reduced to what the app asks for"),
    "history": (["python=3.7.7", "dash=1.4.1", "pandas=1.0.3", "gunicorn"], DASH + "import pandas\n", [], "history", "nothing", "as it stands"),
    "history with pip": (["python=3.6.10", "scikit-learn=0.22.1", "redis-py=3.4.1", "pip"], "import sklearn\nimport redis\n" + DASH, ["dash==1.4.1", "gunicorn==20.0.4"], "history", "nothing", "as it stands"),
    "air-gapped, builds of their own": (["python=3.7.7", "dash=1.4.1", "pandas=1.0.3", "gunicorn=20.0.4"], DASH + "import pandas\n", [], "export", "builds", "without its build strings"),
    "air-gapped, no old libraries": (["python=3.9.12", "dash=1.4.1", "scikit-learn=1.0.2", "pandas=1.3.5", "gunicorn=20.1.0"], DASH + "import sklearn\nimport pandas\n", [], "export", [("openssl", "1.1.1t"), ("zlib", "1.2.13")], "reduced to what the app asks for"),
    "whole machine": (["python=3.7.7", "dash=1.4.1", "pandas=1.0.3", "spyder-kernels=1.9.0", "pyqt=5.9.2", "scikit-learn=0.22.1", "requests=2.23.0", "gunicorn=20.0.4"], DASH + "import pandas\n", [], "export", [("sqlite", "3.41.2"), ("mkl", "2021.4.0")], "reduced to what the app asks for"),
    "nothing fits": (["python=3.7.7", "dash=1.4.1", "gunicorn=20.0.4"], DASH, [], "export", [("dash", "1.4.1"), ("dash", "2.6.1")], "none"),
}


def name_of(spec):
    return re.match(r"[A-Za-z0-9_.-]+", spec.split("::")[-1]).group(0)


def exact(spec):
    return spec.replace("=", "==") if "=" in spec else spec


def environment(folder, row, url, whole):
    """Writes the app; gives the records that it had when it ran."""
    asked, imports, pip, form, _, _ = row
    before = solver.solve([whole], [exact(it) for it in asked])
    if form == "export":
        lines = sorted(f"{it.name.normalized}={it.version}={it.build}" for it in before)
    elif form == "no-builds":
        lines = sorted(f"{it.name.normalized}={it.version}" for it in before)
    else:
        lines = asked
    text = f"channels:\n  - {url}\ndependencies:\n" + "".join(f"  - {it}\n" for it in lines)
    if pip:
        text += "  - pip:\n" + "".join(f"    - {it}\n" for it in pip)
    (folder / "environment.yml").write_text(text)
    (folder / "app.py").write_text(imports + "app = dash.Dash(__name__)\nserver = app.server\n")
    (folder / "Procfile").write_text("web: gunicorn app:server\n")
    return before


def needed(row, before):
    """What the app needs of conda, as the channel's own records tell: what it asks for and uses, and
    all that those need."""
    asked, imports, pip, _, _, _ = row
    modules = {"sklearn": "scikit-learn", "redis": "redis-py"}
    used = {line.split()[1].replace("_", "-") for line in imports.splitlines()} | {"gunicorn", "python"}
    used = {modules.get(it, it) for it in used} | ({"pip"} if pip else set())
    records = {it.name.normalized: it for it in before}
    open_, found = [it for it in used if it in records], set()
    roots = set(open_)
    while open_:
        name = open_.pop()
        if name in found or name not in records:
            continue
        found.add(name)
        open_.extend(it.split()[0] for it in records[name].depends)
    return roots, found


def run(folder, path):
    command = [DASHLIFT, "solve", "--with", "micromamba", "--write", "--allow-dirty", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PATH": f"{path}:{os.environ['PATH']}"})


def try_one(name, row, place, path):
    folder = place / re.sub(r"\W+", "-", name)
    folder.mkdir()
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    whole = channel.make(folder.parent / (folder.name + "-whole"))
    lost = row[4]
    own = folder.parent / (folder.name + "-channel")
    url = channel.make(own, "new" if lost == "builds" else "old", () if isinstance(lost, str) else lost)
    before = environment(folder, row, url, whole)
    old_lines = len(solver.read((folder / "environment.yml").read_text())[1])
    ran = run(folder, path)
    said = ran.stdout + ran.stderr
    after = (folder / "environment.yml").read_text()
    rung = re.search(r"micromamba has the environment ([^\n]*)", said)
    rung = re.sub(r"\s+", " ", rung.group(1)) if rung else "none"
    channels, specs = solver.read(after)
    problems = []
    try:
        records = {it.name.normalized: str(it.version) for it in solver.solve(channels, specs)}
    except rattler.exceptions.SolverError:
        records = None
    roots, closure = needed(row, before)
    gone = []
    if rung == "none":
        if "does not confirm" not in re.sub(r"\s+", " ", said):
            problems.append("no rung, and the solver's no is not said: " + said[-400:])
    elif records is None:
        problems.append(f"said to be had {rung}, and cannot be")
    else:
        gone = sorted(roots - set(records))
        if "versions" not in rung:
            versions = {it.name.normalized: str(it.version) for it in before}
            moved = [it for it in roots if it in records and records[it] != versions[it]]
            problems += [f"{it} moved to {records[it]} on the rung {rung}" for it in moved]
    if rung != row[5]:
        problems.append(f"the rung is {rung}, not {row[5]}")
    problems += [f"{it} is lost" for it in gone]
    left = {name_of(it) for it in specs}
    if rung.startswith("reduced") and not {"python"} <= left:
        problems.append("the Python is not named any more")
    above = len(left - roots) if rung.startswith("reduced") else None
    again = run(folder, path) if rung != "none" else None
    if again is not None and (folder / "environment.yml").read_text() != after:
        problems.append("a second run changes something")
    return {"name": name, "lines": old_lines, "rung": rung, "left": len(specs), "lost": len(gone), "above": above, "problems": problems}


def environments():
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        place = pathlib.Path(temporary)
        path = place / "bin"
        path.mkdir()
        program = path / "micromamba"
        program.write_text(f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(HERE)!r})\nimport solver\nsolver.leave(sys.argv[1:])\n")
        program.chmod(0o755)
        print("| environment | lines | rung | lines left | needed and lost | above the ideal |")
        print("|---|---|---|---|---|---|")
        for name, row in ENVIRONMENTS.items():
            one = try_one(name, row, place, path)
            above = "-" if one["above"] is None else one["above"]
            print(f"| {name} | {one['lines']} | {one['rung']} | {one['left']} | {one['lost']} | {above} |")
            for problem in one["problems"]:
                print(f"conda: {name}: {problem}", file=sys.stderr)
                failed += 1
    return failed


def old_spec(line):
    """What conda 4.5 made of a line of a list file (`spec_from_line` of its `conda.cli.common`)."""
    line = line.split("#")[0].strip()
    pattern = r"(?P<name>[^=<>!\s]+)\s*((?P<cc>=[^=<>!]+(=[^=<>!]+)?)|(?P<pc>[=<>!]{1,2}.+))?$"
    found = re.match(pattern, line)
    if not found:
        return None
    if found.group("cc"):
        return found.group("name").lower() + found.group("cc").replace("=", " ")
    if found.group("pc"):
        return found.group("name").lower() + " " + found.group("pc").replace(" ", "")
    return found.group("name").lower()


def versions_near(spec):
    """Versions around those that a spec speaks of."""
    found = set()
    for version in re.findall(r"(?<![\w.])\d+(?:\.\w+)*", spec):
        found |= {version, version + ".1", version + ".0", version + "1"}
        parts = version.split(".")
        if parts[-1].isdigit():
            found.add(".".join(parts[:-1] + [str(int(parts[-1]) + 1)]))
    return sorted(found)


def matches(spec, version, build):
    name = rattler.MatchSpec(spec).name.normalized
    own = rattler.VersionWithSource(version)
    record = rattler.PackageRecord(name, own, rattler.BuildString(build), 0, rattler.Subdir("linux-64"))
    return rattler.MatchSpec(spec).matches(record)


def converted(folder):
    """Compares each line of an app's list with what `fix` writes for it."""
    old = (folder / "conda-requirements.txt").read_bytes()
    try:
        lines = old.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        lines = old.decode("utf-16").splitlines()
    with tempfile.TemporaryDirectory() as temporary:
        copy = pathlib.Path(temporary) / "app"
        shutil.copytree(folder, copy)
        if not (copy / "conda-runtime.txt").exists():
            (copy / "conda-runtime.txt").write_text("Miniconda3-4.5.12\n")
        subprocess.run(["git", "init", "-q", str(copy)], check=True)
        subprocess.run([DASHLIFT, "fix", "--allow-dirty", str(copy)], capture_output=True, text=True)
        new = copy / "environment.yml"
        if not new.exists() or (copy / "conda-requirements.txt").exists():
            return 0, ["not converted"]
        _, specs = solver.read(new.read_text())
    written = {name_of(it).lower(): it for it in specs}
    compared, problems = 0, []
    for line in lines:
        spec = old_spec(line)
        if not spec or line.startswith("#"):
            continue
        spec = spec.split("::")[-1]
        build = spec.split(" ")[2] if len(spec.split(" ")) == 3 else None
        name = name_of(spec).lower()
        new_spec = written.get(name)
        if not new_spec or name in ("python", "pip", "setuptools", "wheel"):
            continue
        plain = " ".join(spec.split(" ")[:2])
        try:
            rattler.MatchSpec(new_spec)
        except Exception as error:
            problems.append(f"`{new_spec}` is no match spec: {error}")
            continue
        compared += 1
        new_plain = new_spec.split("::")[-1]
        for version in versions_near(spec):
            if matches(plain, version, build or "0") != matches(new_plain, version, "other"):
                problems.append(f"`{line}` became `{new_spec}`, and they differ on {version}")
                break
    return compared, problems


def lines():
    """Every line of an environment.yml that is written parses, and means what the old one did."""
    places = [*sorted((ROOT / "testdata").glob("*/before")), *sorted(SHARED.glob("cases/*")), *sorted(SHARED.glob("corpus/apps/*"))]
    compared = apps = failed = 0
    for folder in places:
        if not (folder / "conda-requirements.txt").exists():
            continue
        count, problems = converted(folder)
        apps += problems != ["not converted"]
        compared += count
        for problem in problems:
            print(f"conda: {folder.parent.name}/{folder.name}: {problem}", file=sys.stderr)
            failed += problem != "not converted"
    parsed = 0
    for file in sorted((ROOT / "testdata").glob("*/after/environment.yml")):
        for spec in solver.read(file.read_text())[1]:
            rattler.MatchSpec(spec)
            parsed += 1
    print(f"conda: {compared} lines of {apps} lists mean what they did; {parsed} written lines are match specs")
    return failed


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    failed = environments() + lines()
    if failed:
        sys.exit(f"conda: {failed} problems")
