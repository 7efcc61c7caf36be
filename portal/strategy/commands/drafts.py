"""A draft while it is written: the data commands take, and the one way lines get into a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core import db, thai
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.strategy import policy, queries
from portal.strategy.models import Indicator, Level, Measure, Node, Target, Tree, TreeState

MEANWHILE = _l("Someone else has changed this in the meantime.")


@dataclass(frozen=True)
class Facts:
    """What is said of a tree as a whole; years are BE and inclusive, levels are (Thai, English) from the top."""

    title: str
    first_year: int
    last_year: int
    source: str
    levels: tuple[tuple[str, str], ...]
    title_en: str = ""


@dataclass(frozen=True)
class Line:
    """What is said of a node. ``continues_id`` is a node of the tree this one takes over from."""

    title: str
    number: str = ""
    title_en: str = ""
    note: str = ""
    continues_id: int | None = None


@dataclass(frozen=True)
class Goal:
    """What an indicator shall reach: fiscal year (BE), agency, words."""

    fiscal_year: int
    words: str
    agency: str = ""


@dataclass(frozen=True)
class Step:
    """A measure or flagship project: a budget in satang, or words where there is no amount."""

    title: str
    fiscal_year: int
    agency: str = ""
    budget_satang: int | None = None
    budget_words: str = ""
    is_flagship: bool = False


class Draft:
    """A tree that may be written to. Get it with :meth:`of`, which holds the row against other writers."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    @classmethod
    def of(cls, actor: Actor, tree_id: int) -> Draft:
        """The draft with this id; raises NotFound, NotAllowed, or WrongState once it is published."""
        tree = db.get_for_update(Tree, tree_id)
        if tree is None or not policy.can_see(actor, tree):
            raise NotFound
        if not policy.can_keep(actor, tree.district_id):
            raise NotAllowed(_l("This tree is managed by another office."))
        if tree.state is not TreeState.DRAFT:
            raise WrongState(
                _l("A published plan does not change. Start a new version."),
                way_on=("strategy.show", {"tree_id": tree_id}, _l("See it as it stands now")),
            )
        return cls(tree)

    @classmethod
    def of_node(cls, actor: Actor, node_id: int) -> tuple[Draft, Node]:
        """The draft a line stands in, and the line."""
        node = db.session().get(Node, node_id)
        if node is None:
            raise NotFound
        draft = cls.of(actor, node.tree_id)
        return draft, draft.line(node_id)

    def refusal_to_lose_a_line(self) -> WrongState:
        """What answers whoever throws a line away that something of another room refers to."""
        return WrongState(
            _l("A project or an item still refers to a line that would go. Remove it there first."),
            way_on=("strategy.edit", {"tree_id": self.tree.id}, _l("See it as it stands now")),
        )

    def line(self, node_id: int) -> Node:
        """A line of this tree as it is now; raises NotFound."""
        node = db.get_for_update(Node, node_id)
        if node is None or node.tree_id != self.tree.id:
            raise NotFound
        return node

    @staticmethod
    def check_facts(facts: Facts) -> None:
        """Raises Invalid with what is wrong, by field."""
        wrong: dict[str, object] = {}
        for name in ("title", "source"):
            if not getattr(facts, name).strip():
                wrong[name] = _l("This must be filled in.")
        if facts.first_year > facts.last_year:
            wrong["last_year"] = _l("The last year comes before the first.")
        if not facts.levels:
            wrong["levels"] = _l("Name at least one level.")
        if wrong:
            raise Invalid(wrong)

    def check_line(self, line: Line) -> None:
        """Raises Invalid for a line without a title or one that continues what this tree does not take over from."""
        if not thai.normalise(line.title).strip():
            raise Invalid({"title": _l("This must be filled in.")})
        older = {row.id for row in queries.older_nodes(self.tree)} if line.continues_id is not None else set()
        if line.continues_id is not None and line.continues_id not in older:
            raise Invalid({"continues_id": _l("Choose a line of the tree this one takes over from.")})

    def write_facts(self, facts: Facts) -> None:
        """Set what is said of the tree as a whole; levels need the tree's id (:meth:`name_levels`)."""
        tree = self.tree
        tree.title, tree.title_en, tree.source = facts.title, facts.title_en, facts.source
        tree.first_year, tree.last_year = facts.first_year, facts.last_year

    def name_levels(self, names: Sequence[tuple[str, str]]) -> None:
        """Name the depths from the top, (Thai, English); without English the Thai stands for both."""
        session = db.session()
        session.execute(sa.delete(Level).where(Level.tree_id == self.tree.id))
        for depth, (name_th, name_en) in enumerate(names, 1):
            session.add(Level(tree_id=self.tree.id, depth=depth, name_th=name_th, name_en=name_en or name_th))
        session.flush()

    def insert(self, parent: Node | None, line: Line, position: int | None = None) -> Node:
        """A line below a parent (None: a root), last unless ``position`` says otherwise."""
        position = position or self._next_place(parent)
        node = Node(
            tree_id=self.tree.id,
            parent_id=parent.id if parent else None,
            depth=parent.depth + 1 if parent else 1,
            position=position,
            path=_path(parent, position),
            number=line.number,
            title=line.title,
            title_en=line.title_en,
            note=line.note,
            continues_id=line.continues_id,
        )
        db.session().add(node)
        db.session().flush()
        return node

    def _next_place(self, parent: Node | None) -> int:
        last = db.session().scalar(
            sa.select(sa.func.max(Node.position)).where(
                Node.tree_id == self.tree.id,
                Node.parent_id.is_not_distinct_from(parent.id if parent else None),
            )
        )
        return (last or 0) + 1

    def order_again(self) -> None:
        """Number positions and paths of the whole tree anew; trees have some hundred lines."""
        session = db.session()
        session.flush()
        below: dict[int | None, list[Node]] = {}
        for node in session.scalars(
            sa.select(Node).where(Node.tree_id == self.tree.id).order_by(Node.position, Node.id)
        ):
            below.setdefault(node.parent_id, []).append(node)

        def number(parent: Node | None) -> None:
            for place, node in enumerate(below.get(parent.id if parent else None, ()), 1):
                node.position, node.path = place, _path(parent, place)
                number(node)

        number(None)
        session.flush()

    @staticmethod
    def insert_indicator(
        node_id: int, title: str, unit: str, targets: Sequence[Goal], measures: Sequence[Step]
    ) -> Indicator:
        """A last indicator below a line, with its targets and measures."""
        last = db.session().scalar(
            sa.select(sa.func.max(Indicator.position)).where(Indicator.node_id == node_id)
        )
        indicator = Indicator(node_id=node_id, position=(last or 0) + 1, title=title, unit=unit)
        db.session().add(indicator)
        db.session().flush()
        Draft.set_goals(indicator, targets, measures)
        return indicator

    @staticmethod
    def set_goals(indicator: Indicator, targets: Sequence[Goal], measures: Sequence[Step]) -> None:
        """Replace the targets and measures of an indicator."""
        session = db.session()
        session.execute(sa.delete(Target).where(Target.indicator_id == indicator.id))
        session.execute(sa.delete(Measure).where(Measure.indicator_id == indicator.id))
        session.add_all(
            Target(
                indicator_id=indicator.id, fiscal_year=goal.fiscal_year, agency=goal.agency, words=goal.words
            )
            for goal in targets
        )
        session.add_all(
            Measure(
                indicator_id=indicator.id,
                position=position,
                title=step.title,
                agency=step.agency,
                fiscal_year=step.fiscal_year,
                is_flagship=step.is_flagship,
                budget_satang=step.budget_satang,
                budget_words=step.budget_words,
            )
            for position, step in enumerate(measures, 1)
        )
        session.flush()


def _path(parent: Node | None, position: int) -> str:
    return f"{parent.path if parent else ''}{position:03d}."
