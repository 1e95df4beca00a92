STATIC_ROOT = "static"
