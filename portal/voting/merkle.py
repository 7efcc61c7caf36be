"""The board's tree: a Merkle tree exactly as RFC 6962 (section 2.1) has it, over leaves that are hashes already.

Hashes are bytes. A tree of ``n`` leaves splits at the largest power of two below ``n``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def parent(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash that stands for all leaves in their order; of no leaves the hash of nothing."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        # What is left over at the end of a level moves up as it is: the same tree as splitting from above.
        above = [parent(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def inclusion(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The proof that the leaf at ``place`` is in the tree: the neighbours on its way up. IndexError if it is not."""
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    path, level = [], list(leaves)
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            path.append(level[beside])
        above = [parent(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level, place = above, place // 2
    return path


def crown(leaves: Sequence[bytes], block: int) -> tuple[bytes, ...]:
    """The roots of every ``block`` (a power of two) leaves: they are the leaves of the tree's upper part."""
    return tuple(root(leaves[at : at + block]) for at in range(0, len(leaves), block))


def is_included(leaf: bytes, place: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether a path leads from a leaf to the root of a tree of ``size`` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= place < size:
        return False
    at, last, found = place, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = parent(beside, found)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            found = parent(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root_hash


def consistency(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """The proof that the tree of the first ``earlier`` leaves is the beginning of this one."""
    if not 0 < earlier <= len(leaves):
        raise IndexError(earlier)
    return _consistency(leaves, earlier, is_whole=True)


def _consistency(leaves: Sequence[bytes], earlier: int, *, is_whole: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if is_whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if earlier <= split:
        return [*_consistency(leaves[:split], earlier, is_whole=is_whole), root(leaves[split:])]
    return [*_consistency(leaves[split:], earlier - split, is_whole=False), root(leaves[:split])]


def is_consistent(
    earlier: int, earlier_root: bytes, size: int, root_hash: bytes, path: Sequence[bytes]
) -> bool:
    """Whether a proof shows that one tree is the beginning of another (RFC 9162, 2.1.4.2)."""
    if earlier == size:
        return not path and earlier_root == root_hash
    if not 0 < earlier < size:
        return False
    steps = list(path)
    if earlier & (earlier - 1) == 0:
        steps.insert(0, earlier_root)
    if not steps:
        return False
    at, last = earlier - 1, size - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    before = after = steps[0]
    for beside in steps[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            before, after = parent(beside, before), parent(beside, after)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            after = parent(after, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and before == earlier_root and after == root_hash
