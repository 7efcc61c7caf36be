"""The demonstration's pages."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from portal.core import clock as core_clock
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.outbox import OutboxMessage
from portal.cycles.words import PHASES
from portal.demo import commands, queries
from portal.demo.forms import ClockForm
from portal.web import flash, mail
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.pagecache import watch
from portal.web.redirects import is_local, see, see_other
from portal.web.render import page

blueprint = Blueprint("demo", __name__, url_prefix="/demo")
MORNING = 9
STEPS = {"day": dt.timedelta(days=1), "week": dt.timedelta(days=7), "month": dt.timedelta(days=30)}


@blueprint.route("/clock", methods=["GET", "POST"])
@public(cached=False)
def clock() -> Response | tuple[str, int]:
    """See and move the demonstration's clock."""
    form = ClockForm()
    back = request.values.get("next", "")

    def move() -> int:
        return commands.move_clock(current_actor(), _asked(form))

    if form.accepts(move):
        core_clock.set_offset(form.result)
        watch.look_again()
        flash.say(_("The clock has been moved."))
        return see(back) if is_local(back) else see_other("demo.clock")
    return page(
        "demo/clock.html",
        form=form,
        boundaries=queries.next_boundaries(),
        phases=PHASES,
        back=back if is_local(back) else "",
    ), form.status


def _asked(form: ClockForm) -> dt.datetime:
    """The instant asked for: a step from now, an exact boundary, or the morning of a day."""
    step, exact = request.form.get("step", ""), request.form.get("to", "")
    if step in STEPS:
        return core_clock.at(core_clock.day_of(core_clock.now() + STEPS[step]), MORNING)
    if exact:
        try:
            return dt.datetime.fromisoformat(exact).astimezone(dt.UTC) + dt.timedelta(minutes=1)
        except (ValueError, OverflowError):
            return core_clock.now()
    return core_clock.at(form.day.data, MORNING) if form.day.data else core_clock.now()


@blueprint.get("/mail")
@public(cached=False)
def mailbox() -> str:
    """The mails that would have been sent."""
    return page("demo/mailbox.html", messages=[(one, _letter(one)["Subject"]) for one in queries.mailbox()])


@blueprint.get("/mail/<int:message_id>")
@public(cached=False)
def message(message_id: int) -> str:
    """One mail as its reader would see it."""
    found = queries.mail(message_id)
    if found is None:
        raise NotFound
    composed = _letter(found)
    return page("demo/message.html", message=found, subject=composed["Subject"], text=composed.get_content())


def _letter(message: OutboxMessage) -> EmailMessage:
    """The mail as it was sent, or as it would be sent now."""
    return mail.sent(current_app, message) or mail.compose(message, current_app.config["PORTAL"].mail_from)
