"""Solves the lists of benches/start/cases.toml, installs what comes of it with uv on a real Python,
starts each app on loopback and asks it for `/_dash-layout`; prints a table.

Uses the network, and runs the code of the packages that are installed. Needs uv (--uv) and the
Pythons themselves: `python3.7` to `python3.12` on PATH, or folders that hold `*/bin/python3.N`
(--pythons). Results are kept as one JSON file per run (--keep), and a case that is in it is not run
again.

Ways: `dashlift` (the Python where least changes), `dashlift-3.N`, `uv-3.N` (the list as it is),
`stripped-3.N` (its pins taken out), `day-3.N` (as it is, with uv's cut-off day).
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
PORT = 18050
TODAY = time.strftime("%Y-%m-%d")
# Where uv has no wheel of these it is told to give up: their old sources do not build on Python 3.10,
# and to find that out takes minutes each.
COMPILED = ["numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "pyarrow", "shapely", "fiona", "statsmodels", "lxml"]

# How an app uses what its list names. `old` stands for imports of before Dash 2.
DASH = {
    "old": "import dash\nimport dash_core_components as dcc\nimport dash_html_components as html\n",
    "new": "import dash\nfrom dash import dcc, html\n",
}
USES = {
    "pandas": ("import pandas as pd", "df = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})\ndf.groupby('a').sum()"),
    "numpy": ("import numpy as np", "np.linspace(0, 1, 5).mean()"),
    "express": ("import plotly.express as px", "px.scatter(x=[1, 2], y=[3, 4])"),
    # Before plotly 4.8 there is no figure without a frame.
    "express_frame": ("import pandas\nimport plotly.express as px", "px.scatter(pandas.DataFrame({'x': [1], 'y': [2]}), x='x', y='y')"),
    "graph_objs": ("import plotly.graph_objs as go", "go.Figure(data=[go.Scatter(x=[1], y=[2])])"),
    "plotly_old": ("import plotly.plotly as py", "py.plot"),
    "table_old": ("import dash_table", "dash_table.DataTable(id='t', columns=[], data=[])"),
    "table_new": ("from dash import dash_table", "dash_table.DataTable(id='t', columns=[], data=[])"),
    "table_experiments": ("import dash_table_experiments as dt", "dt.DataTable(rows=[{}], id='t')"),
    "bootstrap": ("import dash_bootstrap_components as dbc", "dbc.Button('x')"),
    "daq": ("import dash_daq as daq", "daq.BooleanSwitch(id='s')"),
    "cytoscape": ("import dash_cytoscape as cyto", "cyto.Cytoscape(id='c', elements=[])"),
    "auth": ("import dash_auth", "dash_auth.BasicAuth"),
    "mantine": ("import dash_mantine_components as dmc", "dmc.Button('x')"),
    "leaflet": ("import dash_leaflet as dl", "dl.Map()"),
    "bio": ("import dash_bio", "dash_bio"),
    "extensions": ("import dash_extensions", "dash_extensions"),
    "caching": ("from flask_caching import Cache", "Cache(config={'CACHE_TYPE': 'simple'})"),
    "login": ("from flask_login import LoginManager", "LoginManager()"),
    "sqlalchemy": ("from sqlalchemy import create_engine", "create_engine('sqlite://')"),
    "flask_sqlalchemy": ("from flask_sqlalchemy import SQLAlchemy", "SQLAlchemy()"),
    "requests": ("import requests", "requests.Session()"),
    "sklearn": ("from sklearn.linear_model import LinearRegression", "LinearRegression().fit([[0], [1]], [0, 1])"),
    "scipy": ("from scipy import stats", "stats.norm.cdf(0)"),
    "statsmodels": ("import statsmodels.api as sm", "sm.add_constant([1.0, 2.0])"),
    "redis": ("import redis", "redis.StrictRedis"),
    "celery": ("from celery import Celery", "Celery('x', broker='memory://')"),
    "boto3": ("import boto3", "boto3.session.Session()"),
    "psycopg2": ("import psycopg2", "psycopg2.connect"),
    "yfinance": ("import yfinance", "yfinance.Ticker"),
    "datareader": ("import pandas_datareader", "pandas_datareader"),
    "bs4": ("from bs4 import BeautifulSoup", "BeautifulSoup('<p>x', 'html.parser')"),
    "openpyxl": ("import openpyxl", "openpyxl.Workbook()"),
    "networkx": ("import networkx as nx", "nx.path_graph(3)"),
    "matplotlib": ("import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt", "plt.figure()"),
    "seaborn": ("import seaborn", "seaborn.color_palette()"),
    "geopandas": ("import geopandas", "geopandas.GeoDataFrame"),
    "shapely": ("from shapely.geometry import Point", "Point(0, 0).buffer(1)"),
    "pyarrow": ("import pyarrow", "pyarrow.array([1])"),
    "xlrd": ("import xlrd", "xlrd.open_workbook"),
    "dateutil": ("from dateutil import parser", "parser.parse('2020-01-01')"),
    "pytz": ("import pytz", "pytz.timezone('UTC')"),
    "jinja2": ("from jinja2 import Template", "Template('x').render()"),
    "markdown": ("import markdown", "markdown.markdown('x')"),
    "diskcache": ("import diskcache", "diskcache.Cache"),
    "tinydb": ("import tinydb", "tinydb.TinyDB"),
    "np_bool": ("import numpy as np", "np.bool(1)"),
    "dotenv": ("from dotenv import load_dotenv", "load_dotenv()"),
    "nltk": ("import nltk", "nltk.word_tokenize"),
    "colorlover": ("import colorlover as cl", "cl.scales['3']"),
    "xgboost": ("import xgboost", "xgboost.XGBRegressor"),
    "lightgbm": ("import lightgbm", "lightgbm.LGBMRegressor"),
    "pillow": ("from PIL import Image", "Image.new('RGB', (1, 1))"),
    "numexpr": ("import numexpr", "numexpr.evaluate('1+1')"),
    "dash_events": ("from dash.dependencies import Event", "Event"),
    "dash_deps": ("from dash.dependencies import Input, Output, State", "Input('a', 'value')"),
    "scripts_config": ("", "app_late.append(lambda app: app.css.config)"),
}

# What `python -m venv` puts into an environment; uv does it faster.
BROUGHT = """
import ensurepip
for name in ("pip", "setuptools"):
    version = getattr(ensurepip, "_%s_VERSION" % name.upper(), None)
    if version:
        print("%s==%s" % (name, version))
