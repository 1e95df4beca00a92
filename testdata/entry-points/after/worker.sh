#!/bin/sh
export PYTHONUNBUFFERED=1
exec celery -A Tasks worker --loglevel=info
