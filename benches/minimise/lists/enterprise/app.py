from dash import Dash, Input, Output, callback, dcc, html
import os

import dash_cytoscape as cyto
import dash_daq as daq
import dash_enterprise_auth as auth
import pandas as pd
import redis

store = redis.from_url(os.environ['REDIS_URL'])
frame = pd.DataFrame()
parts = [auth.create_logout_button(), daq.Gauge(value=3), cyto.Cytoscape(elements=[])]

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("enterprise"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
