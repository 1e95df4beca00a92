import os

from dash import Dash, html
from flask_caching import Cache
from sqlalchemy import create_engine

import config

app = Dash(__name__, requests_pathname_prefix=config.PREFIX)
app.layout = html.H1("Weather")
engine = create_engine(os.environ["DATABASE_URL"])


def create_server():
    Cache(app.server, config={"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": os.environ["REDIS_URL"]})
    return app.server
