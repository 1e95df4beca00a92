#!/usr/bin/env python3
"""Find the first Python that releases do not start on, by reading their sources.

    python3 breaks.py --cache FOLDER [--offline] [NAME ...]

For each NAME (without any: those of python_breaks.toml) it reads releases of the distribution and
follows what `import` of its top module runs: the statements of module level and of class bodies, and
the modules of its own that these import. What a Python no longer has (a module, a name of a module,
`async` as a name) and nothing guards (`try`, a test of the version) makes that Python the first one
that the release does not start on. What a test decides that cannot be read is left out: nothing is
guessed, and nothing that is found runs.

Which releases break is nearly monotone, so it looks at the first and the last release of each series
(1.0, 1.1) and halves what lies between where two of these differ: each border is seen on both sides. It prints rows for
rules/data/python_breaks.toml. FOLDER, outside the repository, keeps the archives.

The archives come from the index that pip is configured for, one at a time with a pause after each:
name the distributions that you mean, a few.
"""

import argparse
import ast
import io
import json
import pathlib
import re
import sys
import tarfile
import zipfile

from build import Fetcher, best_wheel, index_url, is_source, releases_of, source_of

MINORS = range(4, 15)

# What every user of a distribution imports, beside its top module, where that alone imports little.
ENTRIES = {
    "botocore": ["botocore.session"],
    "bokeh": ["bokeh.plotting", "bokeh.embed"],
    "celery": ["celery.app.base", "celery.backends.redis", "celery.bin.celery"],
    "dash": ["dash.dash"],
    "gunicorn": ["gunicorn.app.wsgiapp", "gunicorn.workers.sync"],
    "kombu": ["kombu.connection", "kombu.transport.redis"],
    "plotly": ["plotly.graph_objs", "plotly.offline"],
    "tornado": ["tornado.web", "tornado.ioloop"],
    "werkzeug": ["werkzeug.wrappers", "werkzeug.serving", "werkzeug.routing", "werkzeug.debug"],
}
READ_LIMIT = 60_000_000  # bytes of an archive: plotly 3 is a large one

ABCS = """AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable Collection Container
Coroutine Generator Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping
MutableSequence MutableSet Reversible Sequence Set Sized ValuesView""".split()

# What each Python took away, after "What's New": a module, or a name of one.
REMOVED = {
    **{f"collections.{name}": 10 for name in ABCS},
    "fractions.gcd": 9,
    "time.clock": 8,
    "cgi.escape": 8,
    "platform.dist": 8,
    "platform.linux_distribution": 8,
    "os.errno": 7,
    "base64.encodestring": 9,
    "base64.decodestring": 9,
    "xml.etree.cElementTree": 9,
    "sys.setcheckinterval": 9,
    "sys.getcheckinterval": 9,
    "dummy_threading": 9,
    "_dummy_threading": 9,
    "parser": 10,
    "symbol": 10,
    "formatter": 10,
    "macpath": 8,
    "inspect.getargspec": 11,
    "inspect.formatargspec": 11,
    "asyncio.coroutine": 11,
    "binhex": 11,
    "gettext.lgettext": 11,
    "imp": 12,
    "distutils": 12,
    "asynchat": 12,
    "asyncore": 12,
    "smtpd": 12,
    "configparser.SafeConfigParser": 12,
    "ssl.wrap_socket": 12,
    "ssl.match_hostname": 12,
    "pkgutil.ImpImporter": 12,
    "importlib.find_loader": 12,
    "unittest.makeSuite": 13,
    "unittest.findTestCases": 13,
    "html.parser.HTMLParseError": 5,
    **{name: 13 for name in "aifc audioop cgi cgitb chunk crypt imghdr mailcap msilib nis nntplib"
       " ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib lib2to3".split()},
}

