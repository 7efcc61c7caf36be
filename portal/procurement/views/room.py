"""The room's blueprint."""

from flask import Blueprint

blueprint = Blueprint("procurement", __name__, url_prefix="/procurement")
