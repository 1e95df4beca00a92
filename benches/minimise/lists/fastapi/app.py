from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd
from a2wsgi import WSGIMiddleware
from fastapi import FastAPI

frame = pd.DataFrame({'x': [1]})

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("fastapi"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)

api = FastAPI()
api.mount('/', WSGIMiddleware(server))