# Of Python 2: an import of it fails on every Python 3, and a guard then takes its other way.
PYTHON_2 = set("""__builtin__ anydbm cPickle cStringIO cookielib Cookie commands ConfigParser copy_reg
dbhash dummy_thread exceptions gdbm htmlentitydefs HTMLParser httplib markupbase new Queue robotparser
sets SimpleHTTPServer BaseHTTPServer SocketServer StringIO thread Tkinter urllib2 urlparse UserDict
UserList UserString whichdb xmlrpclib _winreg
itertools.izip itertools.imap itertools.ifilter itertools.izip_longest string.maketrans
string.letters urllib.quote urllib.unquote urllib.quote_plus urllib.unquote_plus urllib.urlencode
urllib.urlopen urllib.urlretrieve urllib.splituser urllib.splitport urllib.getproxies
urllib.proxy_bypass types.ClassType types.StringTypes types.UnicodeType types.StringType os.getcwdu
sys.maxint""".split())
NAMES_2 = set("unicode basestring long xrange unichr raw_input reduce file cmp buffer execfile reload intern".split())

CATCHES = {
    "ImportError": {"ImportError", "Exception", "BaseException", None},
    "AttributeError": {"AttributeError", "Exception", "BaseException", None},
    "NameError": {"NameError", "Exception", "BaseException", None},
    "SyntaxError": {"SyntaxError", "Exception", "BaseException", None},
}

# What a name of such a module or constant means, wherever it comes from.
CONSTANTS = {
    "PY2": False, "PY3": True, "IS_PY2": False, "IS_PY3": True, "is_py2": False, "is_py3": True,
    "py3k": True, "py2k": False, "PYTHON2": False, "PYTHON3": True, "PYPY": False, "PY26": False,
    "PY27": False, "IS_PYTHON_3": True, "IS_PYTHON3": True, "TYPE_CHECKING": False, "PY33": True,
    "jython": False, "pypy": False, "IS_PYPY": False, "PY34": True, "win32": False, "WIN": False,
}


class Fails(Exception):
    """The import raises: what kind of error, where, and what is asked for."""

    def __init__(self, kind, module, line, what, minor):
        super().__init__(what)
        self.kind, self.module, self.line, self.what, self.minor = kind, module, line, what, minor


class Unknown(Exception):
    """A test that cannot be read."""


class Reader:
    """Follows what the import of a module runs on Python 3.`minor`."""

    def __init__(self, sources, minor, parsed):
        self.sources, self.minor, self.parsed = sources, minor, parsed
        self.seen = set()

    def enter(self, module):
        """Runs a module of its own, once; its parents run first."""
        parts = module.split(".")
        for end in range(1, len(parts) + 1):
            name = ".".join(parts[:end])
            if name in self.sources and name not in self.seen:
                self.seen.add(name)
                Scope(self, name).run(self.tree(name).body)

    def tree(self, name):
        """The module's syntax tree; `async` as a name is an error from Python 3.7 on."""
        if name not in self.parsed:
            self.parsed[name] = parse(self.sources[name][1])
        tree, line = self.parsed[name]
        if tree is None:
            raise Unknown
        if line and self.minor >= 7:
            raise Fails("SyntaxError", name, line, "`async` as a name", 7)
        return tree


def parse(text):
    """The tree, None where it cannot be read, and the line of an `async` that is a name."""
    try:
        return ast.parse(text), None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
    renamed = re.sub(r"\b(async|await)\b(?!\s+(def|for|with)\b)", r"\1_", text)
    try:
        return ast.parse(renamed), line
    except (SyntaxError, ValueError):
        return None, None


