from dash import Dash, Input, Output, callback, dcc, html
import os

import pandas as pd
from sqlalchemy import create_engine

url = os.environ['DATABASE_URL'].replace('postgres://', 'postgresql://', 1)
engine = create_engine(url)
frame = pd.read_sql('select * from sales', engine)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("postgres"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
