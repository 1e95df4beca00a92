"""Solves an environment with rattler, the solver of pixi; also as a program that takes the arguments of
micromamba's `create --dry-run`, so that dashlift can ask it."""

import asyncio
import json
import os
import pathlib
import re
import sys

import rattler
from rattler.exceptions import SolverError


def read(text):
    """The lists of a plain environment.yml, without those of pip."""
    lists, key = {"channels": [], "dependencies": []}, None
    inside_pip = None
    for line in text.splitlines():
        bare = re.sub(r"\s+#.*$", "", line).rstrip()
        if not bare.strip() or bare.lstrip().startswith("#"):
            continue
        indent = len(bare) - len(bare.lstrip())
        head = re.match(r"^(\w+):\s*(\[.*\])?$", bare)
        if head:
            key, inside_pip = head.group(1), None
            if head.group(2):
                lists[key] = [it.strip() for it in head.group(2)[1:-1].split(",") if it.strip()]
            continue
        item = bare.strip()
        if key not in lists or not item.startswith("- "):
            continue
        if item == "- pip:":
            inside_pip = indent
            continue
        if inside_pip is not None and indent > inside_pip:
            continue
        inside_pip = None
        lists[key].append(item[2:].strip().strip("'\""))
    return lists["channels"], lists["dependencies"]


def solve(channels, specs):
    """The records, or rattler's error."""
    virtual = [
        rattler.GenericVirtualPackage(rattler.PackageName(name), rattler.Version(version), rattler.BuildString("0"))
        for name, version in [("__glibc", "2.35"), ("__linux", "5.15"), ("__unix", "0")]
    ]
    work = rattler.solve(
        channels, [rattler.MatchSpec(it) for it in specs], platforms=["linux-64", "noarch"],
        virtual_packages=virtual, add_pip_as_python_dependency=True,
    )
    return asyncio.run(work)


def main(arguments):
    file = pathlib.Path(arguments[arguments.index("--file") + 1])
    channels, specs = read(file.read_text())
    try:
        records = solve(channels, specs)
    except SolverError as error:
        print(json.dumps({"success": False, "solver_problems": [str(error)]}))
        return 1
    link = [{"name": it.name.normalized, "version": str(it.version)} for it in records]
    print(json.dumps({"success": True, "dry_run": True, "actions": {"LINK": link}}))
    return 0


def leave(arguments):
    """Ends at once: rattler's threads outlive the interpreter otherwise."""
    code = main(arguments)
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(sys.argv[1:])
