"""What takes longer than a visitor waits."""

import os

import pandas as pd
from celery import Celery

queue = Celery("tasks", broker=os.environ["REDIS_URL"])


@queue.task
def refresh():
    weather = pd.read_json(f"https://weather.example.com/?key={os.environ['WEATHER_API_KEY']}")
    sales = pd.read_csv("/data/incoming.csv")
    sales.merge(weather, on="week").to_parquet("/data/sales.parquet")
