import dash
import dash_core_components as dcc
import dash_html_components as html
import dash_table
from dash.dependencies import Input, Output
import pandas as pd

frame = pd.read_csv('data/old.csv')
table = dash_table.DataTable(data=frame.to_dict('records'))

app = dash.Dash(__name__)
server = app.server
app.layout = html.Div([table, dcc.Graph(id='graph')])
