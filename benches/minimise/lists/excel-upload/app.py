from dash import Dash, Input, Output, callback, dcc, html
import base64
import io

import pandas as pd


def parse(contents, name):
    data = base64.b64decode(contents.split(',')[1])
    return pd.read_excel(io.BytesIO(data))


old = pd.read_excel('data/prices.xls')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("excel-upload"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