"""

RUNNER = """
import sys
sys.path.insert(0, ".")
import app
print("imported", flush=True)
from werkzeug.serving import make_server
make_server("127.0.0.1", int(sys.argv[1]), app.server).serve_forever()
"""


def source(case):
    """The app of a case."""
    uses = [USES[name] for name in case["uses"]]
    heads = [head for head, _ in uses if head]
    bodies = [body for _, body in uses]
    extra = "@app.callback(Output('out', 'children'), [Input('in', 'value')])\ndef update(value):\n    return value\n"
    lines = [DASH[case["style"]] + "from dash.dependencies import Input, Output", *heads, "app_late = []", *bodies]
    lines += ["app = dash.Dash(__name__)", "server = app.server"]
    lines += ["app.layout = html.Div([dcc.Input(id='in', value='x'), html.Div(id='out'), dcc.Graph(id='g')])", extra]
    lines += ["for late in app_late:\n    late(app)"]
    return "\n".join(lines) + "\n"


def python_of(minor, folders):
    """The interpreter of Python 3.minor; none where there is none."""
    found = shutil.which(f"python3.{minor}")
    if found and "shims" not in found:
        return found
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob(f"*/bin/python3.{minor}")):
            return str(path)
    return None


def solved(case, folder, words, program):
    """What dashlift says: the document, and the seconds that it took."""
    command = [program, "solve", "--offline", "--as-of", case["day"], *words]
    start = time.time()
    ran = subprocess.run([*command, "--format", "json"], cwd=folder, capture_output=True, text=True)
    seconds = time.time() - start
    repository = json.loads(ran.stdout)["repositories"][0]
    if not repository.get("solved"):
        return {"python": "3.10", "solved": False, "changes": [], "added": [], "constraints": [], "notes": [repository.get("error")]}, seconds
    document = repository["solved"][0]
    if document["solved"]:
        subprocess.run([*command, "--write"], cwd=folder, capture_output=True, text=True)
    return document, seconds


def ran(command, folder, seconds):
    """Runs a program to its end; none where its time is over, and then all that it started ends, too."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def stripped(text):
    return re.sub(r"[=<>~!]=?=?[^;#\n]*", "", text)


