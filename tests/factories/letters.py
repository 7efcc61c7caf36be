"""Letters with codes, through both officers. Use inside an open transaction."""

from collections.abc import Iterable

from portal.core import hashing
from portal.core.actor import Actor, Role
from portal.voting import rollkeys
from portal.voting.commands import letters
from portal.voting.models import LetterPrint
from tests.factories import accounts, places

LIST = hashing.sha256_hex("a list of the tests")


def keys(round_id: int, numbers: Iterable[str]) -> list[str]:
    """The keys of people by their numbers."""
    return [rollkeys.person_key(round_id, one) for one in numbers]


def released(actor: Actor, round_id: int, numbers: Iterable[str], second: Actor | None = None) -> LetterPrint:
    """Letters to a list that one officer asked for and another of Dusit released."""
    asked = letters.ask_letters(actor, round_id, keys(round_id, numbers), LIST)
    letters.release_letters(second or accounts.officer(Role.REGISTRY, places.district()), asked.id)
    return asked


def written(
    actor: Actor, round_id: int, numbers: Iterable[str], second: Actor | None = None
) -> dict[str, str]:
    """The codes of a list's letters by the numbers, every part printed."""
    wanted = list(numbers)
    asked, codes = released(actor, round_id, wanted, second), {}
    for part in range(1, asked.parts + 1):
        codes.update(letters.print_letters(actor, asked.id, part, 1, keys(round_id, wanted), LIST))
    found = zip(wanted, keys(round_id, wanted), strict=True)
    return {number: codes[key] for number, key in found if key in codes}


def lost(actor: Actor, round_id: int, number: str) -> str:
    """The code of one letter in the place of a lost one."""
    asked = letters.ask_letter(actor, round_id, number, "จดหมายหาย")
    letters.release_letters(accounts.officer(Role.REGISTRY, places.district()), asked.id)
    return next(iter(letters.print_letters(actor, asked.id, 1, 1, keys(round_id, [number])).values()))
