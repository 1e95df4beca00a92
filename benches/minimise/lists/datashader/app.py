from dash import Dash, Input, Output, callback, dcc, html
import colorcet as cc
import datashader as ds
import holoviews as hv
import pandas as pd
import xarray as xr
from holoviews.plotting.plotly.dash import to_dash

frame = pd.DataFrame({'x': [1.0], 'y': [2.0]})
picture = ds.Canvas().points(frame, 'x', 'y')
array = xr.DataArray(picture)
points = hv.Points(frame).opts(cmap=cc.fire)
shown = to_dash

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("datashader"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