class Scope:
    """The statements of one module."""

    def __init__(self, reader, module):
        self.reader, self.module = reader, module
        path = reader.sources[module][0]
        self.package = module if path.endswith("__init__.py") else module.rpartition(".")[0]
        self.modules = {}
        self.values = {}

    def run(self, body):
        for statement in body:
            self.step(statement)

    def step(self, node):
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.load(alias.name, node.lineno)
                self.modules[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            self.load_from(node)
        elif isinstance(node, ast.If):
            self.branch(node)
        elif isinstance(node, ast.Try):
            self.attempt(node)
        elif isinstance(node, ast.With):
            self.run(node.body)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for part in [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]:
                self.look(part)
        elif isinstance(node, ast.ClassDef):
            for part in [*node.bases, *(word.value for word in node.keywords), *node.decorator_list]:
                self.look(part)
            self.run(node.body)
        elif isinstance(node, (ast.For, ast.While)):
            pass  # how often it runs is not known
        else:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self.assign(node.targets[0].id, node.value)
            self.look(node)

    def assign(self, name, value):
        try:
            self.values[name] = self.value(value)
        except Unknown:
            self.values.pop(name, None)

    def fail(self, kind, line, what, minor):
        raise Fails(kind, self.module, line, what, minor)

    def load(self, name, line):
        """`import name`."""
        if name in self.reader.sources:
            return self.reader.enter(name)
        head = name.split(".")[0]
        for known in (head, name):
            if self.reader.minor >= REMOVED.get(known, 99):
                self.fail("ImportError", line, known, REMOVED[known])
            if known in PYTHON_2:
                self.fail("ImportError", line, known, 0)

    def load_from(self, node):
        base = node.module or ""
        if node.level:
            parts = self.package.split(".")
            parts = parts[: len(parts) - (node.level - 1)]
            base = ".".join([*parts, *([base] if base else [])])
        elif f"{self.package}.{base}" in self.reader.sources and base not in self.reader.sources:
            pass  # an implicit relative import is one of Python 2
        self.load(base, node.lineno)
        for alias in node.names:
            full = f"{base}.{alias.name}"
            if full in self.reader.sources:
                self.reader.enter(full)
            elif base not in self.reader.sources:
                self.name_of(full, node.lineno, "ImportError")
            name = alias.asname or alias.name
            self.modules[name] = full
            if alias.name in CONSTANTS:
                self.values[name] = CONSTANTS[alias.name]

    def name_of(self, full, line, kind):
        if self.reader.minor >= REMOVED.get(full, 99):
            self.fail(kind, line, full, REMOVED[full])
        if full in PYTHON_2:
            self.fail(kind, line, full, 0)

    def branch(self, node):
        try:
            test = bool(self.value(node.test))
        except Unknown:
            return
        self.run(node.body if test else node.orelse)

    def attempt(self, node):
        try:
            self.run(node.body)
        except Fails as failure:
            for handler in node.handlers:
                if caught(handler) & CATCHES[failure.kind]:
                    return self.run([*handler.body, *node.finalbody])
            raise
        self.run([*node.orelse, *node.finalbody])

    def look(self, node):
        """The names of modules that an expression asks for when it is run."""
        for part in running(node):
            if isinstance(part, ast.Attribute):
                full = self.dotted(part)
                if full:
                    self.name_of(full, part.lineno, "AttributeError")
            elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and part.id in NAMES_2:
                if part.id not in self.values and part.id not in self.modules and part.id not in self.assigned():
                    self.fail("NameError", part.lineno, part.id, 0)

    def assigned(self):
        """The names that the module binds anywhere: then a name of Python 2 may be its own."""
        if not hasattr(self, "bound"):
            nodes = ast.walk(self.reader.tree(self.module))
            self.bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        return self.bound

    def dotted(self, node):
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.modules:
            return ".".join([self.modules[node.id], *reversed(parts)])
        return None

    def value(self, node):
        """What a test of the Python or the platform says."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Tuple):
            return tuple(self.value(part) for part in node.elts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return not self.value(node.operand)
        if isinstance(node, ast.BoolOp):
            return self.both(node)
        if isinstance(node, ast.Name):
            if node.id == "__name__":
                return self.module
            for known in (self.values, CONSTANTS):
                if node.id in known:
                    return known[node.id]
        if isinstance(node, ast.Attribute):
            return self.constant(node)
        if isinstance(node, ast.Subscript):
            return self.item(node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self.compare(node)
        raise Unknown

    def both(self, node):
        is_or = isinstance(node.op, ast.Or)
        unknown = False
        for part in node.values:
            try:
                if bool(self.value(part)) == is_or:
                    return is_or
            except Unknown:
                unknown = True
        if unknown:
            raise Unknown
        return not is_or

    def constant(self, node):
        full = self.dotted(node) or (f"sys.{node.attr}" if ast.unparse(node).startswith("sys.") else "")
        known = {
            "sys.version_info": (3, self.reader.minor, 9, "final", 0),
            "sys.platform": "linux",
            "os.name": "posix",
            "sys.version_info.major": 3,
            "sys.version_info.minor": self.reader.minor,
            "sys.hexversion": 0x030000F0 + (self.reader.minor << 16),
        }
        if full in known:
            return known[full]
        if node.attr in CONSTANTS:
            return CONSTANTS[node.attr]
        raise Unknown

    def item(self, node):
        whole = self.value(node.value)
        at = node.slice
        try:
            if isinstance(at, ast.Slice):
                low = self.value(at.lower) if at.lower else None
                return whole[low : self.value(at.upper) if at.upper else None]
            return whole[self.value(at)]
        except (TypeError, IndexError, KeyError) as error:
            raise Unknown from error

    def compare(self, node):
        left, right = self.value(node.left), self.value(node.comparators[0])
        tests = {
            ast.Eq: lambda: left == right,
            ast.NotEq: lambda: left != right,
            ast.Lt: lambda: left < right,
            ast.LtE: lambda: left <= right,
            ast.Gt: lambda: left > right,
            ast.GtE: lambda: left >= right,
            ast.In: lambda: left in right,
            ast.NotIn: lambda: left not in right,
        }
        try:
            return tests[type(node.ops[0])]()
        except (KeyError, TypeError) as error:
            raise Unknown from error


def caught(handler):
    kind = handler.type
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return {None if it is None else ast.unparse(it).rpartition(".")[2] for it in kinds}


def running(node):
    """The parts of a statement that run with it: not the bodies of functions, and not what stands
    behind a test."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, (ast.Lambda, ast.IfExp, ast.BoolOp, ast.GeneratorExp, ast.ListComp)):
            continue
        yield part
        todo.extend(ast.iter_child_nodes(part))


def judge(sources, tops):
    """The failure on the first Python that the import of the top modules fails on, or None."""
    parsed = {}
    for minor in MINORS:
        for top in tops:
            try:
                Reader(sources, minor, parsed).enter(top)
            except Fails as failure:
                if failure.minor:
                    return failure
            except (Unknown, RecursionError):
                pass
    return None


# --- archives ---------------------------------------------------------------------------------


def python_files(data, filename):
    """The Python files of an archive: path and text."""
    if filename.endswith((".whl", ".zip")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for path in archive.namelist():
                if path.endswith((".py", "top_level.txt")):
                    yield path, archive.read(path).decode("utf-8", "replace")
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith((".py", "top_level.txt")):
                yield member.name, archive.extractfile(member).read().decode("utf-8", "replace")


def sources_of(data, filename):
    """The modules of an archive by their dotted name, and its top modules."""
    files = dict(python_files(data, filename))
    if not filename.endswith(".whl"):
        files = {path.partition("/")[2]: text for path, text in files.items()}
    tops = [text.split() for path, text in files.items() if path.endswith("top_level.txt")]
    roots = [""] if any("/" not in path.removesuffix("/__init__.py") and path.endswith("__init__.py") for path in files) else ["", "src/", "lib/", "python/"]
    found = {}
    for root in roots:
        for path, text in files.items():
            if path.startswith(root) and path.endswith(".py"):
                name = path[len(root) : -3].removesuffix("/__init__").replace("/", ".")
                found.setdefault(name, (path, text))
    return found, (tops[0] if tops else [])


class Archive:
    def __init__(self, cache, offline):
        self.cache, self.offline = pathlib.Path(cache), offline
        self.fetcher = Fetcher(0.3)
        self.index = "" if offline else index_url().rstrip("/")

    def files(self, name):
        place = self.cache / name / "files.json"
        if place.exists():
            return json.loads(place.read_text())
        if self.offline:
            return []
        accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
        body = self.fetcher.read(f"{self.index}/{name}/", accept)
        found = json.loads(body)["files"] if body else []
        kept = ("filename", "url", "size", "requires-python", "upload-time", "yanked")
        found = [{key: file.get(key) for key in kept} for file in found]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(found))
        return found

    def read(self, name, files):
        """The bytes of a wheel or a source archive of a release, and its file name."""
        file = best_wheel(files) or source_of(files)
        if file is None or (file.get("size") or 0) > READ_LIMIT:
            return None
        place = self.cache / name / file["filename"]
        if not place.exists():
            if self.offline:
                return None
            body = self.fetcher.read(file["url"])
            if body is None:
                return None
            place.write_bytes(body)
        return place.read_bytes(), file["filename"]


def look(name, archive, until):
    """The releases, oldest first, and what was found of those looked at: a failure, False for none,
    None where the archive could not be read."""
    releases = releases_of(name, archive.files(name), False)
    early = [it for it in releases if all((file.get("upload-time") or "9") < until for file in it[1])]
    releases = releases[: len(early) + 1]
    known = {}

    def failure(at):
        if at not in known:
            read = archive.read(name, releases[at][1])
            known[at] = None
            if read:
                sources, tops = sources_of(*read)
                tops = [top for top in tops if top in sources and not top.startswith("test")]
                tops = tops or [top for top in (name.replace("-", "_"), name.replace("-", "")) if top in sources]
                tops += [entry for entry in ENTRIES.get(name, []) if entry in sources]
                known[at] = judge(sources, tops) or False
            print(f"  {name} {releases[at][0]}: {shown(known[at])}", file=sys.stderr)
        return known[at]

    def minor(at):
        found = failure(at)
        return minor_of(found)

    def halve(low, high):
        if minor(low) == minor(high) or high - low < 2:
            return
        middle = (low + high) // 2
        halve(low, middle)
        halve(middle, high)

    series = {}
    for at, (version, _) in enumerate(releases):
        series.setdefault(version.release[:2], []).append(at)
    places = sorted({place for own in series.values() for place in (own[0], own[-1])})
    for low, high in zip(places, places[1:]):
        halve(low, high)
    return releases, known


def minor_of(found):
    """The minor of a failure, 99 for none, 98 where the archive could not be read."""
    return 98 if found is None else found.minor if found else 99


def shown(failure):
    if failure is None:
        return "not read"
    return f"3.{failure.minor} {failure.module}:{failure.line} {failure.what}" if failure else "nothing"


def rows(name, releases, known):
    """Runs of looked-at releases with one minor, as rows."""
    seen = sorted(known)
    runs = []
    for at in seen:
        found = known[at]
        if runs and minor_of(runs[-1][2]) == minor_of(found):
            runs[-1][1], runs[-1][2] = at, found
        else:
            runs.append([at, at, found])
    for first, last, found in runs:
        if not found:
            continue
        lower = f">={releases[first][0]}" if first else ""
        upper = f"<{releases[last + 1][0]}" if last + 1 < len(releases) else ""
        yield "\n".join([
            "[[broken]]",
            f'name = "{name}"',
            f'versions = "{",".join(filter(None, [lower, upper]))}"',
            f"minor = {found.minor}",
            f'module = "{found.module}"',
            f"line = {found.line}",
            f'what = "{found.what}"',
            "",
        ])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True, help="folder that keeps what was fetched")
    parser.add_argument("--offline", action="store_true", help="read what the cache holds")
    parser.add_argument("--until", default="9", help="look at releases before this day and the next one")
    parser.add_argument("names", nargs="+", help="the distributions")
    arguments = parser.parse_args()
    archive = Archive(arguments.cache, arguments.offline)
    for name in arguments.names:
        for row in rows(name, *look(name, archive, arguments.until)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
