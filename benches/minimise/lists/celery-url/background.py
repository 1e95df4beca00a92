import os

from celery import Celery

celery_app = Celery(__name__, broker=os.environ['BROKER'], backend=os.environ['BROKER'])
