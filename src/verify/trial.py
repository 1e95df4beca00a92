# Starts the web process of an app, asks it as a browser would, and writes down what came of it.
# Runs on every Python from 3.6 on, with its standard library alone, outside the app's environment.
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

# How much of what a process prints is kept: its last words tell why it died.
MOST = 256 * 1024
PAUSE = 0.1


def wait_for_service(port, end):
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(PAUSE)
    return False


def descendants(root):
    """The processes that `root` started, directly or not, and itself."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as stat:
                    parents[int(name)] = int(stat.read().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    known = {root}
    grows = True
    while grows:
        new = {pid for pid, parent in parents.items() if parent in known} - known
        known |= new
        grows = bool(new)
    return known


def listening_sockets():
    """Port by socket number, of all sockets that wait for connections."""
    ports = {}
    for table in ("tcp", "tcp6"):
        try:
            with open("/proc/net/" + table) as lines:
                rows = [line.split() for line in lines][1:]
        except OSError:
            continue
        for row in rows:
            if row[3] == "0A":
                ports[row[9]] = int(row[1].rpartition(":")[2], 16)
    return ports


def listening_ports(root, told):
    """The ports on which the process and its children wait; where nobody tells, the one it was told."""
    if not os.path.isdir("/proc/net"):
        return [told]
    sockets = listening_sockets()
    found = set()
    for pid in descendants(root):
        try:
            handles = os.listdir("/proc/%d/fd" % pid)
        except OSError:
            continue
        for handle in handles:
            try:
                target = os.readlink("/proc/%d/fd/%s" % (pid, handle))
            except OSError:
                continue
            if target.startswith("socket:["):
                port = sockets.get(target[8:-1])
                if port:
                    found.add(port)
    return sorted(found, key=lambda port: (port != told, port))


def ask(port, path, patience):
    """Status, content type and first bytes of the answer; `None` where there is none."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        connection.request("GET", path, headers={"Accept": "*/*"})
        answer = connection.getresponse()
        body = answer.read(64 * 1024)
        connection.close()
        return answer.status, answer.getheader("content-type") or "", body
    except (OSError, http.client.HTTPException):
        return None


def read_tail(path):
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - MOST))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def question(process, port, paths, prefixes, end):
    """What each path answers, behind the prefix that the app answers at."""
    first = None
    while first is None and process.poll() is None and time.monotonic() < end:
        for prefix in prefixes:
            found = ask(port, prefix + paths[0], max(1, min(60, end - time.monotonic())))
            if found is None:
                time.sleep(PAUSE)
                break
            if first is None or found[0] < 400:
                first = (prefix, found)
            if found[0] < 400:
                break
    if first is None:
        return []
    prefix, found = first
    answers = [(prefix + paths[0], found)]
    for path in paths[1:]:
        answer = ask(port, prefix + path, max(1, min(60, end - time.monotonic())))
        if answer:
            answers.append((prefix + path, answer))
    return [
        {"path": path, "status": status, "type": kind, "is_json": is_json(body)}
        for path, (status, kind, body) in answers
    ]


def is_json(body):
    return body[:1] in (b"{", b"[")


def start(what, log):
    return subprocess.Popen(
        what["command"],
        cwd=what["folder"],
        env=what["environment"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def try_app(task):
    end = time.monotonic() + task["seconds"]
    for service in task["services"]:
        with open(os.devnull, "w") as nowhere:
            start(service, nowhere)
        if not wait_for_service(service["port"], min(end, time.monotonic() + 30)):
            return {"service": service["name"]}
    path = os.path.join(task["scratch"], "log.txt")
    with open(path, "wb") as log:
        process = start(task["web"], log)
    ports = []
    while not ports and process.poll() is None and time.monotonic() < end:
        time.sleep(PAUSE)
        ports = listening_ports(process.pid, task["port"])
    answers = []
    if ports:
        answers = question(process, ports[0], task["paths"], task["prefixes"], end)
    return {
        "exit": process.poll(),
        "port": ports[0] if ports else None,
        "answers": answers,
        "log": read_tail(path),
    }


def end_with(parent):
    """Ends this process and what it started when who started it is gone."""
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(os.getpgid(0), signal.SIGKILL)


def main():
    watch = threading.Thread(target=end_with, args=(os.getppid(),))
    watch.daemon = True
    watch.start()
    with open(sys.argv[1]) as file:
        task = json.load(file)
    told = try_app(task)
    with open(sys.argv[2], "w") as file:
        json.dump(told, file)
        file.flush()
    # Ends whatever is left; who starts this has a group of its own for it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgid(0), signal.SIGTERM)
    os._exit(0)


main()
