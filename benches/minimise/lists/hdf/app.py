from dash import Dash, Input, Output, callback, dcc, html
import numpy as np
import pandas as pd

frame = pd.read_hdf('data/run.h5', 'events')
mean = np.mean(frame.to_numpy())

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("hdf"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
