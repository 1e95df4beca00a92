import os

import dash
import pandas as pd
import plotly.express as px
from dash import dcc, html

app = dash.Dash(__name__)
server = app.server

sales = pd.read_csv("data/sales.csv")
app.layout = html.Div([html.H1("Sales"), dcc.Graph(figure=px.bar(sales, x="month", y="amount"))])

if __name__ == "__main__":
    app.run_server(debug="DEBUG" in os.environ)
