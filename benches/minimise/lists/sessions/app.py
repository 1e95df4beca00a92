from dash import Dash, Input, Output, callback, dcc, html
import os

import dash_uploader as du
import redis
from flask_session import Session

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("sessions"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)

server.config['SESSION_TYPE'] = 'redis'
server.config['SESSION_REDIS'] = redis.from_url(os.environ['REDIS_URL'])
Session(server)
du.configure_upload(app, 'uploads')
