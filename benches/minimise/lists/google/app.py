from dash import Dash, Input, Output, callback, dcc, html
from google.cloud import bigquery, storage
import pandas as pd

bucket = storage.Client().bucket('reports')
frame = bigquery.Client().query('select 1').to_dataframe()
other = pd.DataFrame()

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("google"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
