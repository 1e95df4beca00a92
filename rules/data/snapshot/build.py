#!/usr/bin/env python3
"""Build the snapshot of what distributions need, from the metadata of their releases.

    python3 build.py --cache FOLDER [--workers 3] [--pause 0.1] [--refresh] [--offline]
                     [--without-needs] [NAME ...]

Reads distributions.txt beside it and writes edges.txt and days.txt beside it. With NAMEs it looks
at these distributions alone and leaves the others as they are. What edges.txt already says of the
needs of a release is kept and not asked for again: a release never changes. Needs Python 3.9 or newer and
pip (whose copies of `packaging` and `requests` it uses), nothing else. FOLDER, outside the repository, keeps what
was fetched, so that a run can be broken off and taken up again; --refresh asks again which
releases there are, --offline asks for nothing. The index is the one that pip is configured for.

It is polite: only the listed distributions, each file once, few requests at a time, a pause after
each, and no whole file where its metadata alone can be had.

What a release needs is read, first that answers: from the metadata of the wheel for Linux x86-64
or of a wheel for any platform, then from the source archive (metadata 2.2 or newer, else the
egg-info folder of setuptools). Where none of these tells, the release is written down as unknown:
nothing is guessed. No code of a distribution runs. README.md tells the form of edges.txt.
"""

import argparse
import datetime
import email.parser
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
from pip._vendor.packaging.version import InvalidVersion, Version
from pip._vendor.requests import RequestException, Session

HERE = pathlib.Path(__file__).resolve().parent
SINCE = "2016-01-01"  # releases from this day on, ...
BEFORE = 10  # ... and this many of the last ones before it
ARCHIVE_LIMIT = 30_000_000  # bytes of a source archive that are read at most
GLIBC = 35  # of Ubuntu 22.04, on which Dash Enterprise 5 builds: manylinux_2_35 is the newest
MINORS = range(6, 15)  # the Pythons whose wheels are told apart
SKIPPED_EXTRAS = re.compile(
    r"""extra\s*==\s*['"](all[-_])?(dev|develop|development|devel|test|tests|testing|tests?[-_.].*|.*[-_.]tests?|unittest
    |doc|docs|docs?[-_.].*|documentation|lint|linting|linters?|style|format|type|types|typing|mypy|check|checks|checkers?
    |enabler|cover|coverage|ci|qa|build|release|publish|packaging|bench|benchmarks?|pre-commit|precommit|examples?|tutorials?)['"]""",
    re.VERBOSE,
)


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def index_url():
    """The index that pip is configured for."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    told = subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    if told:
        return told
    from pip._internal.models.index import PyPI

    return PyPI.simple_url


class Fetcher:
    """Asks with a pause after each request, and again when the other side is out of breath."""

    def __init__(self, pause):
        self.pause = pause
        self.requests = 0
        self.bytes = 0
        self.own = threading.local()

    def session(self):
        """The connections of this thread, kept open from one request to the next."""
        if not hasattr(self.own, "session"):
            self.own.session = Session()
            self.own.session.headers["User-Agent"] = "dashlift-snapshot/1"
            self.own.session.verify = os.environ.get("SSL_CERT_FILE") or True
        return self.own.session

    def open(self, url, headers=None, stream=False):
        """The answer; an error of the other side is one too, after some tries."""
        for wait in (2, 10, 30, None):
            try:
                self.requests += 1
                answer = self.session().get(url, headers=headers, stream=stream, timeout=60)
                if answer.status_code < 500 and answer.status_code != 429 or wait is None:
                    return answer
            except RequestException:
                if wait is None:
                    raise
            time.sleep(wait)

    def read(self, url, headers=None):
        """The body, or None where there is none."""
        try:
            answer = self.open(url, headers)
        finally:
            time.sleep(self.pause)
        if answer.status_code in (403, 404):
            return None
        answer.raise_for_status()
        self.bytes += len(answer.content)
        return answer.content


class Remote(io.RawIOBase):
    """A file on the other side of which only the asked parts are fetched."""

    BLOCK = 1 << 15

    def __init__(self, fetcher, url, size):
        self.fetcher, self.url, self.size = fetcher, url, size
        self.at = 0
        self.blocks = {}

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        self.at = max(0, offset + (0, self.at, self.size)[whence])
        return self.at

    def tell(self):
        return self.at

    def block(self, number):
        if number not in self.blocks:
            start = number * self.BLOCK
            end = min(start + self.BLOCK, self.size) - 1
            self.blocks[number] = self.fetcher.read(self.url, {"Range": f"bytes={start}-{end}"}) or b""
        return self.blocks[number]

    def readinto(self, buffer):
        if self.at >= self.size:
            return 0
        number, offset = divmod(self.at, self.BLOCK)
        part = self.block(number)[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)


# --- reading metadata -------------------------------------------------------------------------


def from_metadata(text, of_source=False):
    """The values of Requires-Dist; None when this metadata does not tell."""
    headers = email.parser.HeaderParser().parsestr(text)
    version = headers.get("Metadata-Version")
    if version is None:
        return None
    if of_source:
        dynamic = {value.lower() for value in headers.get_all("Dynamic") or []}
        numbers = tuple(int(part) for part in version.split("."))
        if numbers < (2, 2) or dynamic & {"requires-dist", "provides-extra"}:
            return None
    return [" ".join(value.split()) for value in headers.get_all("Requires-Dist") or []]


def from_requires_txt(text):
    """The requirements of an egg-info folder's requires.txt, as values of Requires-Dist."""
    found, extra, marker = [], "", ""
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = line[1:-1].partition(":")
            continue
        requirement, _, own = line.partition(";")
        conditions = [part.strip() for part in (own, marker) if part.strip()]
        if len(conditions) > 1:
            conditions = [f"({part})" for part in conditions]
        if extra:
            conditions = [f"({part})" if " or " in part else part for part in conditions]
            conditions.append(f'extra == "{normalized(extra)}"')
        joined = " and ".join(conditions)
        found.append(f"{requirement.strip()}; {joined}" if joined else requirement.strip())
    return found


