from dash import Dash, Input, Output, callback, dcc, html
import os
import urllib.parse

import pandas as pd
import sqlalchemy

parameters = urllib.parse.quote_plus('DRIVER={ODBC Driver 17 for SQL Server};SERVER=' + os.environ['SERVER'])
engine = sqlalchemy.create_engine('mssql+pyodbc:///?odbc_connect=' + parameters)
frame = pd.read_sql('select 1', engine)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("mssql"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
