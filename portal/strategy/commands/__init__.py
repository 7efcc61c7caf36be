"""What keepers do with strategy trees; one module per matter."""

from portal.strategy.commands.documents import load_seeds
from portal.strategy.commands.drafts import Facts, Goal, Line, Step
from portal.strategy.commands.lines import (
    add_node,
    move_node,
    remove_indicator,
    remove_node,
    write_indicator,
    write_node,
)
from portal.strategy.commands.trees import begin_tree, begin_version, publish_tree, remove_tree, write_tree

__all__ = [
    "Facts",
    "Goal",
    "Line",
    "Step",
    "add_node",
    "begin_tree",
    "begin_version",
    "load_seeds",
    "move_node",
    "publish_tree",
    "remove_indicator",
    "remove_node",
    "remove_tree",
    "write_indicator",
    "write_node",
    "write_tree",
]
