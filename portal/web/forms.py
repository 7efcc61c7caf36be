"""Forms: CSRF from Flask-WTF, a token that makes a double send one thing, Thai-aware text, and one way to run a
command from a form."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

import wtforms
from flask import request
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from portal.core import money, thai
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.core.i18n import language


class _Messages:
    """WTForms' own messages in the words of the house: all that a field of ours can say is about a choice."""

    def gettext(self, string: str) -> str:
        return _("Choose one of these.") if "choice" in string.lower() else _(string)

    def ngettext(self, singular: str, plural: str, num: int) -> str:
        return _("What you chose is no longer available. Choose again.")


MOST_TYPED = 400_000
"""The most characters read in one field: what was typed into a whole form before a session ended comes back as one."""


def _tidy(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if len(value) > MOST_TYPED:
        raise ValidationError(_too_long(MOST_TYPED, len(value)))
    return thai.normalise(value).strip()


def _too_long(limit: int, length: int) -> str:
    return _("At most %(limit)s characters; this has %(length)s.", limit=limit, length=length)


def new_token() -> str:
    """What makes one form of one page the only one: sent twice, it is one thing."""
    return secrets.token_urlsafe(18)


class PortalForm(FlaskForm):
    """Base of every form. Text is normalised before it is validated; nothing typed is lost when it is refused."""

    form_token = HiddenField(default=new_token)

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _Messages()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(unbound_field.field_class, (StringField, TextAreaField)) and not getattr(
                unbound_field.field_class, "keeps_raw", False
            ):
                filters.insert(0, _tidy)
            return unbound_field.bind(form=form, filters=filters, **options)

    result: Any = None

    def accepts(self, act: Callable[[], Any]) -> bool:
        """On a POST: validate, then run ``act`` (one command). False leaves the errors on the form; what the command
        refuses (:class:`Invalid`) is put at its fields. The command's answer is in ``result``."""
        if request.method not in ("POST", "PUT", "PATCH", "DELETE") or not self.validate_on_submit():
            return False
        try:
            self.result = act()
        except Invalid as refused:
            self.refuse(refused)
            return False
        return True

    def refuse(self, refused: Invalid) -> None:
        """Show a command's refusal beside the fields it names."""
        for name, message in refused.fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, str(message)]
            else:
                self.form_errors.append(str(message))

    @property
    def status(self) -> int:
        """422 when something was refused, else 200."""
        return 422 if self.errors else 200


class FieldList(wtforms.FieldList):
    """Rows of a form. Whoever sends them makes up their numbers, so only those count that a page could have given."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        start = f"{prefix}-"
        for name in formdata:
            number = name.removeprefix(start).partition("-")[0] if name.startswith(start) else ""
            if number.isascii() and number.isdigit() and len(number) <= 3:
                yield int(number)


class BahtField(StringField):
    """Money as people type it (commas, ฿, Thai digits); ``data`` is satang or None."""

    keeps_raw = True

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else money.baht(self.data, language()).replace("฿", "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and str(valuelist[0]).strip():
            try:
                self.data = money.parse_baht(str(valuelist[0]))
            except ValueError as problem:
                raise ValidationError(_("Write an amount in baht, such as 12,500.50.")) from problem


class DayField(StringField):
    """A day as people type it: 21/11/2569, 21 พ.ย. 69 or 2026-11-21; ``data`` is a date or None."""

    keeps_raw = True
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if not isinstance(self.data, dt.date):
            return ""
        year = self.data.year + (543 if language() == "th" else 0)
        return f"{self.data.day}/{self.data.month}/{year}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and str(valuelist[0]).strip():
            try:
                self.data = thai.parse_day(str(valuelist[0]))
            except ValueError as problem:
                raise ValidationError(_("Write the day like 21/11/2026.")) from problem


class TimeField(StringField):
    """A time of day, 24 hours (16:30 or 16.30); ``data`` is a time or None."""

    keeps_raw = True

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%H:%M") if isinstance(self.data, dt.time) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and str(valuelist[0]).strip():
            try:
                self.data = thai.parse_time(str(valuelist[0]))
            except ValueError as problem:
                raise ValidationError(_("Write the time like 16:30.")) from problem


class CountField(StringField):
    """A whole number of zero or more, Thai digits welcome; ``data`` is an int or None."""

    keeps_raw = True

    def __init__(
        self, label: Any = None, validators: Any = None, *, high: int = 10_000_000, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.high = high

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and str(valuelist[0]).strip():
            try:
                self.data = thai.parse_int(str(valuelist[0]), 0, self.high)
            except ValueError as problem:
                raise ValidationError(_("Write a whole number.")) from problem


def _is_nothing(data: Any) -> bool:
    """Also a file that was not chosen, which browsers send without a name."""
    if isinstance(data, list):
        return all(_is_nothing(one) for one in data)
    return data is None or not (data.strip() if isinstance(data, str) else getattr(data, "filename", True))


class Required:
    """Something must be there; zero is something. Marks the field as required for the page."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: object = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if _is_nothing(field.data):
            if field.errors and any(field.raw_data or []):
                raise StopValidation
            field.errors = []  # of a choice where nothing was chosen, there is no more to say
            choose = (isinstance(field, SelectField) and _("Choose one of these.")) or (
                isinstance(field, FileField) and _("Choose a file.")
            )
            raise StopValidation(str(self.message or choose or _("This must be filled in.")))


class MaxLength:
    """At most ``limit`` characters; the text is kept and the page says how many there are."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength_hint": limit}

    def __call__(self, form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > self.limit and not field.errors:
            raise ValidationError(_too_long(self.limit, length))
