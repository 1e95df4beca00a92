"""Makes the frozen lists: each `lists/*/top.txt`, resolved as of its date for three Pythons.

    python3 resolve.py [CASE ...]

Needs uv and the index that it is configured for. `limits.txt` of a case limits versions that its
time did not know to be wrong. A list that exists is left alone; delete it to make it again.
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PYTHONS = ("3.8", "3.9", "3.10")


def resolve(case, python):
    top = case / "top.txt"
    date = top.read_text().splitlines()[0].rsplit(" ", 1)[-1]
    command = [
        "uv", "pip", "compile", "--quiet", "--no-annotate", "--no-header", "--python-version", python,
        "--python-platform", "linux", "--no-python-downloads", "--exclude-newer", date, str(top),
    ]
    limits = case / "limits.txt"
    if limits.exists():
        command += ["--constraint", str(limits)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{case.name} for {python}:\n{done.stderr}")
    (case / f"frozen-{python}.txt").write_text(done.stdout)


def main():
    wanted = set(sys.argv[1:])
    for case in sorted((HERE / "lists").iterdir()):
        if wanted and case.name not in wanted:
            continue
        for python in PYTHONS:
            if not (case / f"frozen-{python}.txt").exists():
                resolve(case, python)
                print(case.name, python)


if __name__ == "__main__":
    main()
