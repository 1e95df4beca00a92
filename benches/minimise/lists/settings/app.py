from dash import Dash, Input, Output, callback, dcc, html
import os

import toml
import yaml
from dotenv import load_dotenv
from pydantic import BaseModel

load_dotenv()


class Settings(BaseModel):
    title: str = os.environ.get('TITLE', 'none')


with open('config.yml') as file:
    settings = Settings(**yaml.safe_load(file))
other = toml.loads('x = 1')

app = Dash(__name__)
server = app.server
app.layout = html.Div([html.H1("settings"), dcc.Graph(id="graph")])

if __name__ == "__main__":
    app.run_server(debug=True)
