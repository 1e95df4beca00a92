from setuptools import setup

setup(name="report", install_requires=["dash==2.9.3", "gunicorn==20.1.0"])
