from dash import Dash, Input, Output, callback, dcc, html
import os

import pandas as pd
from flask_sqlalchemy import SQLAlchemy

app = Dash(__name__)
server = app.server
server.config["SQLALCHEMY_DATABASE_URI"] = f"postgresql://{os.environ['PGUSER']}@{os.environ['PGHOST']}/app"
db = SQLAlchemy(server)


@callback(Output("graph", "figure"), Input("pick", "value"))
def draw(value):
    return {"data": pd.read_sql_table(value, db.engine).to_dict("records")}


app.layout = html.Div(dcc.Graph(id="graph"))
