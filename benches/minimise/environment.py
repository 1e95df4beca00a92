"""What the environments of the frozen lists would say: `Requires-Dist` of each release in `lists/`.

    python3 environment.py --cache FOLDER --out FILE

FOLDER, outside the repository, keeps what was fetched; FILE is what `cargo bench --bench minimise --
--metadata FILE` reads. Installing the lists would give the same metadata and tens of gigabytes. The
index is the one that pip is configured for, three requests at a time with a pause after each.
"""

import argparse
import json
import pathlib
import re
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "rules" / "data" / "snapshot"))

import build  # noqa: E402


def pins():
    found = set()
    for path in HERE.glob("lists/*/frozen-*.txt"):
        for line in path.read_text().splitlines():
            match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", line)
            if match:
                found.add((build.normalized(match[1]), match[2]))
    return sorted(found)


def files_of(fetcher, name):
    url = build.index_url().rstrip("/") + f"/{name}/"
    body = fetcher.read(url, {"Accept": "application/vnd.pypi.simple.v1+json"})
    files = json.loads(body)["files"]
    for file in files:
        file["url"] = urllib.parse.urljoin(url, file["url"])
    return files


def requires(fetcher, name, version, files):
    wanted = build.Version(version)
    of_release = [f for f in files if build.version_of(name, f["filename"]) == wanted]
    wheel = build.best_wheel(of_release) or next((f for f in of_release if f["filename"].endswith(".whl")), None)
    if wheel:
        return build.from_wheel(fetcher, wheel)
    source = build.source_of(of_release)
    return build.from_source(fetcher, name, source) if source else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--pause", type=float, default=0.05)
    arguments = parser.parse_args()
    cache = pathlib.Path(arguments.cache)
    cache.mkdir(parents=True, exist_ok=True)
    fetcher = build.Fetcher(arguments.pause)
    of_name = {}
    for name, version in pins():
        of_name.setdefault(name, []).append(version)

    def look(name):
        files = None
        for version in of_name[name]:
            kept = cache / f"{name}=={version}.json"
            if not kept.exists():
                files = files or files_of(fetcher, name)
                kept.write_text(json.dumps(requires(fetcher, name, version, files)))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(look, of_name))
    known = {}
    for name, version in pins():
        told = json.loads((cache / f"{name}=={version}.json").read_text())
        if told is None:
            print(f"{name}=={version} does not tell what it needs", file=sys.stderr)
        else:
            known[f"{name}=={version}"] = told
    pathlib.Path(arguments.out).write_text(json.dumps(known, indent=0, sort_keys=True))
    print(f"{len(known)} releases", file=sys.stderr)


if __name__ == "__main__":
    main()
