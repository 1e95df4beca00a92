#!/usr/bin/env bash
# Installs the wheel into an environment of its own, so that nothing of the job's Python changes.
# Takes VERSION; pip's own configuration and variables (PIP_FIND_LINKS, PIP_INDEX_URL) say from where.
set -euo pipefail
folder=${RUNNER_TEMP:?the runner says where}/dashlift
python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "dashlift${VERSION:+==$VERSION}"
echo "$folder/bin" >> "${GITHUB_PATH:?the runner says where}"
