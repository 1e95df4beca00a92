#!/usr/bin/env bash
# Runs the check with annotations for GitHub, and gives its exit code on. Takes CHECKED_PATH and
# ARGUMENTS, an option in each line.
set -uo pipefail
arguments=()
while IFS= read -r line; do
  [ -n "$line" ] && arguments+=("$line")
done <<< "${ARGUMENTS:-}"
dashlift check --format github "${arguments[@]}" -- "${CHECKED_PATH:-.}"
code=$?
echo "exit-code=$code" >> "${GITHUB_OUTPUT:?the runner says where}"
exit "$code"
