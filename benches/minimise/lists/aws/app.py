from dash import Dash, Input, Output, callback, dcc, html
import boto3
import pandas as pd

client = boto3.client('s3')
frame = pd.read_csv('s3://bucket/sales.csv')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("aws"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
