"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Strategy"),
    events={
        "strategy.tree_begun": _l("Strategy draft started"),
        "strategy.version_begun": _l("New version of a strategy started"),
        "strategy.tree_written": _l("Strategy draft edited"),
        "strategy.tree_removed": _l("Strategy draft deleted"),
        "strategy.tree_published": _l("Strategy published"),
        "strategy.node_added": _l("Strategy line added"),
        "strategy.node_written": _l("Strategy line edited"),
        "strategy.node_moved": _l("Strategy line moved"),
        "strategy.node_removed": _l("Strategy line deleted"),
        "strategy.indicator_written": _l("Indicator saved"),
        "strategy.indicator_removed": _l("Indicator deleted"),
    },
    things={
        "strategy_tree": _l("Strategy tree"),
        "strategy_node": _lp("ledger", "Strategy line"),
        "strategy_indicator": _l("Indicator"),
    },
)
