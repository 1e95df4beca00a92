import os
from dash import dcc
from dash import html  # layout
from dash.dependencies import Input, Output

from app import app, server
from pages import overview

app.layout = html.Div([dcc.Location(id="url"), html.Div(id="page")])


@app.callback(Output("page", "children"), [Input("url", "pathname")])
def show(pathname):
    return overview.layout()


if __name__ == "__main__":
    app.run(debug=True, port=8050)
