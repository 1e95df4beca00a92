#!/bin/bash
echo "deployed" >> assets/log.txt
