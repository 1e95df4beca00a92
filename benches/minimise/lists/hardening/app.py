from dash import Dash, Input, Output, callback, dcc, html
import os

import sentry_sdk
from flask_compress import Compress
from flask_talisman import Talisman
from prometheus_client import Counter
from sentry_sdk.integrations.flask import FlaskIntegration
from whitenoise import WhiteNoise

sentry_sdk.init(os.environ.get('SENTRY_DSN'), integrations=[FlaskIntegration()])
hits = Counter('hits', 'requests')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("hardening"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)

server.wsgi_app = WhiteNoise(server.wsgi_app)
Compress(server)
Talisman(server)
