"""What must be true before a plan is signed and handed in, line by line, each with the page that mends it.

Sources: two forums and two of the five sides are conditions of the 200,000-baht programme since FY2566; the figures
themselves come from the cycle's published rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.core import money
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import ngettext as _n
from portal.plans import content as science
from portal.plans.models import ReviewMark
from portal.plans.words import PARTS


@dataclass(frozen=True)
class Check:
    """One line. A line that only warns never stops anybody; ``endpoint`` and ``values`` lead to where it is mended."""

    key: str
    is_met: bool
    text: str
    is_warning: bool = False
    endpoint: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether this line stops signing and submitting."""
        return not self.is_met and not self.is_warning


def checks(
    plan: Any,
    said: Mapping[str, Any],
    forums: Sequence[Any],
    *,
    min_forums: int | None,
    min_sides: int | None,
    ceiling_satang: int | None,
    to_review: Sequence[Any] = (),
    requires_review: bool = False,
) -> list[Check]:
    """Every line for a plan. ``forums`` are its recorded plan forums with ``people``; the figures are None while the
    district has published no rules, which itself stops the plan (rulings: it fails closed). ``to_review`` are the items of
    the earlier plan with their marks; whether a missing mark stops the plan is a rule of the cycle."""
    attended = [forum for forum in forums if forum.people]
    here = {"plan_id": plan.id}
    to_forums = {"community_id": plan.community_id}
    rows = [
        Check(
            "forum",
            bool(attended),
            _("A plan forum has been held, with its attendance recorded"),
            endpoint="forums.announce",
            values=to_forums,
        )
    ]
    if min_forums is None or min_sides is None:
        rows.append(Check("rules", False, _("The district's rules for this fiscal year are published")))
        min_forums, min_sides = min_forums or 0, min_sides or 0
    else:
        rows.append(
            Check(
                "forums",
                len(attended) >= min_forums,
                _n(
                    "At least %(num)s plan forum (recorded: %(held)s)",
                    "At least %(num)s plan forums (recorded: %(held)s)",
                    min_forums,
                    held=len(attended),
                ),
                endpoint="forums.announce",
                values=to_forums,
            )
        )
    if to_review:
        rows += _review(to_review, requires_review, here)
    items = said["items"]
    rows.append(
        Check(
            "items", bool(items), _("The plan has at least one item"), endpoint="plans.new_item", values=here
        )
    )
    sides = len(science.sides_served(said))
    rows.append(
        Check(
            "sides",
            sides >= min_sides,
            _n(
                "The items serve at least %(num)s of the five themes (now: %(now)s)",
                "The items serve at least %(num)s of the five themes (now: %(now)s)",
                min_sides,
                now=sides,
            ),
            endpoint="plans.new_item",
            values=here,
        )
    )
    rows += [_item(item) for item in items if science.missing(item)]
    if items and not any(science.missing(item) for item in items):
        rows.append(Check("complete", True, _("Every item is complete")))
    rows.append(
        Check(
            "vision",
            bool(said["vision"].strip() and said["analysis"].strip()),
            _("Vision and problems are written down"),
            is_warning=True,
            endpoint="plans.edit",
            values=here,
        )
    )
    if ceiling_satang is not None:
        rows.append(ceiling(said, ceiling_satang, here))
    return rows


def _review(to_review: Sequence[Any], is_required: bool, here: dict[str, Any]) -> list[Check]:
    marked = sum(row.mark is not None for row in to_review)
    rows = [
        Check(
            "review",
            marked == len(to_review),
            _(
                "Last year's plan is reviewed (%(marked)s of %(every)s items)",
                marked=marked,
                every=len(to_review),
            ),
            is_warning=not is_required,
            endpoint="plans.review",
            values=here,
        )
    ]
    rows += [
        Check(
            f"carried-{row.item_id}",
            False,
            _("“%(title)s” is marked as changed, but still reads as it did last year", title=row.title),
            is_warning=True,
            endpoint="plans.edit_item",
            values={"item_id": row.carried_id},
        )
        for row in to_review
        if row.mark is ReviewMark.CHANGE and row.carried_id and row.is_as_it_was
    ]
    return rows


def _item(item: Mapping[str, Any]) -> Check:
    lacking = ", ".join(str(PARTS[name]) for name in science.missing(item))
    return Check(
        f"item-{item['id']}",
        False,
        _(
            "Item %(rank)s, “%(title)s”, still lacks: %(parts)s",
            rank=item["rank"],
            title=item["title"],
            parts=lacking,
        ),
        endpoint="plans.edit_item",
        values={"item_id": item["id"]},
    )


def ceiling(said: Mapping[str, Any], ceiling_satang: int, here: dict[str, Any]) -> Check:
    """Whether the money asked for stays within what a community may ask for; it only warns."""
    total = science.total_satang(said)
    is_within = total <= ceiling_satang
    figures = {
        name: money.baht(satang, language())
        for name, satang in (
            ("ceiling", ceiling_satang),
            ("total", total),
            ("over", abs(total - ceiling_satang)),
        )
    }
    return Check(
        "ceiling",
        is_within,
        _("The money stays within %(ceiling)s for one community (now: %(total)s)", **figures)
        if is_within
        else _("The money is %(over)s above the %(ceiling)s for one community (now: %(total)s)", **figures),
        is_warning=True,
        endpoint="plans.show",
        values=here,
    )
