#!/bin/bash
echo hello
