from dash import Dash, Input, Output, callback, dcc, html
import dash_bootstrap_components as dbc
import pandas as pd
import plotly.express as px

frame = pd.DataFrame({'x': [1, 2], 'y': [3, 4]})
figure = px.line(frame, x='x', y='y')
card = dbc.Card(dbc.CardBody('total'))

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("bootstrap"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
