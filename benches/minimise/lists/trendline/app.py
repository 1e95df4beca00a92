from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd
import plotly.express as px

frame = pd.read_csv('data/heights.csv')
figure = px.scatter(frame, x='height', y='weight', trendline='ols')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("trendline"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
