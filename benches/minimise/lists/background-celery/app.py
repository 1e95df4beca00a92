from dash import Dash, Input, Output, callback, dcc, html
import os

from celery import Celery
from dash import CeleryManager

celery_app = Celery(__name__, broker=os.environ['REDIS_URL'], backend=os.environ['REDIS_URL'])
manager = CeleryManager(celery_app)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("background-celery"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
