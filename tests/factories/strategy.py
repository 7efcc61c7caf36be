"""Strategy trees: those of the documents, and small ones. Use inside an open transaction."""

from portal.core.actor import Actor, Role
from portal.strategy import commands, seen
from portal.strategy.models import Tree
from tests.factories import accounts


def keeper(district=None) -> Actor:
    """Who keeps the city's trees, or a district's."""
    return accounts.officer(Role.STRATEGY, district)


def seeded() -> dict[str, Tree]:
    """The documents' trees by "slug/version"; Dusit's only if the district is there."""
    return {f"{tree.slug}/{tree.version}": tree for tree in commands.load_seeds(keeper())}


def facts(**values) -> commands.Facts:
    """What is said of a small tree of two levels for 2571."""
    return commands.Facts(
        **{
            "title": "แผนตัวอย่าง",
            "first_year": 2571,
            "last_year": 2571,
            "source": "เอกสารตัวอย่าง",
            "levels": (("ยุทธศาสตร์", "Strategy"), ("กลยุทธ์", "Tactic")),
            **values,
        }
    )


def draft(actor: Actor, district_id: int | None = None, **values) -> Tree:
    """A draft with two lines, one below the other, and an indicator."""
    tree = commands.begin_tree(actor, district_id, facts(**values))
    top = commands.add_node(actor, tree.id, None, commands.Line("เมืองน่าอยู่", "1"))
    below = commands.add_node(actor, tree.id, top.id, commands.Line("ทางเดินสะดวก", "1.1"))
    commands.write_indicator(
        actor,
        below.id,
        None,
        "ร้อยละของชุมชนที่มีทางเดินส่องสว่าง",
        "ร้อยละ",
        [commands.Goal(2571, "ร้อยละ 80")],
        [commands.Step("ติดตั้งไฟส่องสว่าง", 2571, "ฝ่ายโยธา", 500_000_00)],
    )
    return tree


def publish(actor: Actor, tree: Tree) -> Tree:
    """Publish a draft as it stands."""
    return commands.publish_tree(actor, tree.id, seen_hash=seen.of_tree(tree))
