"""The smallest Flask application: what every page is measured against."""

from flask import Flask

application = Flask("hello")


@application.get("/")
def hello() -> str:
    """Two words."""
    return "Hello, world"
