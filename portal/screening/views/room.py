"""The blueprint, and what every page of the room shares."""

from __future__ import annotations

from flask import Blueprint

from portal.core.actor import Permission
from portal.forums import words as forum_words
from portal.places.models import title_of
from portal.plans import words as plan_words
from portal.screening import words

blueprint = Blueprint("screening", __name__, url_prefix="/screening")

SCREENERS = (Permission.SCREEN, Permission.SCREEN_CONFIRM)
LABELS = {"words": words, "sides": forum_words.SIDES, "ways": plan_words.WAYS, "title_of": title_of}
