"""What people type about themselves and others."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import PasswordInput

from portal.accounts import words
from portal.accounts.commands import Names, Order, Seat
from portal.accounts.models import CITY_ROLES, DISTRICT_ROLES, CommitteePost
from portal.core import i18n
from portal.core.actor import Role
from portal.core.i18n import lazy_gettext as _l
from portal.places import queries as places
from portal.places.models import title_of
from portal.web.forms import DayField, MaxLength, PortalForm, Required

A_DAY = dt.timedelta(days=1)


class SecretField(PasswordField):
    """A password, taken as typed and never given back."""

    keeps_raw = True
    widget = PasswordInput(hide_value=True)


def _number(value: Any) -> int | None:
    return int(value) if str(value or "").isascii() and str(value or "").isdigit() else None


class PlaceField(SelectField):
    """A district or a community by its id; nothing chosen is None."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=_number, choices=[], **kwargs)

    def offer_districts(self, empty: object) -> None:
        """The 50 districts in Thai order."""
        name = "name_en" if i18n.language() == "en" else "name_th"
        self.choices = [
            SelectChoice("", str(empty)),
            *(SelectChoice(str(row.id), getattr(row, name)) for row in places.districts()),
        ]

    def offer_communities(self, district_id: int, empty: object) -> None:
        """The communities of one district."""
        rows = places.communities_in(district_id)
        self.choices = [
            SelectChoice("", str(empty)),
            *(SelectChoice(str(row.id), title_of(row.name)) for row in rows),
        ]


# -- signing in, getting an account ---------------------------------------------------------------------------------


class SignInForm(PortalForm):
    """``next`` is where to go after signing in; ``resume`` carries what was typed before the session ended."""

    email = EmailField(_l("Email"), [Required(), MaxLength(200)])
    password = SecretField(_l("Password"), [Required(), MaxLength(200)])
    next = HiddenField()
    resume = HiddenField()


class AddressForm(PortalForm):
    """Where to send a link; ``next`` is the page a newcomer came from."""

    email = EmailField(_l("Email"), [Required(), MaxLength(200)])
    next = HiddenField()


class NewPasswordForm(PortalForm):
    """A new password, by a mailed link."""

    password = SecretField(_l("New password"), [Required()])


class NamesForm(PortalForm):
    """A person's names, language and wish for mail."""

    title = StringField(_l("Title before the name"), [MaxLength(50)])
    given = StringField(_l("Given name"), [Required(), MaxLength(90)])
    family = StringField(_l("Family name"), [MaxLength(90)])
    language = RadioField(
        _l("Language of emails"),
        choices=[SelectChoice("th", "ภาษาไทย"), SelectChoice("en", "English")],
        default="th",
    )
    wants_mail = BooleanField(_l("Send me news of what I follow by email"), default=True)

    @property
    def names(self) -> Names:
        return Names(self.title.data or "", self.given.data or "", self.family.data or "")


class FinishForm(NamesForm):
    """The names and a password: an account."""

    password = SecretField(_l("Password"), [Required()])
    next = HiddenField()


class ChangePasswordForm(PortalForm):
    """The present password and a new one."""

    current = SecretField(_l("Your current password"), [Required()])
    password = SecretField(_l("New password"), [Required()])


class CloseForm(PortalForm):
    """Closing asks for the password once more."""

    password = SecretField(_l("Password"), [Required()])


class ButtonForm(PortalForm):
    """A form of one button."""


# -- residence, interests -------------------------------------------------------------------------------------------


class ResidenceForm(PortalForm):
    """A community of the district chosen before, or none."""

    community = PlaceField(_l("Community"))


class RefusalForm(PortalForm):
    """Why the registry does not confirm."""

    reason = TextAreaField(_l("Reason for a refusal"), [Required(), MaxLength(500)])


class InterestForm(PortalForm):
    """In which community, and what the interest is."""

    community = PlaceField(_l("Community"), [Required()])
    description = TextAreaField(_l("What the interest is"), [Required(), MaxLength(1000)])


# -- committees -----------------------------------------------------------------------------------------------------


class SeatForm(PortalForm):
    """A member as the appointment paper names them."""

    name = StringField(_l("Name on the appointment paper"), [Required(), MaxLength(200)])
    post = SelectField(_l("Post on the committee"), coerce=CommitteePost, choices=[])
    valid_from = DayField(_l("In office from"), [Required()])
    last_day = DayField(_l("Last day of the term"), [Required()])
    appointment_reference = StringField(_l("Appointment paper"), [Required(), MaxLength(500)])
    email = EmailField(_l("Email of the member's account"), [MaxLength(200)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.post.choices = [SelectChoice(post.value, str(label)) for post, label in words.POSTS.items()]

    @property
    def seat(self) -> Seat:
        return Seat(
            self.name.data or "",
            self.post.data,
            self.valid_from.data,
            self.last_day.data + A_DAY,
            self.appointment_reference.data or "",
            self.email.data or "",
        )


class LinkForm(PortalForm):
    """The account that belongs to a seat."""

    email = EmailField(_l("Email of the member's account"), [Required(), MaxLength(200)])


class LeaveForm(PortalForm):
    """A member leaves before the term is over."""

    left_on = DayField(_l("The seat is empty from"), [Required()])
    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(500)])


# -- grants ---------------------------------------------------------------------------------------------------------


class GrantForm(PortalForm):
    """A role, its place and the order it rests on."""

    email = EmailField(_l("Email of the account"), [Required(), MaxLength(200)])
    role = SelectField(_l("Role"), coerce=Role, choices=[])
    district = PlaceField(_l("District"))
    section = StringField(_l("Section"), [MaxLength(200)])
    position = StringField(_l("Position"), [MaxLength(200)])
    reference = StringField(_l("Order reference"), [Required(), MaxLength(500)])
    valid_from = DayField(_l("In force from"), [Required()])
    last_day = DayField(_l("Last day in force"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = [
            SelectChoice(role.value, str(words.ROLES[role])) for role in (*DISTRICT_ROLES, *CITY_ROLES)
        ]
        self.district.offer_districts(_l("The whole city"))

    @property
    def order(self) -> Order:
        return Order(
            role=self.role.data,
            district_id=self.district.data,
            reference=self.reference.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.last_day.data + A_DAY if self.last_day.data else None,
            section=self.section.data or "",
            position=self.position.data or "",
        )


class RevokeForm(PortalForm):
    """Why a role is taken back or a proposal turned down."""

    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(500)])
