import os
from pathlib import Path

DATA = os.environ.get("PLANT_DATA", "/data")
MODELS = Path("/mnt/models")
EXPORTS = "/exports"
