"""Forms of the officers who prepare a round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import IO, Any

from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import clock
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.plans import words as plan_words
from portal.plans.models import Side
from portal.voting import words
from portal.voting.commands.rounds import RoundData
from portal.voting.models import BallotType, Completion, Round, Rule
from portal.web.forms import BahtField, CountField, DayField, MaxLength, PortalForm, Required, TimeField

NOON = dt.time(12)


class ButtonForm(PortalForm):
    """A button."""


class RoundForm(PortalForm):
    """The rules of a round. ``counting`` is a rule with what becomes of money left over."""

    place = SelectField(_l("Area"), [Required()])
    title = StringField(_lp("vote", "Title"), [Required(), MaxLength(200)])
    about = TextAreaField(_l("What this vote is about"), [MaxLength(3000)])
    envelope_satang = BahtField(_l("Money to be given out"), [Required()])
    cutoff_day = DayField(
        _l("Cut-off day"),
        [Required()],
        description=_l(
            "Who is a verified resident at the end of this day may vote. Choose a day before the first day of voting: the roll is locked in between."
        ),
    )
    min_age = CountField(_l("Least age in years"), [Required()], high=99)
    opens_on = DayField(_l("First day"), [Required()])
    opens_time = TimeField(_l("From"), [Required()])
    closes_on = DayField(_l("Last day"), [Required()])
    closes_time = TimeField(_l("Until"), [Required()])
    ballot_type = RadioField(
        _l("How voters choose"),
        [Required()],
        choices=lambda: [SelectChoice(key.value, str(label)) for key, label in words.BALLOTS.items()],
    )
    max_choices = CountField(_l("Most projects (or points in all) for one voter"), [Required()], high=500)
    min_choices = CountField(_l("Fewest projects"), [Required()], high=500)
    max_points = CountField(_l("Most points for one project"), [Required()], high=500)
    counting = RadioField(
        _l("How it is counted"),
        [Required()],
        choices=lambda: [SelectChoice(key, str(label)) for key, label in words.COUNTINGS.items()],
    )
    compares = BooleanField(_l("Keep the result by votes where more voters are better off under it"))
    min_support = CountField(_l("Least votes a project needs"), [Required()], high=1_000_000)
    counts_empty = BooleanField(_l("Empty ballots count as voters"))
    shows_ballots = BooleanField(_l("After the close everyone may download the ballots, without names"))
    tie_source = TextAreaField(
        _l("Number that decides ties"),
        [Required(), MaxLength(500)],
        description=_l("A number nobody knows before the close, and where it is published."),
    )

    @property
    def content(self) -> RoundData:
        """What was typed, as the command takes it."""
        rule, completion = words.rule_of(self.counting.data)
        return RoundData(
            title=self.title.data or "",
            about=self.about.data or "",
            envelope_satang=self.envelope_satang.data or 0,
            ballot_type=BallotType(self.ballot_type.data),
            max_choices=self.max_choices.data or 0,
            min_choices=self.min_choices.data or 0,
            max_points=self.max_points.data or 1,
            rule=rule,
            completion=completion,
            compares=self.compares.data and rule is Rule.EQUAL_SHARES,
            min_support=self.min_support.data or 0,
            counts_empty=self.counts_empty.data,
            shows_ballots=self.shows_ballots.data,
            min_age=self.min_age.data or 0,
            cutoff_day=self.cutoff_day.data,
            opens_at=_moment(self.opens_on.data, self.opens_time.data),
            closes_at=_moment(self.closes_on.data, self.closes_time.data),
            tie_source=self.tie_source.data or "",
        )


def typed(round_: Round | None) -> dict[str, Any]:
    """A round as its form shows it; without one, what most rounds choose: a month from now, for two weeks."""
    if round_ is None:
        first = clock.today() + dt.timedelta(days=30)
        return {
            "cutoff_day": first - dt.timedelta(days=7),
            "min_age": 18,
            "opens_on": first,
            "opens_time": dt.time(8),
            "closes_on": first + dt.timedelta(days=13),
            "closes_time": dt.time(18),
            "ballot_type": BallotType.APPROVAL.value,
            "max_choices": 5,
            "min_choices": 1,
            "max_points": 3,
            "counting": words.counting_of(Rule.EQUAL_SHARES, Completion.ADD1U),
            "min_support": 0,
            "shows_ballots": True,
        }
    opens, closes = round_.opens_at.astimezone(clock.BANGKOK), round_.closes_at.astimezone(clock.BANGKOK)
    return {
        "place": f"{round_.district_id or ''}-{round_.cycle_id or ''}",
        "counting": words.counting_of(round_.rule, round_.completion),
        "opens_on": opens.date(),
        "opens_time": opens.time(),
        "closes_on": closes.date(),
        "closes_time": closes.time(),
        **{
            name: getattr(round_, name)
            for name in (
                "title",
                "about",
                "envelope_satang",
                "cutoff_day",
                "min_age",
                "max_choices",
                "min_choices",
                "max_points",
                "compares",
                "min_support",
                "counts_empty",
                "shows_ballots",
                "tie_source",
            )
        },
        "ballot_type": round_.ballot_type.value,
    }


class ItemsForm(PortalForm):
    """Accepted items to put on the ballot."""

    items = SelectMultipleField(
        _l("Accepted items"),
        [Required(_l("Choose at least one item."))],
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class ConflictForm(PortalForm):
    """Two projects of which at most one can be built."""

    first = SelectField(_l("This project"), [Required()], coerce=int)
    second = SelectField(_l("And this one"), [Required()], coerce=int)
    reason = StringField(_l("Why not both"), [Required(), MaxLength(500)])


class CapForm(PortalForm):
    """The most money for one side or one community: ``side-…`` or ``community-…``."""

    group = SelectField(_l("For the projects of"), [Required()])
    most_satang = BahtField(_l("At most in total"), [Required()])

    def offer(self, on_ballot: Iterable[Any]) -> None:
        """Offer the sides and communities of which a ballot has projects."""
        found = list(on_ballot)
        sides = {one.side: None for one in found if one.side is not None}
        communities = {one.community_id: one.community for one in found if one.community_id is not None}
        self.group.choices = [
            *(SelectChoice(f"side-{side.value}", str(plan_words.SIDES[side])) for side in sides),
            *(SelectChoice(f"community-{place}", name) for place, name in communities.items()),
        ]

    @property
    def chosen(self) -> tuple[Side | None, int | None]:
        """Side and community, one of which is None."""
        kind, _dash, which = (self.group.data or "").partition("-")
        return (Side(which), None) if kind == "side" else (None, int(which))


class ProjectForm(PortalForm):
    """A project as the ballot tells it."""

    name = StringField(_l("Name on the ballot"), [Required(), MaxLength(200)])
    summary = TextAreaField(
        _l("In plain words"),
        [MaxLength(1000)],
        description=_l("What is built or bought, and for whom. Two or three sentences."),
    )
    place = StringField(_l("Place"), [MaxLength(500)])
    picture = FileField(_l("Picture"), description=_l("JPEG, PNG or WebP; it is made small."))

    picture_text = StringField(
        _l("What the picture shows"),
        [MaxLength(300)],
        description=_l("One sentence for those who cannot see it. Needed with a picture."),
    )

    @property
    def upload(self) -> IO[bytes] | None:
        """The picture that was sent, if one was."""
        given = self.picture.data
        return given.stream if given and getattr(given, "filename", "") else None


class NoteForm(PortalForm):
    """A note for the proposer."""

    note = TextAreaField(_l("What must change"), [Required(), MaxLength(500)])


class ReasonForm(PortalForm):
    """A reason everybody will read."""

    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(500)])


def _moment(day: dt.date, time: dt.time | None) -> dt.datetime:
    at = time or NOON
    return clock.at(day, at.hour, at.minute)
