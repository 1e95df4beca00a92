from dash import Dash, Input, Output, callback, dcc, html
import os

from elasticsearch import Elasticsearch
from influxdb_client import InfluxDBClient
from pymongo import MongoClient

search = Elasticsearch(os.environ['SEARCH'])
series = InfluxDBClient(os.environ['SERIES'], token=os.environ['TOKEN'])
documents = MongoClient(os.environ['MONGO'])

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("stores"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
