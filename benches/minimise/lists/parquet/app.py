from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd

frame = pd.read_parquet('data/measurements.parquet')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("parquet"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
