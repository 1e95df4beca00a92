# Imports what a process of an app starts, in a scratch environment, and writes down what came of
# it: the exception's line and the last frame in the app's own code.
import importlib
import importlib.util
import json
import os
import sys
import traceback

root, told, kind, module, wanted = sys.argv[1:6]
root = os.path.realpath(root)
sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())]
folders = [os.getcwd()] + [os.path.join(root, folder) for folder in sys.argv[6:]]
sys.path[:0] = folders
sys.argv[:] = [module]


def load():
    if kind == "module":
        return importlib.import_module(module)
    name = os.path.splitext(os.path.basename(module))[0]
    spec = importlib.util.spec_from_file_location(name, module)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def raised(error):
    lines = traceback.format_exception_only(type(error), error)
    where = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        where.append((error.filename, error.lineno))
    own = [(os.path.realpath(name), line) for name, line in where if not name.startswith("<")]
    own = [(name, line) for name, line in own if name.startswith(root + os.sep)]
    name, line = own[-1] if own else (None, None)
    return {
        "error": lines[-1].strip().splitlines()[0][:500],
        "file": os.path.relpath(name, root).replace(os.sep, "/") if name else None,
        "line": line,
    }


try:
    found = load()
    if wanted:
        eval(wanted, vars(found))
    result = None
except BaseException as error:
    result = raised(error)
with open(told, "w") as file:
    json.dump({"raised": result}, file)
    file.flush()
# Threads that the app started would keep Python from ending.
os._exit(0)
