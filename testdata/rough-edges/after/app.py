import dash
import pandas as pd
from dash import Input, Output, dcc, html

app = dash.Dash(__name__)
server = app.server


def load():
    return pd.read_csv("state/orders.csv")


def save(orders):
    orders.to_csv("state/orders.csv")


app.layout = html.Div([dcc.Graph(id="graph"), html.Button("Save", id="save")])
