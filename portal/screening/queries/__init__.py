"""Reads of the screening room. What has not been released is in none of the answers meant for other rooms."""

from portal.core.i18n import lazy_gettext as _l
from portal.screening.queries.alignment import branches, nodes_to_choose, strategy_trees
from portal.screening.queries.cards import PublicCard, public_card
from portal.screening.queries.dockets import (
    case_of_item,
    docket,
    dockets,
    get_visible,
    is_final,
    of_community,
)
from portal.screening.queries.inbox import (
    TABS,
    assignees,
    communities_of,
    counts,
    inbox,
    listed_cases,
    next_case,
    plans_to_take_in,
    undecided,
    unreleased,
)
from portal.screening.queries.released import (
    ACCEPTED,
    community_cases,
    final_accepted_items,
    letter_of,
    next_release,
    released_communities,
    released_counts,
    released_outcomes,
    results,
    shown_decisions,
)
from portal.screening.queries.resembling import Similar, merge_targets, similar_items
from portal.screening.queries.sheets import (
    CHUNK,
    Frame,
    content_of,
    frame_of,
    jobs_of,
    sheet,
    sheet_like,
    sheets_of,
    standings,
    workbook_of,
)
from portal.screening.queries.together import appeal_screeners, chosen, proposals, set_releases
from portal.screening.queries.workbench import (
    Bench,
    bench,
    card_of,
    criteria_of,
    decision_waiting,
    history_of,
    is_merge_target,
    reference_prices,
    title_of,
)

__all__ = [
    "ACCEPTED",
    "CHUNK",
    "NEWS",
    "TABS",
    "Bench",
    "Frame",
    "PublicCard",
    "Similar",
    "appeal_screeners",
    "assignees",
    "bench",
    "branches",
    "card_of",
    "case_of_item",
    "chosen",
    "communities_of",
    "community_cases",
    "content_of",
    "counts",
    "criteria_of",
    "decision_waiting",
    "docket",
    "dockets",
    "final_accepted_items",
    "frame_of",
    "get_visible",
    "history_of",
    "inbox",
    "is_final",
    "is_merge_target",
    "jobs_of",
    "letter_of",
    "listed_cases",
    "merge_targets",
    "next_case",
    "next_release",
    "nodes_to_choose",
    "of_community",
    "plans_to_take_in",
    "proposals",
    "public_card",
    "reference_prices",
    "released_communities",
    "released_counts",
    "released_outcomes",
    "results",
    "set_releases",
    "sheet",
    "sheet_like",
    "sheets_of",
    "shown_decisions",
    "similar_items",
    "standings",
    "strategy_trees",
    "title_of",
    "undecided",
    "unreleased",
    "workbook_of",
]

NEWS = {
    "screening.assigned": _l("You are to screen “%(title)s”."),
    "screening.correction_answered": _l("The community has answered about “%(title)s”."),
    "screening.sent_back": _l("Your proposal about “%(title)s” was sent back: %(reason)s"),
    "screening.released": _l("The district has decided about “%(title)s”. See what and why."),
    "screening.unpublished": _l(
        "The decision about “%(title)s” was taken back to be looked at again: %(reason)s"
    ),
    "screening.withdrawn": _l("The community has withdrawn “%(title)s”."),
    "screening.appealed": _l("A community has appealed about “%(title)s”."),
    "screening.appeal_filed": _l(
        "The community has appealed about “%(title)s”. Somebody who took no part looks at it again."
    ),
    "screening.appeal_released": _l("The appeal about “%(title)s” is decided. See what and why."),
}
