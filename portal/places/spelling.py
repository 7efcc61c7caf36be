"""Which name was meant: a damaged name read back with the words of names that are sound. No database here.

The city's list went through a reader of PDF files that loses things in the same few ways: า came out as ำ, a vowel above
or below slipped behind the next consonant (หลงั for หลัง), a tone mark vanished (นำ for น้ำ), and signs of the font stayed
behind. So every known word is damaged in these ways on purpose, and the name is read as a row of such words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from portal.core import thai
from portal.places.listing import quality_of
from portal.places.models import NameQuality

_SIGNS = re.compile(r"\(cid:\d+\)|\ufffd")
_SLIPPED = re.compile("([ก-ฮ])([ัิ-ู])([ก-ฮ])")
_LOST_TONE = re.compile("(?<=[ก-ฮ][ีื])้|้(?=ำ)")
_UNREAD, _SOUND, _TONE_LOST, _DAMAGED = 5.0, 1.0, 1.2, 1.3
# Common in names of communities, though the sound names may lack them, or hold them damaged without anybody's notice.
_COMMON = "สุข พลัง หลัง น้ำ น้ำเงิน สีน้ำเงิน เพลิง เชื้อเพลิง สามัคคี สัมพันธ์ พัฒนา โครงการ มุสลิม ตำรวจ กำแพง บำเพ็ญ ประดิษฐาราม สุวรรณาราม"

Words = dict[str, tuple[str, float]]


def words_of(names: Iterable[str]) -> Words:
    """What is known from sound names: each form a word may stand in, sound or damaged, with the word meant and what
    reading it so costs. Where two words look the same when damaged, the more frequent is meant."""
    frequent = Counter(word for name in names for word in thai.phrases(name) if len(word.strip()) > 1)
    for common in _COMMON.split():
        for form, _cost in _damaged(common):
            frequent.pop(form, None)
        frequent[common] += 1
    known: Words = {}
    for word, _count in frequent.most_common():
        for form, cost in _damaged(word):
            if form not in known or cost < known[form][1]:
                known[form] = (word, cost)
    known.update({word: (word, _SOUND) for word in frequent})
    return known


def _damaged(word: str) -> Iterator[tuple[str, float]]:
    for form in {word, _SLIPPED.sub(r"\1\3\2", word)}:
        toneless = _LOST_TONE.sub("", form)
        if toneless != form:
            yield toneless, _TONE_LOST
        yield form.replace("า", "ำ"), _DAMAGED
        yield form, _DAMAGED


def suggestion(name: str, known: Words) -> str | None:
    """The spelling that was probably meant; None when the name reads as it stands or nothing better is known."""
    text = thai.normalise(_SIGNS.sub("", name))
    if "า" in text:  # then its ำ came through as well
        known = {form: found for form, found in known.items() if "ำ" not in form or found[1] == _SOUND}
    longest = max((len(form) for form in known), default=0)
    best: list[tuple[float, str]] = [(0.0, "")]
    for end in range(1, len(text) + 1):
        cost, read = best[end - 1]
        choices = [(cost + _UNREAD, read + text[end - 1])]
        for start in range(max(0, end - longest), end):
            found = known.get(text[start:end])
            if found is not None:
                choices.append((best[start][0] + found[1], best[start][1] + found[0]))
        best.append(min(choices))
    meant = best[-1][1]
    return meant if meant != name and quality_of(meant) is NameQuality.OK else None