def from_wheel(fetcher, file):
    body = fetcher.read(file["url"] + ".metadata")
    if body is None:
        remote = Remote(fetcher, file["url"], file["size"])
        with zipfile.ZipFile(io.BufferedReader(remote)) as archive:
            names = [n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n)]
            if not names:
                return None
            body = archive.read(names[0])
    return from_metadata(body.decode("utf-8", "replace"))


class SourceReader:
    """Looks at the files of a source archive one by one until they tell."""

    def __init__(self, name):
        self.egg = re.compile(rf"[^/]+/(?:[^/]+/)?({re.escape(name)})\.egg-info/([^/]+)")
        self.seen_egg = False
        self.listed = None
        self.answer = None

    def wants(self, path):
        if path.count("/") == 1 and path.endswith("/PKG-INFO"):
            return "metadata"
        match = self.egg.fullmatch(re.sub(r"[-_.]+(?=.*\.egg-info/)", "-", path).lower())
        return match.group(2) if match else None

    def take(self, kind, text):
        """Whether the file answered."""
        if kind == "metadata":
            self.answer = from_metadata(text, of_source=True)
        elif kind == "requires.txt":
            self.answer = from_requires_txt(text)
        elif kind == "pkg-info":
            self.seen_egg = True
        elif kind == "sources.txt":
            self.seen_egg = True
            names = [line.rsplit("/", 1)[-1] for line in text.splitlines() if ".egg-info/" in line]
            if "PKG-INFO" in names and "requires.txt" not in names:
                self.answer = []
        return self.answer is not None

    def end(self):
        """The answer after the last file: setuptools writes no requires.txt without needs."""
        return [] if self.answer is None and self.seen_egg else self.answer


def from_source(fetcher, name, file):
    if file["size"] > ARCHIVE_LIMIT:
        return None
    reader = SourceReader(name)
    if file["filename"].endswith(".zip"):
        remote = Remote(fetcher, file["url"], file["size"])
        with zipfile.ZipFile(io.BufferedReader(remote)) as archive:
            for path in archive.namelist():
                kind = reader.wants(path)
                if kind and reader.take(kind, archive.read(path).decode("utf-8", "replace")):
                    return reader.answer
        return reader.end()
    try:
        plain = {"Accept-Encoding": "identity"}
        answer = fetcher.open(file["url"], plain, stream=True)
        answer.raise_for_status()
        with answer, tarfile.open(fileobj=answer.raw, mode="r|*") as archive:
            for member in archive:
                kind = reader.wants(member.name.removeprefix("./")) if member.isfile() else None
                if kind and reader.take(kind, archive.extractfile(member).read().decode("utf-8", "replace")):
                    return reader.answer
    finally:
        time.sleep(fetcher.pause)
    return reader.end()


# --- releases and their files -----------------------------------------------------------------


def wheel_tags(filename):
    parts = filename[:-4].split("-")
    return [part.split(".") for part in parts[-3:]] if len(parts) >= 5 else None


def fits_platform(platform):
    if platform in ("any", "linux_x86_64", "manylinux1_x86_64", "manylinux2010_x86_64", "manylinux2014_x86_64"):
        return True
    match = re.fullmatch(r"manylinux_2_(\d+)_x86_64", platform)
    return bool(match) and int(match.group(1)) <= GLIBC


