"""Moves the apps of benches/start/pairs.toml with `dashlift migrate --solve`, and compares how far they
come with how far the version of their owner comes: installs, imports, starts, answers.

Each is installed by uv on a real Python and asked for `/_dash-layout` on loopback, as run.py does. Uses
the network, and runs the code of the packages that are installed. The commit is of the pair's day.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import tomllib

import run

# How far an app comes, the least first.
ENDS = ["not solved", "solved", "installs", "imports", "starts", "answers"]


def git(folder, day, *words):
    when = {"GIT_AUTHOR_DATE": f"{day}T12:00:00", "GIT_COMMITTER_DATE": f"{day}T12:00:00"}
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", *who, *words], cwd=folder, env=os.environ | when, check=True, capture_output=True)


def started(folder, minor, args):
    """How far the app in the folder comes on a Python, and the last line of what it said."""
    python = run.python_of(minor, args.pythons)
    if python is None:
        return "not solved", f"no Python 3.{minor} here"
    with tempfile.TemporaryDirectory() as place:
        inside, uv = f"{place}/bin/python", [args.uv, "--no-python-downloads", "-q"]
        run.environment(python, place, inside, uv)
        command = [*uv, "pip", "install", "--python", inside, "-r", "requirements.txt"]
        installed = run.ran(command, folder, args.timeout)
        if installed is not None and "invalid metadata" in installed.stderr:
            command = [inside, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", "requirements.txt"]
            installed = run.ran(command, folder, args.timeout)
        if installed is None or installed.returncode:
            return "solved", "too long" if installed is None else " ".join(installed.stderr.split())[-300:]
        return run.asked(folder, inside, minor, args.port)


def moved(pair, folder, args):
    """Moves the app as it was; the Python of the result, and what was refused."""
    for name, text in [("requirements.txt", pair["before"]), ("app.py", pair["app"]), ("Procfile", "web: gunicorn app:server\n")]:
        (folder / name).write_text(text.lstrip())
    git(folder, pair["day"], "init", "-q", "-b", "main")
    git(folder, pair["day"], "add", "-A")
    git(folder, pair["day"], "commit", "-q", "-m", "An app")
    words = ["migrate", "--solve", *(["--unsafe-fixes"] if args.unsafe else []), "--format", "json"]
    ran = subprocess.run([args.program, *words], cwd=folder, capture_output=True, text=True)
    repository = json.loads(ran.stdout)["repositories"][0]
    if repository.get("branch"):
        git(folder, pair["day"], "checkout", "-q", repository["branch"]["name"])
    solved = repository.get("solved") or [{}]
    return solved[-1].get("python", "3.10").removeprefix("3."), repository.get("error")


def compare(pair, args):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        minor, error = moved(pair, folder, args)
        ours, why = ("not solved", error) if error else started(folder, minor, args)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "requirements.txt").write_text(pair["after"].lstrip())
        (folder / "app.py").write_text(pair["owner"].lstrip())
        owner, reason = started(folder, pair["python"].removeprefix("3."), args)
    return {"name": pair["name"], "python": minor, "ours": ours, "why": why, "owner": owner, "reason": reason}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="dashlift")
    parser.add_argument("--uv", default="uv")
    parser.add_argument("--pythons", action="append", default=[], help="a folder with */bin/python3.N")
    parser.add_argument("--safe", dest="unsafe", action="store_false", help="safe fixes alone")
    parser.add_argument("--only", help="pairs whose name holds this")
    parser.add_argument("--keep", default="pairs.json", help="where results are kept")
    parser.add_argument("--timeout", type=float, default=400, help="seconds of one installation")
    parser.add_argument("--port", type=int, default=run.PORT + 1)
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    args.program = str(pathlib.Path(args.program).resolve())
    pairs = tomllib.loads((run.HERE / "pairs.toml").read_text())["pair"]
    keep = pathlib.Path(args.keep)
    rows = json.loads(keep.read_text()) if keep.exists() else []
    for pair in pairs:
        if (args.only and args.only not in pair["name"]) or any(row["name"] == pair["name"] for row in rows):
            continue
        rows.append(compare(pair, args))
        keep.write_text(json.dumps(rows, indent=1))
        print(json.dumps(rows[-1]), flush=True)
    print("\n| pair | Python | ours | the owner's |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row['name']} | 3.{row['python']} | {row['ours']} | {row['owner']} |")
    behind = [row for row in rows if ENDS.index(row["ours"]) < ENDS.index(row["owner"])]
    print(f"\n{len(rows) - len(behind)} of {len(rows)} come at least as far as their owner's version")
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main())
