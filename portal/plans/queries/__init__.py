"""Reading plans: what a person may see, what a plan says, who has signed it, what was handed in."""

from portal.plans.queries.editions import (
    edition,
    editions,
    editions_of,
    latest_edition,
    latest_with_editions,
    open_return,
    returns_of,
    withdrawals,
    withdrawn_items,
)
from portal.plans.queries.lists import (
    attachments_of,
    desk_rows,
    fiscal_years,
    plans_at_desk,
    share_of_communities,
    submitted_plans,
    writers_at,
)
from portal.plans.queries.offers import offers_of_issues
from portal.plans.queries.reading import (
    content_of,
    content_sha256,
    get_visible,
    hinted_line,
    item_data,
    item_visible,
    items_of,
    lines_of,
    place_of,
    placed_item,
    placed_plan,
    plain_plan,
    plan_of,
    visible_to,
)
from portal.plans.queries.registry import FILE_GUARDS, KINDS, NEWS
from portal.plans.queries.reviews import items_to_review
from portal.plans.queries.signatures import Seat, Standing, checks_of, standing

OFFERS = {"issue": offers_of_issues}

__all__ = [
    "FILE_GUARDS",
    "KINDS",
    "NEWS",
    "OFFERS",
    "Seat",
    "Standing",
    "attachments_of",
    "checks_of",
    "content_of",
    "content_sha256",
    "desk_rows",
    "edition",
    "editions",
    "editions_of",
    "fiscal_years",
    "get_visible",
    "hinted_line",
    "item_data",
    "item_visible",
    "items_of",
    "items_to_review",
    "latest_edition",
    "latest_with_editions",
    "lines_of",
    "open_return",
    "place_of",
    "placed_item",
    "placed_plan",
    "plain_plan",
    "plan_of",
    "plans_at_desk",
    "returns_of",
    "share_of_communities",
    "standing",
    "submitted_plans",
    "visible_to",
    "withdrawals",
    "withdrawn_items",
    "writers_at",
]
