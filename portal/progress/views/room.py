"""The room's blueprint, and how its work pages load a sheet."""

from __future__ import annotations

from flask import Blueprint

from portal.core.errors import NotAllowed
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.progress import policy, queries, words
from portal.web.login import current_actor

blueprint = Blueprint("progress", __name__, url_prefix="/progress")
# For pieces of templates, which see nothing of a page.
blueprint.record_once(lambda state: state.app.jinja_env.globals.update(progress_words=words))


def desk_head(sheet_id: int) -> queries.Head:
    """A sheet for its work pages; NotFound unseen, NotAllowed for officers of other offices."""
    actor = current_actor()
    head = queries.head(actor, sheet_id)
    if not policy.is_on_desk(actor, head.sheet):
        raise NotAllowed(_l("Progress of this project is reported by another office."))
    return head


def writable_head(sheet_id: int) -> queries.Head:
    """As :func:`desk_head`, for those who write there."""
    head = desk_head(sheet_id)
    if not policy.can_write(current_actor(), head.sheet):
        raise NotAllowed(_l("You may not do this here."))
    return head


def place_of(head: queries.Head) -> str:
    """The district, or the agency of a bureau's sheet."""
    return (head.district_en if language() == "en" else head.district_th) or head.sheet.agency
