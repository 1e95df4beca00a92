"""Proves reduced lists with a real resolver: each of them, with its constraints, gives the frozen list.

    cargo bench --bench minimise -- --write FOLDER
    python3 online.py FOLDER

Needs uv and the index that it is configured for. Markers that no target of the lists fires are
looked at by uv itself. Prints what differs, and how many lists are the same.
"""

import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent


def pins(text):
    return {line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")}


def resolve(folder, name):
    case, _, python = name.rpartition("-")
    top = (HERE / "lists" / case / "top.txt").read_text()
    date = top.splitlines()[0].rsplit(" ", 1)[-1]
    command = [
        "uv", "pip", "compile", "--quiet", "--no-annotate", "--no-header", "--python-version", python,
        "--python-platform", "linux", "--no-python-downloads", "--exclude-newer", date,
        "--constraint", str(folder / f"{name}.constraints"), str(folder / f"{name}.txt"),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return name, "does not resolve: " + done.stderr.strip().splitlines()[0]
    frozen = pins((HERE / "lists" / case / f"frozen-{python}.txt").read_text())
    bare = lambda lines: {line.split("[")[0] + line[line.find("=="):] if "[" in line else line for line in lines}
    found = bare(pins(done.stdout))
    gone, come = bare(frozen) - found, found - bare(frozen)
    return name, " ".join([*(f"-{it}" for it in sorted(gone)), *(f"+{it}" for it in sorted(come))])


def main():
    folder = pathlib.Path(sys.argv[1])
    names = [path.name[: -len(".txt")] for path in sorted(folder.glob("*.txt"))]
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda name: resolve(folder, name), names))
    for name, difference in told:
        if difference:
            print(f"{name}: {difference}")
    same = sum(not difference for _, difference in told)
    print(f"{same} of {len(told)} reduced lists resolve to what was frozen")


if __name__ == "__main__":
    main()
