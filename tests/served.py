"""The portal as ``wsgi.py`` serves it, for the journeys: templates that another process compiled are not compiled anew."""

from tests import compiled
from wsgi import application

compiled.keep(application)
