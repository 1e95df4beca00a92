import os

from dotenv import load_dotenv

load_dotenv()

WEATHER_KEY = os.environ["WEATHER_API_KEY"]
REGION = os.getenv("REGION", "eu-west")
PREFIX = os.environ.get("DASH_REQUESTS_PATHNAME_PREFIX", "/")
DOMAIN = os.environ["DASH_DOMAIN_BASE"]
IN_WORKSPACE = os.environ.get("DASH_ENTERPRISE_ENV") == "WORKSPACE"
