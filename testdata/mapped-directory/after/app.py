"""The plant's readings. The server maps /data and /mnt/models into the app."""
import os

import dash
import joblib
import pandas as pd
from dash import Input, Output, callback, dcc, html

from settings import DATA, EXPORTS, MODELS

app = dash.Dash(__name__)
server = app.server

readings = pd.read_csv(os.path.join(DATA, "readings.csv"))
limits = pd.read_excel("../mount/data/limits.xlsx", sheet_name="2023")
model = joblib.load(MODELS / "drift.joblib")

app.layout = html.Div(
    [
        dcc.Location(id="url"),
        dcc.Link("Data", href="/data"),
        dcc.Link("Database", href="/database"),
        html.Div(id="page"),
    ]
)


@callback(Output("page", "children"), Input("url", "pathname"))
def show(pathname):
    if pathname == "/data":
        return html.Pre(open(f"../mount/data/notes/{len(readings)}.txt").read())
    return html.Div()


def export(frame, name):
    frame.to_csv(os.path.join(EXPORTS, name))
