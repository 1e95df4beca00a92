from dash import Dash, Input, Output, callback, dcc, html
import os

import pandas as pd
import sqlalchemy as sa

engine = sa.create_engine('mysql+pymysql://{}@{}/shop?ssl=1'.format(os.environ['DB_USER'], os.environ['DB_HOST']))
frame = pd.read_sql('orders', engine)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("mysql"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
