from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd
from flask_caching import Cache

frame = pd.read_csv('data/a.csv')
cache = Cache(config={'CACHE_TYPE': 'filesystem', 'CACHE_DIR': 'cache'})

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("caching-files"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
