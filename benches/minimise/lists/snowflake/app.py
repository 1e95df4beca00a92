from dash import Dash, Input, Output, callback, dcc, html
import os

import pandas as pd
import snowflake.connector
from sqlalchemy import create_engine

connection = snowflake.connector.connect(user=os.environ['SF_USER'], account=os.environ['SF_ACCOUNT'])
engine = create_engine('snowflake://{}@{}/db'.format(os.environ['SF_USER'], os.environ['SF_ACCOUNT']))
frame = pd.read_sql('select 1', engine)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("snowflake"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