def wheel_minors(filename):
    """The minors of Python 3 on whose Linux x86-64 the wheel installs; a last "+" for no end."""
    tags = wheel_tags(filename)
    if not tags or not any(fits_platform(platform) for platform in tags[2]):
        return set()
    found = set()
    for python in tags[0]:
        match = re.fullmatch(r"(cp|py)3(\d*)", python)
        if not match:
            continue
        minor = int(match.group(2) or 0)
        exact = any(abi.rstrip("mu") == f"cp3{minor}" for abi in tags[1])
        if match.group(1) == "py" and "none" in tags[1]:
            found |= {m for m in MINORS if m >= minor} | {"+"}
        elif match.group(1) == "cp" and "abi3" in tags[1]:
            found |= {m for m in MINORS if m >= minor} | {"+"}
        elif match.group(1) == "cp" and "none" in tags[1]:
            found |= {m for m in MINORS if m >= minor} | {"+"} if python == "cp3" else {minor}
        elif match.group(1) == "cp" and exact:
            found.add(minor)
    return found


def is_source(filename):
    return filename.endswith((".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz"))


def version_of(name, filename):
    """The version that a file's name tells, or None."""
    if filename.endswith(".whl"):
        parts = filename.split("-")
        text = parts[1] if len(parts) >= 5 else ""
    elif is_source(filename):
        stem = re.sub(r"\.(tar\.(gz|bz2|xz)|zip|tgz)$", "", filename)
        match = re.match("[-_.]+".join(map(re.escape, name.split("-"))) + "-", stem, re.IGNORECASE)
        text = stem[match.end() :] if match else ""
    else:
        return None
    try:
        return Version(text)
    except InvalidVersion:
        return None


def releases_of(name, files, with_pre):
    """The releases to write down, oldest first: version and files."""
    releases = {}
    for file in files:
        version = version_of(name, file["filename"])
        if version is not None and not version.local:
            releases.setdefault(version, []).append(file)
    stable = {v: f for v, f in releases.items() if with_pre or not v.is_prerelease}
    chosen = sorted((stable or releases).items())
    first = lambda files: min(file.get("upload-time") or "9" for file in files)
    late = [item for item in chosen if first(item[1]) >= SINCE]
    early = [item for item in chosen if first(item[1]) < SINCE]
    return sorted(early[-BEFORE:] + late)


def best_wheel(files):
    """The wheel for Linux x86-64 or any platform whose Python is nearest to 3.10."""
    def distance(file):
        minors = wheel_minors(file["filename"]) - {"+"}
        return min(abs(minor - 10) for minor in minors), file["filename"]

    fitting = [f for f in files if f["filename"].endswith(".whl") and wheel_minors(f["filename"]) - {"+"}]
    return min(fitting, key=distance, default=None)


def source_of(files):
    found = sorted((f for f in files if is_source(f["filename"])), key=lambda f: f["filename"])
    return next((f for f in found if f["filename"].endswith(".tar.gz")), found[0] if found else None)


# --- writing ----------------------------------------------------------------------------------


def modern(text):
    """Old specifiers as today's: `>=2.7.*` is `>=2.7`, and `>dev` or `>=2011k` allow everything,
    as pip sorted what is no version before all versions."""
    text = re.sub(r"(>=|<=|<|>)\s*([0-9][0-9.]*)\.\*", r"\1\2", text)
    return re.sub(r"(^|[,(\s]|(?<=[a-z]))>=?\s*(dev|\d+[d-qs-z])(?=$|[,)\s])", r"\1", text)


def specifiers(text):
    """Specifiers in a form that everybody reads; None for what has no meaning."""
    text = re.sub(r"\s+", "", modern(text or "")).strip(",").strip("()")
    try:
        read = SpecifierSet(text)
    except InvalidSpecifier:
        return None
    if any(type(one).__name__ == "LegacySpecifier" for one in read):
        return None
    return ",".join(sorted(map(str, read), key=lambda s: (re.sub(r"[^0-9].*", "", s.lstrip("<>=!~")), s)))


class Unread(Exception):
    """A requirement that cannot be read: what its release needs is unknown."""


