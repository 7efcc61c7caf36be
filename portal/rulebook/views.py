"""Pages of the rulebook."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.core import clock, thai
from portal.core.actor import Permission
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.rulebook import commands, forms, queries, words
from portal.rulebook.seeds import LAW
from portal.web import flash
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

blueprint = Blueprint("rulebook", __name__, url_prefix="/rulebook")


@blueprint.get("")
@public("year")
def index() -> str:
    """Every figure with its unit, source, day and whether it was checked; the exceptional days of one year."""
    return page("rulebook/index.html", **_shown())


def _shown() -> dict[str, Any]:
    """The figures, and one year's days: those that were entered, else those the year is counted with."""
    year, today = _year(), clock.today()
    entered = queries.holidays_of(year)
    return {
        "groups": words.GROUPS,
        "labels": words.LABELS,
        "kinds": words.HOLIDAY_KINDS,
        "value_text": words.value_text,
        "source_text": words.source_text,
        "values": queries.all_values(),
        "today": today,
        "year": year,
        "holidays": entered or queries.built_in_days(year),
        "are_built_in": not entered,
        "years": sorted({*queries.holiday_years(), year, today.year}),
    }


def _year() -> int:
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else clock.today().year
    year = year - thai.BE if year >= 2400 else year
    return year if 2000 <= year <= 2100 else clock.today().year


@blueprint.get("/desk")
@requires(Permission.LAW_EDIT)
def desk() -> str:
    """Where the strategy office enters a figure or a day."""
    return page("rulebook/desk.html", **_shown())


_FORMS = {"satang": forms.AmountForm, "licence": forms.LicenceForm}


@blueprint.route("/values/<string:key>", methods=["GET", "POST"])
@requires(Permission.LAW_EDIT)
def value(key: str) -> Response | tuple[str, int]:
    """Enter a new dated value of one figure."""
    if key not in LAW:
        raise NotFound
    form = _FORMS.get(LAW[key].unit, forms.ValueForm)()
    if form.accepts(lambda: commands.enter_value(current_actor(), key, **form.facts())):
        flash.say(_("The new value is entered. Earlier ones stay on the public page."))
        return see_other("rulebook.desk")
    shown = page(
        "rulebook/value.html",
        form=form,
        key=key,
        label=words.LABELS[key],
        unit=words.UNITS[LAW[key].unit],
        history=queries.history(key),
        value_text=words.value_text,
        source_text=words.source_text,
    )
    return shown, form.status


@blueprint.route("/holidays/new", methods=["GET", "POST"])
@requires(Permission.LAW_EDIT)
def holiday() -> Response | tuple[str, int]:
    """Enter a day off or a working day; a day that is there already is corrected."""
    form = forms.HolidayForm()
    if form.accepts(lambda: commands.enter_day(current_actor(), **form.facts())):
        flash.say(_("The day is added. Deadlines that are still open follow it."))
        return see_other("rulebook.desk", year=form.facts()["on"].year)
    return page("rulebook/holiday.html", form=form), form.status


@blueprint.route("/holidays/<int:holiday_id>/remove", methods=["GET", "POST"])
@requires(Permission.LAW_EDIT)
def remove(holiday_id: int) -> Response | tuple[str, int]:
    """Take an exceptional day out, with a reason."""
    day = queries.holiday(holiday_id)
    if day is None:
        raise NotFound
    form = forms.RemoveForm()
    if form.accepts(lambda: commands.remove_day(current_actor(), day.on, form.reason.data)):
        flash.say(_("The day is removed."))
        return see_other("rulebook.desk", year=day.on.year)
    return page("rulebook/remove.html", form=form, day=day, kind=words.HOLIDAY_KINDS[day.kind]), form.status
