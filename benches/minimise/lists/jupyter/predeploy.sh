#!/bin/bash
jupyter notebook --version
