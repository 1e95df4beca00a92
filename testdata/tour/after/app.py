"""What we sell, where and when."""

import os

import dash
from dash import dcc
import dash_enterprise_auth as auth
from dash import html
import pandas as pd
import plotly.express as px
from dash.dependencies import Input, Output

from tasks import refresh

SALES = os.path.join("/data", "sales.parquet")
REGION = os.environ.get("DEFAULT_REGION", "North")

app = dash.Dash(__name__)
server = app.server


def layout():
    user = auth.get_user_data()["username"]
    return html.Div(
        [
            html.H1("Sales"),
            html.P(f"Hello {user}"),
            dcc.LogoutButton(logout_url=os.environ["DASH_LOGOUT_URL"]),
            dcc.Dropdown(["North", "South"], REGION, id="region"),
            dcc.Graph(id="graph"),
            html.Button("Refresh", id="refresh"),
        ]
    )


app.layout = layout


@app.callback(Output("graph", "figure"), Input("region", "value"))
def draw(region):
    sales = pd.read_parquet(SALES)
    return px.line(sales[sales.region == region], x="week", y="amount")


@app.callback(
    Output("refresh", "disabled"),
    Input("refresh", "n_clicks"),
    prevent_initial_call=True,
)
def start(_clicks):
    refresh.delay()
    return True


if __name__ == "__main__":
    app.run_server(debug=True)