def dependency(text):
    """A requirement in the snapshot's form; None for one that only developers ask for."""
    if SKIPPED_EXTRAS.search(text.lower()):
        return None
    requirement, _, marker = text.partition(";")
    requirement = modern(requirement).replace("()", "")
    try:
        read = Requirement(f"{requirement}; {marker}" if marker.strip() else requirement)
    except InvalidRequirement as error:
        raise Unread(text) from error
    if re.search(r"""extra == (["'])(?![A-Za-z0-9._-]+\1)""", str(read.marker)):
        return None  # broken metadata: nobody can ask for an extra of such a name
    versions = specifiers(str(read.specifier))
    if versions is None:
        raise Unread(text)
    extras = ",".join(sorted(map(normalized, read.extras)))
    name = normalized(read.name) + (f"[{extras}]" if extras else "")
    marker = str(read.marker or "").replace("===", "==")  # of strings both are the same
    return name + versions + (f";{marker}" if marker else "")


def minors_text(files):
    minors = set().union(*(wheel_minors(f["filename"]) for f in files if f["filename"].endswith(".whl")))
    numbers = sorted(m for m in minors if m != "+" and m >= MINORS[0])
    runs = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(a) if a == b else f"{a}-{b}" for a, b in runs]
    if "+" in minors and runs:
        open_end = runs[-1][0]
        texts[-1] = "*" if open_end == MINORS[0] else f"{open_end}+"
    return ",".join(texts)


def number_runs(numbers):
    texts = []
    for number in sorted(set(numbers)):
        if texts and texts[-1][1] == number - 1:
            texts[-1][1] = number
        else:
            texts.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in texts) or "-"


def block(name, releases):
    """The lines of one distribution."""
    table, rows, last = {}, [], [None] * 3
    for version, files, needs in releases:
        source = source_of(files)
        chosen = best_wheel(files) or source or files[0]
        python = specifiers(chosen.get("requires-python")) or "-"
        fits = minors_text(files) + ("s" if source else "")
        try:
            read = None if needs is None else [dependency(text) for text in needs]
            numbers = "?" if read is None else number_runs(
                table.setdefault(text, len(table)) for text in read if text
            )
        except Unread as error:
            print(f"{name} {version}: unread: {error}", file=sys.stderr)
            numbers = "?"
        yanked = "!" if all(file.get("yanked") for file in files) else ""
        row = [python, fits or "-", numbers]
        if rows and row == last:
            rows[-1][0].append(f"{version}{yanked}")
        else:
            shown = ['"' if old == new else new for old, new in zip(last, row)]
            rows.append(([f"{version}{yanked}"], shown))
        last = row
    yield f"@{name}"
    yield from (f"+{text}" for text in table)
    for versions, shown in rows:
        yield "\t".join([" ".join(versions), *shown])


# --- the run ----------------------------------------------------------------------------------


class Build:
    def __init__(self, arguments):
        self.fetcher = Fetcher(arguments.pause)
        self.arguments = arguments
        self.cache = pathlib.Path(arguments.cache)
        self.index = "" if arguments.offline else index_url().rstrip("/")
        self.failures = []
        self.lock = threading.Lock()
        self.edges = blocks_of((HERE / "edges.txt").read_text())
        self.days = days_of((HERE / "days.txt").read_text())
        # The newest day on which the index said what is written: that of the text, until an answer
        # is newer, fetched now or kept in the cache.
        self.day = day_of("edges.txt")

    def files(self, name):
        """The index's answer, kept in the cache."""
        place = self.cache / name / "files.json"
        if place.exists() and not self.arguments.refresh:
            return self.dated(place)
        if self.arguments.offline:
            return []
        accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
        body = self.fetcher.read(f"{self.index}/{name}/", accept)
        found = json.loads(body)["files"] if body else []
        kept = ("filename", "url", "size", "requires-python", "upload-time", "yanked")
        found = [{key: file.get(key) for key in kept} for file in found]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(found))
        return self.dated(place)

    def dated(self, place):
        """An answer of the index, whose day counts."""
        day = datetime.date.fromtimestamp(place.stat().st_mtime).isoformat()
        with self.lock:
            self.day = max(self.day, day)
        return json.loads(place.read_text())

    def ask(self, name, files):
        wheel, source = best_wheel(files), source_of(files)
        needs = from_wheel(self.fetcher, wheel) if wheel else None
        return from_source(self.fetcher, name, source) if needs is None and source else needs

    def needs(self, name, version, files, known):
        """What a release needs; asked once."""
        key = str(version)
        if key in known or self.arguments.offline or self.arguments.without_needs:
            return known.get(key)
        try:
            known[key] = self.ask(name, files)
        except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError, ValueError, KeyError) as error:
            with self.lock:
                self.failures.append(f"{name} {version}: {type(error).__name__} {error}")
            return None
        return known[key]

    def distribution(self, name, with_pre):
        try:
            files = self.files(name)
        except (OSError, ValueError) as error:
            self.failures.append(f"{name}: {error}")
            return
        place = self.cache / name / "needs.json"
        known = json.loads(place.read_text()) if place.exists() else {}
        known = {**needs_of(self.edges.get(name, [])), **known}
        before = len(known)
        releases = releases_of(name, files, with_pre)
        found = []
        for number, (version, own) in enumerate(releases):
            found.append((version, own, self.needs(name, version, own, known)))
            if number % 50 == 49 and len(known) > before:
                place.write_text(json.dumps(known))
        if len(known) > before:
            place.write_text(json.dumps(known))
        print(f"{name}: {len(found)} releases, {self.fetcher.requests} requests so far", file=sys.stderr)
        if found:
            self.edges[name] = list(block(name, found))[1:]
            self.days[name] = day_lines(found)


