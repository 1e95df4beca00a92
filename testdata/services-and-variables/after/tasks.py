import os

from celery import Celery

queue = Celery("tasks", broker=os.environ.get("REDIS_URL", "redis://localhost:6379"))
token = os.environ["QUEUE_TOKEN"]
