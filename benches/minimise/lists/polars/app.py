from dash import Dash, Input, Output, callback, dcc, html
import duckdb
import polars as pl

frame = pl.DataFrame({'x': [1]})
arrow = duckdb.sql('select 1').to_arrow_table()
other = pl.read_parquet('data/a.parquet', use_pyarrow=True)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("polars"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
