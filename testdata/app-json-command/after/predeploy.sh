#!/bin/bash
python manage_data.py --refresh
