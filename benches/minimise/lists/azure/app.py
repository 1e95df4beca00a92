from dash import Dash, Input, Output, callback, dcc, html
import os

import pandas as pd
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from azure.storage.blob import BlobServiceClient

credential = DefaultAzureCredential()
secrets = SecretClient(os.environ['VAULT'], credential)
blobs = BlobServiceClient(os.environ['ACCOUNT'], credential)
frame = pd.DataFrame()

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("azure"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
