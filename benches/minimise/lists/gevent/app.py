from dash import Dash, Input, Output, callback, dcc, html
import requests

answer = requests.get('https://data.example.com/rows').json()

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("gevent"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
