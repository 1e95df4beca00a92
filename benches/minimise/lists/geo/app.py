from dash import Dash, Input, Output, callback, dcc, html
import folium
import geopandas as gpd
import pandas as pd
import pyproj
from shapely.geometry import Point

frame = gpd.GeoDataFrame(pd.DataFrame({'n': [1]}), geometry=[Point(0, 0)], crs=pyproj.CRS(4326))
map_ = folium.Map()

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("geo"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
