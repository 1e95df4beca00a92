"""What deptry keeps of the frozen lists: the lines that it does not call unused (DEP002).

    python3 peers.py FILE

Needs deptry. FILE is what `cargo bench --bench minimise -- --peers FILE` reads. deptry runs as it
does on a machine where the list is not installed: it takes a module's name for its distribution's.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OURS = re.compile(r"frozen-.*|(top|ideal|limits)\.txt")


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def unused(case, frozen):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(case, folder, dirs_exist_ok=True, ignore=lambda _, names: [n for n in names if OURS.fullmatch(n)])
        shutil.copy(frozen, pathlib.Path(folder) / "requirements.txt")
        out = pathlib.Path(folder) / "found.json"
        command = ["deptry", ".", "--requirements-files", "requirements.txt", "--json-output", str(out)]
        subprocess.run(command, cwd=folder, capture_output=True)
        return {normalized(it["module"]) for it in json.loads(out.read_text()) if it["error"]["code"] == "DEP002"}


def main():
    kept = {}
    for frozen in sorted(HERE.glob("lists/*/frozen-*.txt")):
        names = {normalized(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in frozen.read_text().splitlines() if line.strip()}
        python = frozen.stem.removeprefix("frozen-")
        kept[f"{frozen.parent.name}-{python}"] = sorted(names - unused(frozen.parent, frozen))
    pathlib.Path(sys.argv[1]).write_text(json.dumps(kept, indent=0, sort_keys=True))


if __name__ == "__main__":
    main()
