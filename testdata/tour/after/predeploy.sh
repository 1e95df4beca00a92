#!/bin/bash
mkdir -p cache
