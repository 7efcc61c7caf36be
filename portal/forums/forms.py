"""What is typed to announce, record and correct a forum, and to write its issues down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import clock
from portal.core.i18n import lazy_gettext as _l
from portal.forums import words
from portal.forums.commands import MOST_PEOPLE, Announcement, Answer, BodyData, IssueData, Name, Record
from portal.forums.models import (
    AgeBand,
    AgendaItem,
    Attendee,
    BodyKind,
    Forum,
    ForumPaper,
    ForumPurpose,
    Issue,
    Sex,
    Side,
    StandingBody,
)
from portal.web.forms import CountField, DayField, MaxLength, PortalForm, Required, TimeField


class VersionForm(PortalForm):
    """A form that knows which version of the forum it was opened on."""

    version = HiddenField()

    @property
    def expected_version(self) -> int:
        """The version the page showed; 0, which no forum has, when it was tampered with."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    def go_on_from(self, version: int) -> None:
        """After the whole form was refused for being out of date: what is sent next knows the newest version."""
        if self.form_errors:
            self.version.data = version


class AnnounceForm(VersionForm):
    """When, where, what for."""

    purpose = RadioField(_l("What the forum is for"), validators=[Required()])
    title = StringField(
        _l("Title"), [MaxLength(200)], description=_l("Leave it empty to use the purpose and the place.")
    )
    day = DayField(_l("Day"), [Required()], description=_l("Write the day like 21/11/2026."))
    begins = TimeField(_l("Begins at"), [Required()], description=_l("24 hours, such as 18:30"))
    ends = TimeField(_l("Ends at"), [Required()], description=_l("24 hours, such as 18:30"))
    place = StringField(_l("Place"), [Required(), MaxLength(500)])
    agenda = TextAreaField(_l("Agenda"), [MaxLength(5000)], description=_l("One matter on each line."))

    def offer(self, purposes: Iterable[ForumPurpose]) -> None:
        """Offer these purposes."""
        self.purpose.choices = [SelectChoice(one.value, str(words.PURPOSES[one])) for one in purposes]

    def announcement(self) -> Announcement:
        """The data of the command."""
        return Announcement(
            purpose=ForumPurpose(self.purpose.data),
            starts_at=_instant(self.day.data, self.begins.data),
            ends_at=_instant(self.day.data, self.ends.data),
            place=self.place.data or "",
            agenda=self.agenda.data or "",
            title=self.title.data or "",
        )


def announced(forum: Forum, agenda: Iterable[AgendaItem]) -> dict[str, Any]:
    """A forum as the form's first data."""
    begins, ends = (instant.astimezone(clock.BANGKOK) for instant in (forum.starts_at, forum.ends_at))
    return {
        "purpose": forum.purpose.value,
        "title": forum.title,
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "place": forum.place,
        "agenda": "\n".join(one.matter for one in agenda),
        "version": forum.version_id,
    }


def _instant(day: Any, time: Any) -> dt.datetime:
    return clock.at(day, time.hour, time.minute)


class ReasonForm(PortalForm):
    """Why."""

    reason = TextAreaField(
        _l("Reason"), [Required(), MaxLength(500)], description=_l("Everyone can read it.")
    )


class PlainForm(PortalForm):
    """Nothing but the tokens."""


