from dash import Dash, Input, Output, callback, dcc, html
import dash_bootstrap_components as dbc
from dash_bootstrap_templates import load_figure_template
import numpy as np
import pandas as pd
import plotly.graph_objects as go

load_figure_template('darkly')
frame = pd.DataFrame({'x': np.arange(9)})
figure = go.Figure(go.Bar(x=frame.x))
theme = dbc.themes.DARKLY

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("bootstrap-2024"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
