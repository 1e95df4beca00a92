"""Solves every list of benches/solve/lists for Python 3.10 and prints the table of docs/benchmarks.md.

Needs the network and uv. Usage: python3 benches/solve/run.py PROGRAM [AT_ONCE]
"""
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

LISTS = sorted((pathlib.Path(__file__).parent / "lists").glob("*.txt"))


def solve(path):
    with tempfile.TemporaryDirectory() as folder:
        app = pathlib.Path(folder)
        shutil.copy(path, app / "requirements.txt")
        (app / "Procfile").write_text("web: gunicorn app:server\n")
        (app / "app.py").write_text("import dash\n")
        words = ["solve", "--python", "3.10", "--format", "json", "-q", "--timeout", "900"]
        start = time.time()
        ran = subprocess.run([sys.argv[1], *words], cwd=app, capture_output=True, text=True)
        seconds = time.time() - start
    repository = json.loads(ran.stdout)["repositories"][0]
    solved = (repository.get("solved") or [{}])[0]
    pins = sum("==" in line for line in path.read_text().splitlines())
    rung = solved["rung"] if solved.get("solved") else repository["error"] or "not solved"
    return path.stem, pins, rung, len(solved.get("changes", [])), seconds, bool(solved.get("solved"))


with ThreadPoolExecutor(int(sys.argv[2]) if len(sys.argv) > 2 else 1) as pool:
    rows = list(pool.map(solve, LISTS))
print("| list | pins | rung | changed | seconds |\n|---|---|---|---|---|")
for name, pins, rung, changed, seconds, _ in rows:
    print(f"| {name} | {pins} | {rung} | {changed} | {seconds:.0f} |")
good = [row for row in rows if row[5]]
print(f"\n{len(good)} of {len(rows)} solved, {sum(row[3] for row in good)} of", end=" ")
print(f"{sum(row[1] for row in good)} pins changed, median {statistics.median(r[4] for r in rows):.0f} s")