class RecordForm(VersionForm):
    """Who came, what was said; the names are for the community and the district only."""

    minutes = TextAreaField(
        _l("Minutes"),
        [Required(), MaxLength(50_000)],
        description=_l("What was said and decided. Everyone can read it: do not name people who complained."),
    )
    done = SelectMultipleField(
        _l("What on the agenda was dealt with"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    names = TextAreaField(_l("Names of those who came"), [MaxLength(60_000)])
    reason = TextAreaField(_l("What was wrong"), [MaxLength(500)])

    def offer(self, agenda: Iterable[AgendaItem]) -> None:
        """Offer these matters to tick."""
        self.done.choices = [SelectChoice(one.id, one.matter) for one in agenda]

    def figures(self) -> Iterator[tuple[AgeBand, list[tuple[Sex, Any]]]]:
        """The fields of the attendance table, row by row."""
        for band in AgeBand:
            yield band, [(sex, self[_cell(sex, band)]) for sex in Sex]

    @property
    def attendance_errors(self) -> list[str]:
        """What was refused in the table as a whole."""
        return [str(error) for error in self["attendance"].errors]

    def record(self) -> Record:
        """The data of the command."""
        return Record(
            attendance={(sex, band): self[_cell(sex, band)].data or 0 for sex in Sex for band in AgeBand},
            minutes=self.minutes.data or "",
            names=names_from(self.names.data or ""),
            done=self.done.data or (),
        )


def _cell(sex: Sex, band: AgeBand) -> str:
    return f"{sex.value}_{band.value}"


RecordForm.attendance = HiddenField()
for _band in AgeBand:
    for _sex in Sex:
        _label = _l("%(age)s, %(sex)s", age=words.AGES[_band], sex=words.SEXES[_sex])
        setattr(RecordForm, _cell(_sex, _band), CountField(_label, high=MOST_PEOPLE))


def names_from(text: str) -> list[Name]:
    """One person on each line; what stands after the first comma is a note. Numbers before a name are dropped."""
    found = []
    for line in text.splitlines():
        name, _comma, note = line.strip().partition(",")
        name = name.lstrip("0123456789๐๑๒๓๔๕๖๗๘๙.) \t-").strip()
        if name:
            found.append(Name(name[:200], note.strip()[:500]))
    return found


def recorded(
    forum: Forum,
    attendance: Mapping[tuple[Sex, AgeBand], int],
    agenda: Iterable[AgendaItem],
    names: Iterable[Attendee],
) -> dict[str, Any]:
    """A record as the form's first data."""
    return {
        **{_cell(sex, band): people for (sex, band), people in attendance.items()},
        "minutes": forum.minutes,
        "done": [one.id for one in agenda if one.is_done],
        "names": "\n".join(f"{one.name}, {one.note}" if one.note else one.name for one in names),
        "version": forum.version_id,
    }


class IssueForm(PortalForm):
    """One issue."""

    side = RadioField(
        _l("Theme"),
        [Required()],
        choices=lambda: [SelectChoice(side.value, str(label)) for side, label in words.SIDES.items()],
    )
    problem = TextAreaField(_l("Problem"), [Required(), MaxLength(2000)])
    cause = TextAreaField(_l("Cause"), [MaxLength(2000)])
    proposal = TextAreaField(_l("What is proposed"), [MaxLength(2000)])
    raised_by = CountField(_l("Raised by how many people"), high=MOST_PEOPLE)
    votes = CountField(_l("Hands counted"), high=MOST_PEOPLE)

    def issue(self) -> IssueData:
        """The data of the command."""
        return IssueData(
            side=Side(self.side.data),
            problem=self.problem.data or "",
            cause=self.cause.data or "",
            proposal=self.proposal.data or "",
            raised_by=self.raised_by.data or 0,
            votes=self.votes.data or 0,
        )


def written(issue: Issue) -> dict[str, Any]:
    """An issue as the form's first data."""
    fields = ("problem", "cause", "proposal", "raised_by", "votes")
    return {"side": issue.side.value, **{name: getattr(issue, name) for name in fields}}


class PhotoForm(PortalForm):
    """Photos everybody can see."""

    photos = MultipleFileField(
        _l("Photos"), [Required()], description=_l("JPEG, PNG or WebP; together at most 10 MB.")
    )
    caption = StringField(
        _l("What the photos show"),
        [Required(), MaxLength(300)],
        description=_l("For people who cannot see them."),
    )

    def files(self) -> list[tuple[Any, str]]:
        """Streams and names of what was sent."""
        return [
            (file.stream, file.filename) for file in self.photos.data or () if getattr(file, "filename", "")
        ]


class PaperForm(PortalForm):
    """A synthesis of problems or an adopted policy: a text, and words on each side."""

    text = TextAreaField(_l("Text"), [Required(), MaxLength(20_000)])
    since = DayField(_l("Counted from the forums since"))
    reason = TextAreaField(
        _l("Why another edition is needed"), [MaxLength(500)], description=_l("Everyone can read it.")
    )

    def parts(self, sides: Iterable[Side]) -> list[tuple[Side, Any, Any]]:
        """(side, field of its words, field of the office) for these sides."""
        return [(side, self[f"side_{side.value}"], self[f"office_{side.value}"]) for side in sides]

    def ask(self, is_again: bool, answered: Iterable[Side]) -> None:
        """Mark what this edition cannot do without: the reason of a later one, an answer and an office for each side."""
        self.reason.flags.required = is_again
        for _side, answer, office in self.parts(answered):
            answer.flags.required = office.flags.required = True

    def words_by_side(self) -> dict[Side, str]:
        """What is said on each side."""
        return {side: words.data or "" for side, words, _office in self.parts(Side)}

    def answers(self) -> dict[Side, Answer]:
        """What is answered on each side."""
        return {side: Answer(words.data or "", office.data or "") for side, words, office in self.parts(Side)}


for _side, _label in words.SIDES.items():
    setattr(PaperForm, f"side_{_side.value}", TextAreaField(_label, [MaxLength(5000)]))
    setattr(PaperForm, f"office_{_side.value}", StringField(_l("Office that does it"), [MaxLength(200)]))


def published(paper: ForumPaper | None) -> dict[str, Any]:
    """The newest edition as the form's first data."""
    if paper is None:
        return {}
    told: dict[str, Any] = {"text": paper.body["text"]}
    for one in paper.body.get("sides", ()):
        told[f"side_{one['side']}"] = one["text"]
    for one in paper.body.get("answers", ()):
        told |= {f"side_{one['side']}": one["answer"], f"office_{one['side']}": one["office"]}
    return told


class BodyForm(PortalForm):
    """A council or network of citizens."""

    kind = RadioField(
        _l("Kind"),
        [Required()],
        choices=lambda: [SelectChoice(kind.value, str(label)) for kind, label in words.BODIES.items()],
    )
    name = StringField(_l("Name"), [Required(), MaxLength(200)])
    about = TextAreaField(_l("What it is for and who its members are"), [MaxLength(5000)])
    since_on = DayField(_l("Set up on"))
    closed_on = DayField(_l("Ended on"), description=_l("Only if it has ended; its forums stay."))

    def body(self) -> BodyData:
        """The data of the command."""
        return BodyData(
            kind=BodyKind(self.kind.data),
            name=self.name.data or "",
            about=self.about.data or "",
            since_on=self.since_on.data,
            closed_on=self.closed_on.data,
        )


def registered(body: StandingBody) -> dict[str, Any]:
    """A body as the form's first data."""
    return {
        "kind": body.kind.value,
        **{name: getattr(body, name) for name in ("name", "about", "since_on", "closed_on")},
    }
