"""The plan as an official paper: what stands in it, in words ready to be set (templates/plans/paper.typ)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core import money, thai
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.plans import content as science
from portal.plans.models import PlanState
from portal.plans.words import MARKS, PARTS, POSTS, SIDES, WAYS

ITEM_PARTS = ("problem", "cause", "proposal", "objective", "indicator", "place", "beneficiary_groups")


def title(row: Any) -> str:
    """The name of the paper."""
    year = thai.fiscal_year_text(row.fiscal_year, language())
    return _("Community development plan of %(community)s, %(year)s", community=row.community, year=year)


def data(
    row: Any, plan: Any, said: Mapping[str, Any], edition: Mapping[str, Any] | None, seats: int
) -> dict[str, Any]:
    """Everything the template sets. ``edition`` is the body handed in, None for a draft; ``seats`` how many members the
    committee has, each with a line to sign on."""
    lang = language()
    total = science.total_satang(said)
    return {
        "name": _("Community development plan of %(community)s", community=row.community),
        "year": thai.fiscal_year_text(row.fiscal_year, lang),
        "district": _(
            "District: %(district)s", district=row.district_en if lang == "en" else row.district_th
        ),
        "state": _state(plan, edition),
        "headings": {
            "review": _("Review of last year's plan"),
            "items": _("Items by rank"),
            "details": _("Every item in full"),
            "endorsed": _("Endorsed by the committee of the community"),
        },
        "texts": [(str(PARTS[name]), said[name]) for name in science.PLAN_TEXTS],
        "review": {
            "head": [_("Item"), _("What becomes of it"), _("Why")],
            "rows": [
                [one["title"], str(MARKS[one["mark"]]), one["reason"]] for one in said.get("review", [])
            ],
        },
        "items": {
            "head": [_("No."), _("Item"), _("Theme"), _("Money (baht)")],
            "rows": [
                [str(item["rank"]), item["title"], sides(item), _figure(item["budget_satang"])]
                for item in said["items"]
            ],
            "together": _("Total"),
            "total": _figure(total),
            "in_words": money.baht_words(total) if lang == "th" else "",
        },
        "sides": [
            _(
                "%(side)s: %(count)s items, %(money)s",
                side=SIDES[side],
                count=count,
                money=money.baht(satang, lang),
            )
            for side, count, satang in science.by_side(said)
            if count
        ],
        "details": [_item(item) for item in said["items"]],
        "signed": _signed(edition),
        "signature": _("Signed ……………………………………… Post ……………………………… Date …………………"),
        "lines": seats,
        "hash_words": _("The signatures below are for the text with this hash:"),
        "sha256": science.sha256(said),
    }


def sides(item: Mapping[str, Any]) -> str:
    """The side an item counts under, then the others it serves."""
    return ", ".join(str(SIDES[side]) for side in (item["side"], *item.get("other_sides", ())))


def _state(plan: Any, edition: Mapping[str, Any] | None) -> str:
    if edition is None:
        withdrawn = plan.state is PlanState.WITHDRAWN
        return _("Withdrawn, not submitted") if withdrawn else _("Draft, not submitted")
    day = thai.instant_text(plan.submitted_at, language(), "long")
    return _("Edition %(number)s, submitted on %(day)s", number=edition["number"], day=day)


def _figure(satang: int) -> str:
    return money.baht(satang, language()).replace("฿", "")


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    facts = [(str(PARTS[name]), item[name]) for name in ITEM_PARTS if item[name]]
    if item["beneficiaries"] is not None:
        facts.append((str(PARTS["beneficiaries"]), f"{item['beneficiaries']:,}"))
    if item["point"]:
        facts.append((str(PARTS["point"]), item["point"].replace(",", ", ")))
    if item.get("strategy"):
        facts.append((str(PARTS["strategy"]), item["strategy"]["title"]))
    return {
        "title": f"{item['rank']}. {item['title']}",
        "kind": f"{sides(item)} · {WAYS[item['way']]}",
        "facts": facts,
        "head": [_("What"), _("How many"), _("Unit price"), _("Money (baht)")],
        "lines": [
            [
                line["what"],
                f"{science.quantity_text(line['quantity_thousandths'])} {line['unit']}",
                _figure(line["unit_price_satang"]),
                _figure(line["amount_satang"]),
            ]
            for line in item["lines"]
        ],
        "total": _figure(item["budget_satang"]),
        "in_words": money.baht_words(item["budget_satang"]) if language() == "th" else "",
    }


def _signed(edition: Mapping[str, Any] | None) -> str:
    if edition is None or not edition["endorsement"]["signed"]:
        return ""
    of = edition["endorsement"]
    posts = ", ".join(str(POSTS[post]) for post in of["signed"])
    how_many = _(
        "%(signed)s of %(members)s have signed; %(needed)s are needed",
        signed=len(of["signed"]),
        members=of["members"],
        needed=of["needed"],
    )
    return f"{how_many}: {posts}"
