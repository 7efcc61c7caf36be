"""The room's blueprint, and what its templates may say."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.core.i18n import language
from portal.plans import content, words

blueprint = Blueprint("plans", __name__, url_prefix="/plans")
blueprint.add_app_template_filter(content.quantity_text, "quantity")
# For pieces of templates, which see nothing of a page.
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(plan_words=words))


def district_name(row: Any) -> str:
    """The name of a row's district in the language of the moment."""
    return str(row.district_en if language() == "en" else row.district_th)


@blueprint.context_processor
def room_words() -> dict[str, Any]:
    """Words for states, sides and ways; the values that content and rows hold are their keys."""
    return {
        "district_name": district_name,
        "state_words": words.STATES,
        "state_tones": words.STATE_TONES,
        "side_words": words.SIDES,
        "side_tones": words.SIDE_TONES,
        "way_words": words.WAYS,
        "mark_words": words.MARKS,
        "mark_tones": words.MARK_TONES,
        "mark_meanings": words.MARK_MEANINGS,
        "post_words": words.POSTS,
        "part_words": words.PARTS,
    }
