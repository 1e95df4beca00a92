#!/bin/bash
set -e
apt-get install -y unixodbc
pip install -r requirements-app.txt
