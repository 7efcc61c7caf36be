"""What people type: a remark, a report, a reason, an answer."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.comments.commands import MAX_LENGTH
from portal.comments.models import Purpose
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import MaxLength, PortalForm, Required


class CommentForm(PortalForm):
    """A remark or a reply. The ids are its own, because it stands on pages with other forms."""

    text = TextAreaField(_l("Your comment"), [Required(), MaxLength(MAX_LENGTH)], id="comment-text")
    clause = StringField(
        _l("Clause of the draft"),
        [MaxLength(500)],
        id="comment-clause",
        description=_l("For example: clause 4.2, or page 7."),
    )
    purpose = HiddenField()
    parent_id = HiddenField()

    @property
    def parent(self) -> int | None:
        """The remark this replies to, if it names one."""
        given = self.parent_id.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None

    @property
    def shown_purpose(self) -> Purpose | None:
        """The purpose the page showed; None when it named none that exists."""
        return Purpose(self.purpose.data) if self.purpose.data in set(Purpose) else None


class ReasonForm(PortalForm):
    """Why a remark is hidden, restored or reported; everyone or the moderators read it, as the page says."""

    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(500)])


class AnswerForm(PortalForm):
    """An official answer to one or several remarks."""

    comments = SelectMultipleField(
        _l("Comments answered"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    office = StringField(
        _l("Office that answers"),
        [Required(), MaxLength(500)],
        description=_l("For example: Budget section, Dusit District Office"),
    )
    text = TextAreaField(_l("Answer"), [Required(), MaxLength(MAX_LENGTH)])

    def offer(self, remarks: list[Any]) -> None:
        """The remarks that can be ticked: rows with an id and an author."""
        self.comments.choices = [(remark.id, remark.author) for remark in remarks]
