import json
import os
import subprocess

import flask
import requests
import dash_enterprise_auth
from dash import Dash, Input, Output, dcc, html

import users

HELP = "https://dash.example.com/Docs/dash-design-kit"
SERVER = "https://dash.example.com"

if os.environ.get("DASH_ENTERPRISE_ENV") == "WORKSPACE":
    prefix = "/workspace/view/workspace-sales/"
else:
    prefix = "/sales/"

app = Dash(__name__, requests_pathname_prefix=prefix)
server = app.server


def groups():
    data = flask.request.headers.get("Plotly-User-Data", "{}")
    return json.loads(data).get("groups", [])


def apps(key):
    query = "{ apps { apps { name } } }"
    return requests.post(SERVER + "/Manager/graphql", json={"query": query}, auth=key)


def layout():
    return html.Div(
        [
            dcc.Location(id="url", pathname="/app/home"),
            html.A("Help", href=HELP),
            html.A("Website", href="https://www.example.com/Docs/"),
            dash_enterprise_auth.create_logout_button(label="Bye"),
            html.P(users.name()),
            html.Ul([html.Li(group) for group in groups()]),
        ]
    )


app.layout = layout


@app.callback(Output("url", "pathname"), Input("refresh", "n_clicks"))
def refresh(_clicks):
    subprocess.run("cd /app && python refresh.py", shell=True, check=True)
    return "/app/home"
