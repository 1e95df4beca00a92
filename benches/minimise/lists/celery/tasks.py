import os

from celery import Celery

celery_app = Celery('tasks', broker=os.environ.get('REDIS_URL', 'redis://localhost:6379'))


@celery_app.task
def refresh():
    return 1
