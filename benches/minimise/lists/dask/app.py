from dash import Dash, Input, Output, callback, dcc, html
import dask.dataframe as dd
from dask.distributed import Client

client = Client(processes=False)
frame = dd.read_parquet('data/parts')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("dask"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
