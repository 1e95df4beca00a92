import os
from pathlib import Path

DATA = os.environ.get("PLANT_DATA", "../mount/data")
MODELS = Path("../mount/models")
EXPORTS = "/exports"
