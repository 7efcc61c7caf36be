"""Commands: an actor acts, and the request or the command line commits."""

import ast

from tests.house.source import files_of, functions, short, tree

# What another room's command causes: it happens to people and has no actor of its own.
EFFECTS = {("notifications", "tell"), ("notifications", "follow_for")}
# A ballot has no actor: who cast it is what nobody may know. It ends its own transaction, as a board's batch does.
BALLOTS = {
    ("voting", "cast"),
    ("voting", "set_aside_for_paper"),
    ("voting", "enter_paper"),
    ("voting", "leave_a_gap"),
    ("voting", "back_from_paper"),
}
ALONE = (
    "portal/voting/commands/ballots.py",
    "portal/voting/commands/board.py",
    "portal/voting/commands/paper_desk.py",
)
ENDS = {"commit", "rollback", "begin", "transaction"}


def test_nobody_below_the_request_ends_a_transaction():
    wrong = [
        f"{short(path)}:{node.lineno} .{node.func.attr}()"
        for role in ("models", "policy", "workflow", "queries", "commands")
        for _, path in files_of(role)
        if short(path) not in ALONE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ENDS
    ]
    assert not wrong, "\n".join(wrong)


def test_a_command_begins_with_the_actor():
    wrong = [
        f"{short(path)}:{function.lineno} {function.name}"
        for room, path in files_of("commands")
        for function in functions(path)
        if (room, function.name) not in EFFECTS | BALLOTS
        if [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)][:1] != ["actor"]
    ]
    assert not wrong, "the first parameter of a command is `actor`:\n" + "\n".join(wrong)


def test_a_permission_is_a_question():
    """policy holds ``can_<verb>(actor, …)`` beside ``visible_to(actor)``."""
    wrong = [
        f"{short(path)}:{function.lineno} {function.name}"
        for _, path in files_of("policy")
        for function in functions(path)
        if not function.name.startswith(("can_", "visible_to", "is_"))
    ]
    assert not wrong, "\n".join(wrong)
