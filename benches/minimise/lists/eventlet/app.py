from dash import Dash, Input, Output, callback, dcc, html
from flask_socketio import SocketIO

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("eventlet"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)

sockets = SocketIO(server)
