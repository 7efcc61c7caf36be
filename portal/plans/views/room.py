"""The room's blueprint, and what its templates may say."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.accounts import words as account_words
from portal.core.i18n import language
from portal.forums import words as forum_words
from portal.plans import content, words

blueprint = Blueprint("plans", __name__, url_prefix="/plans")
blueprint.add_app_template_filter(content.quantity_text, "quantity")


def district_name(row: Any) -> str:
    """The name of a row's district in the language of the moment."""
    return str(row.district_en if language() == "en" else row.district_th)


@blueprint.context_processor
def room_words() -> dict[str, Any]:
    """Words for states, sides and ways, keyed by the values that content and rows hold."""
    return {
        "district_name": district_name,
        "state_words": words.STATES,
        "state_tones": words.STATE_TONES,
        "side_words": {side.value: text for side, text in forum_words.SIDES.items()},
        "side_tones": {side.value: tone for side, tone in words.SIDE_TONES.items()},
        "way_words": {way.value: text for way, text in words.WAYS.items()},
        "post_words": {post.value: text for post, text in account_words.POSTS.items()},
        "part_words": words.PARTS,
    }
