#!/bin/bash
python -m compileall -q .