def ended(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


def asked(folder, python, minor, port):
    """Starts the app and asks it; how far it came, and the last line of what it said."""
    runner = folder / ".runner.py"
    runner.write_text(RUNNER)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    log = (folder / ".log").open("w+")
    process = subprocess.Popen([python, str(runner), str(port)], cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=environment)
    try:
        for _ in range(360):
            time.sleep(0.5)
            if process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_dash-layout", timeout=20) as answer:
                    body = answer.read()
                    return ("answers", "") if b"props" in body else ("starts", "no layout")
            except urllib.error.HTTPError as error:
                log.seek(0)
                lines = [line for line in log.read().splitlines() if line.strip()]
                errors = [line for line in lines if re.match(r"\w*(Error|Exception)", line)]
                return "starts", (errors or [str(error)])[-1]
            except OSError:
                pass
    finally:
        ended(process)
    log.seek(0)
    said = log.read()
    lines = [line for line in said.splitlines() if line.strip()]
    return ("imports" if "imported" in said else "installs"), (lines or [""])[-1]


def environment(python, venv, inside, uv):
    """Makes one as a build has it, with what CPython brings: pip, and setuptools up to 3.11."""
    made = subprocess.run([python, "-m", "venv", "--without-pip", str(venv)], capture_output=True, text=True)
    brought = subprocess.run([python, "-c", BROUGHT], capture_output=True, text=True).stdout.split()
    if made.returncode == 0:
        made = subprocess.run([*uv, "pip", "install", "--python", inside, *brought], capture_output=True, text=True)
    return made


def run(case, way, args):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "requirements.txt").write_text(case["list"])
        (folder / "app.py").write_text(source(case))
        (folder / "Procfile").write_text("web: gunicorn app:server\n")
        row = {"case": case["name"], "way": way, "held": case.get("held", False), "lines": 0, "limits": 0}
        kind, _, version = way.partition("-")
        minor = version.removeprefix("3.") or "10"
        options = []
        if kind == "dashlift":
            words = ["--python", version or "least"]
            document, row["seconds"] = solved(case, folder, words, args.program)
            row["solved"], minor = document["solved"], document["python"].removeprefix("3.")
            row["lines"] = len(document["changes"]) + len(document["added"])
            row["limits"] = len(document["constraints"])
            row["changes"] = [f"{one['requirement']} -> {one['after']}: {one['reason']}" for one in document["changes"]]
            if not document["solved"]:
                notes = [one["reason"] for one in document.get("conflicts", [])] + [str(it) for it in document["notes"]]
                return row | {"python": minor, "end": "not solved", "why": "; ".join(notes)}
        elif kind == "stripped":
            (folder / "requirements.txt").write_text(stripped(case["list"]))
        elif kind == "day":
            options = ["--exclude-newer", case["day"]]
            # What builds sources is that of today, or nothing of those years is built.
            options += [f"--exclude-newer-package={name}={TODAY}" for name in ("setuptools", "wheel")]
        row["python"] = minor
        python = python_of(minor, args.pythons)
        if python is None:
            return row | {"end": "no such Python", "why": ""}
        venv = folder / ".venv"
        uv = [args.uv, "--no-python-downloads", "-q"]
        inside = str(venv / "bin" / "python")
        made = environment(python, venv, inside, uv)
        start = time.time()
        only = [] if kind == "dashlift" else [f"--only-binary={name}" for name in COMPILED]
        command = [*uv, "pip", "install", "--python", inside, *options, *only, "-r", "requirements.txt"]
        installed = ran(command, folder, args.timeout)
        row["installation"] = round(time.time() - start, 1)
        if installed is None:
            return row | {"end": "solved", "why": "the installation took too long"}
        if "invalid metadata" in installed.stderr:
            # Wheels of old releases with metadata that only newer judges refuse; no release of
            # Dash Enterprise 5 has one of those.
            row["installer"] = "pip"
            command = [inside, "-m", "pip", "install", "-q", "--disable-pip-version-check", *only, "-r", "requirements.txt"]
            installed = ran(command, folder, args.timeout)
            row["installation"] = round(time.time() - start, 1)
            if installed is None:
                return row | {"end": "solved", "why": "the installation took too long"}
        if made.returncode or installed.returncode:
            lines = [line.strip() for line in (made.stderr + installed.stderr).splitlines() if line.strip()]
            return row | {"end": "solved", "why": " ".join(lines)[:600]}
        end, why = asked(folder, inside, minor, args.port)
        return row | {"end": end, "why": why[:300]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="dashlift")
    parser.add_argument("--uv", default="uv")
    parser.add_argument("--pythons", action="append", default=[], help="a folder with */bin/python3.N")
    parser.add_argument("--way", action="append", help="dashlift, dashlift-3.10, uv-3.10, stripped-3.10, day-3.10")
    parser.add_argument("--held", action="store_true", help="the lists that were put aside, too")
    parser.add_argument("--only", help="cases whose name holds this")
    parser.add_argument("--shuffle", action="store_true", help="in an order of chance, always the same: for runs that do not reach the end")
    parser.add_argument("--keep", default="start.json", help="where results are kept")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--timeout", type=float, default=400, help="seconds of one installation")
    parser.add_argument("--port", type=int, default=PORT)
    args = parser.parse_args()
    args.program = str(pathlib.Path(args.program).resolve())
    cases = tomllib.loads((HERE / "cases.toml").read_text())["case"]
    cases = [case for case in cases if args.held or not case.get("held")]
    cases = [case for case in cases if not args.only or args.only in case["name"]]
    if args.shuffle:
        random.Random(1).shuffle(cases)
    keep = pathlib.Path(args.keep)
    rows = json.loads(keep.read_text()) if keep.exists() else []
    known = {(row["case"], row["way"]) for row in rows}
    until = time.time() + 60 * args.minutes
    # Whoever ends this ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # Case by case, so that the ways can be compared wherever it ends.
    for case in cases:
        for way in args.way or ["dashlift"]:
            if (case["name"], way) in known or time.time() > until:
                continue
            rows.append(run(case, way, args))
            keep.write_text(json.dumps(rows, indent=1))
            row = rows[-1]
            print(f"{row['case']:<28} {way:<14} 3.{row['python']:<3} {row['lines']:>2} {row['limits']:>3} {row['end']:<11} {row['why']}", flush=True)
    table(rows)


def table(rows):
    print("\n| way | lists | tried | solved | install | import | answer | lines | constraints (median) |")
    print("|---|---|---|---|---|---|---|---|---|")
    ends = ["not solved", "solved", "installs", "imports", "starts", "answers"]
    for way in sorted({row["way"] for row in rows}):
        for held in (False, True):
            own = [row for row in rows if row["way"] == way and row["held"] == held and row["end"] in ends]
            if not own:
                continue
            reached = [sum(ends.index(row["end"]) >= at for row in own) for at in (1, 2, 3, 5)]
            limits = sorted(row["limits"] for row in own)[len(own) // 2]
            name = "put aside" if held else "while building"
            print(f"| {way} | {name} | {len(own)} | {reached[0]} | {reached[1]} | {reached[2]} | {reached[3]} | {sum(row['lines'] for row in own)} | {limits} |")


if __name__ == "__main__":
    sys.exit(main())
