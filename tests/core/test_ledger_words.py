"""The words of the ledger: each name of the code in the reader's language, room by room."""

from portal.core import i18n, ledger_words


def test_a_name_is_said_in_the_language_of_the_moment(app):
    with i18n.speaking("en"):
        assert ledger_words.event("plan.submitted") == "Plan submitted"
        assert ledger_words.thing("plan") == "Community plan"
    with i18n.speaking("th"):
        assert ledger_words.event("plan.submitted") == "ส่งแผนแล้ว"


def test_what_no_room_knows_goes_by_its_name(app):
    assert ledger_words.event("never.happened") == "never.happened"
    assert ledger_words.thing("nothing") == "nothing"


def test_names_stand_room_by_room_and_strangers_last(app):
    with i18n.speaking("en"):
        found = ledger_words.groups(
            "events", {"never.happened", "round.sealed", "plan.submitted", "plan.begun"}
        )
    assert found == [
        ("Community plans", [("plan.begun", "Plan started"), ("plan.submitted", "Plan submitted")]),
        ("Voting rounds", [("round.sealed", "Board closed")]),
        ("", [("never.happened", "never.happened")]),
    ]


def test_every_kind_of_things_is_known(app):
    assert {"plan", "round", "person"} <= ledger_words.kinds()
