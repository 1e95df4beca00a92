from dash import Dash, Input, Output, callback, dcc, html
import pandas as pd
import pytz
import requests
from apscheduler.schedulers.background import BackgroundScheduler


def job():
    frame = pd.DataFrame(requests.get('https://data.example.com').json())
    return frame.to_markdown()


scheduler = BackgroundScheduler(timezone=pytz.utc)
scheduler.add_job(job, 'interval', minutes=5)

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("scheduler"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