def blocks_of(text):
    """The lines of each distribution of edges.txt."""
    found, name = {}, None
    for line in text.splitlines():
        if line.startswith("@"):
            name = line[1:]
            found[name] = []
        elif name:
            found[name].append(line)
    return found


def needs_of(lines):
    """What the rows of a distribution say that its releases need; unknown ones are left out."""
    table = [line[1:] for line in lines if line.startswith("+")]
    found, last = {}, None
    for line in lines:
        if line.startswith("+"):
            continue
        versions, *fields = line.split("\t")
        last = fields[2] if fields[2] != '"' else last
        if last == "?":
            continue
        needs = []
        for run in last.split(",") if last != "-" else []:
            first, _, end = run.partition("-")
            needs += table[int(first) : int(end or first) + 1]
        found.update({version.rstrip("!"): needs for version in versions.split(" ")})
    return found


def days_of(text):
    """The lines of each distribution of days.txt."""
    return blocks_of(text)


def day_lines(releases):
    """The days of the releases, a day a line, oldest release first."""
    days = {}
    for version, files, _ in releases:
        known = [file["upload-time"][:10] for file in files if file.get("upload-time")]
        if known and min(known) >= "2008-01-01":
            days.setdefault(min(known), []).append(str(version))
    return [" ".join([day, *versions]) for day, versions in sorted(days.items())]


def listed():
    lines = (HERE / "distributions.txt").read_text().splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    return [(normalized(word[0]), "pre" in word[1:]) for word in words]


def report(lines, names, failures):
    """To people: what failed, and what is needed but not listed."""
    needed = {}
    for line in lines:
        if line.startswith("+") and "extra ==" not in line:
            name = re.match(r"\+([a-z0-9-]+)", line).group(1)
            needed[name] = needed.get(name, 0) + 1
    missing = sorted((name for name in needed if name not in names), key=lambda n: -needed[n])
    print("needed but not listed:", *missing, file=sys.stderr)
    print(*failures, sep="\n", file=sys.stderr)


def day_of(name):
    """The day in the first line of one of the two texts."""
    with (HERE / name).open(encoding="utf-8") as text:
        found = re.search(r"\d{4}-\d\d-\d\d", text.readline())
    return found.group() if found else "1970-01-01"


def write(name, title, blocks, kept, day):
    """One of the two texts, with the day in its first line: when the index last said something new."""
    lines = [f"# dashlift {title} {day}: written by build.py, see README.md"]
    for distribution in kept:
        if blocks.get(distribution):
            lines += [f"@{distribution}", *blocks[distribution]]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True, help="folder that keeps what was fetched")
    parser.add_argument("--workers", type=int, default=3, help="requests at a time (at most 4)")
    parser.add_argument("--pause", type=float, default=0.1, help="seconds after each request")
    parser.add_argument("--refresh", action="store_true", help="ask again which releases there are")
    parser.add_argument("--offline", action="store_true", help="write what the cache holds")
    parser.add_argument("--without-needs", action="store_true", help="ask for files alone: one request a distribution")
    parser.add_argument("names", nargs="*", help="these distributions alone")
    arguments = parser.parse_args()
    build = Build(arguments)
    names = listed()
    asked = [one for one in names if not arguments.names or one[0] in arguments.names]
    with ThreadPoolExecutor(min(arguments.workers, 4)) as pool:
        list(pool.map(lambda one: build.distribution(*one), asked))
    kept = sorted(name for name, _ in names)
    # Where only some were asked, the others are as old as they were.
    day = day_of("edges.txt") if arguments.names else build.day
    write("edges.txt", "snapshot", build.edges, kept, day)
    write("days.txt", "upload days", build.days, kept, day)
    lines = [line for name in kept for line in build.edges.get(name, [])]
    report(lines, set(kept), build.failures)
    return 1 if build.failures else 0


if __name__ == "__main__":
    sys.exit(main())
