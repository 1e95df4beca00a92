import os, dash_core_components as dcc
import dash_html_components as html  # layout
from dash.dependencies import Input, Output

from app import app, server
from pages import overview

app.layout = html.Div([dcc.Location(id="url"), html.Div(id="page")])


@app.callback(Output("page", "children"), [Input("url", "pathname")])
def show(pathname):
    return overview.layout()


if __name__ == "__main__":
    app.run_server(debug=True, port=8050)
