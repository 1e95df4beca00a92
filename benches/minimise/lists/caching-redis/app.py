from dash import Dash, Input, Output, callback, dcc, html
import os

import pandas as pd
from flask_caching import Cache

frame = pd.read_csv('data/a.csv')
cache = Cache(config={'CACHE_TYPE': 'redis', 'CACHE_REDIS_URL': os.environ.get('REDIS_URL', '')})

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("caching-redis"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
