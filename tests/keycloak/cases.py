"""Brings people to a real Keycloak with the built program and looks, through Keycloak's own interface,
whether they are there: cases.py URL DASHLIFT FOLDER [PEOPLE]. Standard library only."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

URL, DASHLIFT, FOLDER = sys.argv[1:4]
PEOPLE = int(sys.argv[4]) if len(sys.argv) > 4 else 500
USER = os.environ["DASHLIFT_KEYCLOAK_USER"]
PASSWORD = os.environ["DASHLIFT_KEYCLOAK_PASSWORD"]
HEADER = "username,email,first_name,last_name,roles,groups,provider,provider_id,provider_name\n"
failures = []
passed = 0


def token():
    form = {"grant_type": "password", "client_id": "admin-cli", "username": USER, "password": PASSWORD}
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(URL + "/realms/master/protocol/openid-connect/token", data, 60) as answer:
        return json.load(answer)["access_token"]


def ask(path, method="GET", body=None):
    request = urllib.request.Request(URL + "/admin/realms" + path, method=method)
    request.add_header("Authorization", "Bearer " + token())
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    with urllib.request.urlopen(request, data, 60) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def wait():
    for _ in range(600):
        try:
            return ask("/dash")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(1)
    sys.exit("keycloak: it did not start within ten minutes")


def put(rows, name="users.csv"):
    path = os.path.join(FOLDER, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(HEADER + "".join(row + "\n" for row in rows))
    return path


def run(rows, *options, kill_after=None):
    command = [DASHLIFT, "users", "apply", put(rows), "--keycloak-url", URL, *options]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        out, err = child.communicate(timeout=kill_after or 900)
    except subprocess.TimeoutExpired:
        child.kill()
        out, err = child.communicate()
    text = (out + err).decode()
    check("no output holds the administrator's password", PASSWORD not in text, quiet=True)
    return child.returncode, text


def check(what, holds, told="", quiet=False):
    global passed
    if holds:
        passed += 1
        if not quiet:
            print("keycloak: " + what)
    else:
        failures.append(what)
        print("keycloak: NOT SO: " + what + "\n" + str(told))


def user(name):
    found = ask("/dash/users?exact=true&username=" + urllib.parse.quote(name))
    return found[0] if found else None


def roles(name):
    client = ask("/dash/clients?clientId=dash")[0]["id"]
    found = ask(f"/dash/users/{user(name)['id']}/role-mappings/clients/{client}")
    return sorted(role["name"] for role in found)


def words(text):
    return [line.split("  ")[0].strip() for line in text.splitlines()]


wait()
number = len(ask("/dash/users?max=2000"))

ana = ["Ana.Lee,Ana@Example.com,Ana,Lee,licensed_user,analysts,corp,c-1,ana"]
code, text = run(ana)
check("a dry run says what it would do and does nothing", code == 1 and "create" in text and not user("ana.lee"), text)
code, text = run(ana, "--apply")
made = user("ana.lee")
check("a new user is there, in lower case", code == 0 and made and made["email"] == "ana@example.com", text)
groups = [group["name"] for group in ask(f"/dash/users/{made['id']}/groups")]
links = ask(f"/dash/users/{made['id']}/federated-identity")
check("with role, group and link", "licensed_user" in roles("ana.lee") and groups == ["analysts"] and links[0]["userId"] == "c-1")
code, text = run(ana, "--apply")
check("a second run writes nothing", code == 0 and words(text)[0] == "as it is" and "0 created, 0 changed" in text, text)

code, text = run(["already,already@example.com,,,viewer;licensed_user,,,,"], "--apply")
check("roles that somebody has are kept", code == 0 and {"admin", "app-admin", "licensed_user"} <= set(roles("already")), text)
code, text = run(["other,ALREADY@example.com,,,,,,,"], "--apply")
check("an e-mail address that is taken is a conflict", code == 1 and "taken by already" in text and not user("other"), text)
code, text = run(["already,else@example.com,,,,,,,"], "--apply")
check("another e-mail address is a conflict", code == 1 and "another e-mail" in text, text)
code, text = run(["ana.lee,ana@example.com,,,,,corp,c-2,ana"], "--apply")
check("a link that differs is a conflict", code == 1 and "linked to another one of corp" in text, text)
code, text = run(["bob,bob@example.com,,,,,corp,c-1,bob"], "--apply")
check("an account of a provider has one user", code == 1 and "is linked to ana.lee" in text and not user("bob"), text)
code, text = run(["Dan,,,,,,,,", "dan,,,,,,,,"], "--apply")
check("capital letters make no second user", code == 2 and "are the same user" in text, text)
code, text = run(["eva,,,,pilot,nowhere,,,"], "--apply")
check("a role and a group that are missing are named", code == 2 and "pilot" in text and "nowhere" in text, text)
code, text = run(["eva,eva@example.com,,,,,,,"], "--apply", "--first-password", "invite", "--yes")
check("a realm without mail invites nobody", code == 2 and "sends no mail" in text and not user("eva"), text)

ask("/dash", "PUT", {"realm": "dash", "passwordPolicy": "length(200)"})
secret = os.path.join(FOLDER, "first.csv")
code, text = run(["eva,eva@example.com,,,,,,,"], "--apply", "--first-password", "random", "--passwords", secret)
check("a password that the policy refuses leaves no user", code == 1 and "failed" in text and not user("eva"), text)
ask("/dash", "PUT", {"realm": "dash", "passwordPolicy": "length(12) and digits(1) and upperCase(1) and specialChars(1)"})
os.remove(secret)
code, text = run(["eva,eva@example.com,,,,,,,"], "--apply", "--first-password", "random", "--passwords", secret)
mode = os.stat(secret).st_mode & 0o777
given = open(secret, encoding="utf-8").read().splitlines()[1].split(",", 1)[1].strip('"')
check("a random password is kept in a private file", code == 0 and mode == 0o600 and len(given) == 24 and given not in text, text)
check("and has to be changed", "UPDATE_PASSWORD" in user("eva")["requiredActions"])

ask("/master", "PUT", {"realm": "master", "accessTokenLifespan": 2})
many = [f"many{n:03},many{n:03}@example.com,,,viewer;licensed_user,,,," for n in range(PEOPLE)]
kills = 0
for seconds in (PEOPLE / 25, PEOPLE / 11):
    code, text = run(many, "--apply", kill_after=seconds)
    kills += code != 0
start = time.time()
code, text = run(many, "--apply")
there = [it for it in ask("/dash/users?max=2000") if it["username"].startswith("many")]
summary = re.findall(r"\d+ created.*", text)
took = int(time.time() - start)
check(f"{PEOPLE} users after {kills} kills, with tokens of two seconds ({took} s): {' '.join(summary)}",
      code == 0 and len(there) == PEOPLE, text[-2000:])
check("each with its role", all("licensed_user" in roles(name) for name in ("many000", f"many{PEOPLE // 2:03}", f"many{PEOPLE - 1:03}")))
code, text = run(many)
check("and nothing is left to do", code == 0 and f"{PEOPLE} as they are" in text, text[-2000:])
check("nobody else came or went", len(ask("/dash/users?max=2000")) == number + PEOPLE + 2)

print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
