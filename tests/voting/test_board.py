"""The pure pieces of the board: texts of ballots, the tree, heads, receipts and the keeper of the keys."""

import datetime as dt
import hashlib
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.voting import ballot, heads, keykeeper, merkle
from portal.voting.ballot import Limits

SALT = "0123456789abcdef" * 2
APPROVAL = Limits("approval", {1: 100, 2: 200, 3: 300}, 400, least=1, most=2, rivals=((1, 3),))


def leaves(count):
    return [hashlib.sha256(str(one).encode()).digest() for one in range(count)]


def from_above(hashes):
    """RFC 6962 2.1 to the letter: a second way to the same root."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + from_above(hashes[:split]) + from_above(hashes[split:])).digest()


@given(st.integers(0, 200))
def test_the_root_is_that_of_the_rfc(count):
    assert merkle.root(leaves(count)) == from_above(leaves(count))


@given(st.integers(1, 70), st.data())
def test_a_way_up_may_be_put_together_from_a_block_and_the_crown(count, data):
    all_leaves = leaves(count)
    place = data.draw(st.integers(0, count - 1))
    at, inside = divmod(place, 8)
    upper = merkle.inclusion(merkle.crown(all_leaves, 8), at)
    block = all_leaves[at * 8 : at * 8 + 8]
    assert merkle.inclusion(block, inside) + upper == merkle.inclusion(all_leaves, place)


def test_known_roots():
    # The vectors every implementation of RFC 6962 is checked with: leaves "", 00, 10, 2021, 3031, …
    inputs = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", bytes(range(0x50, 0x58))]
    hashed = [hashlib.sha256(b"\x00" + one).digest() for one in inputs]
    assert merkle.root(hashed[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(hashed[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle.root(hashed[:7]).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"


@given(st.integers(1, 130), st.data())
def test_what_is_in_the_tree_can_be_shown_and_nothing_else(count, data):
    all_leaves = leaves(count)
    place = data.draw(st.integers(0, count - 1))
    path, root = merkle.inclusion(all_leaves, place), merkle.root(all_leaves)
    assert merkle.is_included(all_leaves[place], place, count, path, root)
    assert not merkle.is_included(leaves(count + 1)[-1], place, count, path, root)
    assert not merkle.is_included(all_leaves[place], place, count, [*path, root], root)
    if count > 1:
        assert not merkle.is_included(all_leaves[place], (place + 1) % count, count, path, root)


@given(st.integers(1, 130), st.data())
def test_a_later_tree_begins_with_the_earlier(count, data):
    all_leaves = leaves(count)
    earlier = data.draw(st.integers(1, count))
    path, root = merkle.consistency(all_leaves, earlier), merkle.root(all_leaves)
    assert merkle.is_consistent(earlier, merkle.root(all_leaves[:earlier]), count, root, path)
    other = merkle.root([*all_leaves[: earlier - 1], b"\xff" * 32])
    assert not merkle.is_consistent(earlier, other, count, root, path)


def test_one_meaning_has_one_text():
    given_ = {"round_id": 3, "area": "d1002", "channel": "web", "kind": "approval", "salt": SALT}
    text = ballot.body(choices={9: 1, 2: 1}, nonce="ดี", **given_)
    assert text == ballot.body(choices={2: 1, 9: 1}, nonce="ดี", **given_)
    assert text.decode() == (
        '{"area":"d1002","channel":"web","choices":[2,9],"nonce":"ดี","round":3,"salt":"' + SALT + '","v":1}'
    )
    assert ballot.leaf(text) == hashlib.sha256(b"\x00" + text).hexdigest()
    points = ballot.body(choices={9: 1, 2: 3}, nonce="x", **given_ | {"kind": "points"})
    assert b'"choices":[[2,3],[9,1]]' in points


@pytest.mark.parametrize("nonce", ["", "  ", "a\nb", "ก" * 81])
def test_a_nonce_is_printable_and_short(nonce):
    with pytest.raises(ValueError, match="nonce"):
        ballot.body(
            round_id=1, area="city", channel="web", choices={1: 1}, kind="approval", salt=SALT, nonce=nonce
        )


@pytest.mark.parametrize(
    ("choices", "limits", "broken"),
    [
        ({1: 1, 2: 1}, APPROVAL, []),
        ({7: 1}, APPROVAL, ["unknown"]),
        ({}, APPROVAL, ["few"]),
        ({1: 1, 2: 1, 3: 1}, APPROVAL, ["many", "rivals"]),
        ({1: 2}, APPROVAL, ["points"]),
        ({2: 1, 3: 1}, Limits("knapsack", {2: 200, 3: 300}, 400), ["money"]),
        ({2: 3, 3: 2}, Limits("points", {2: 200, 3: 300}, 400, most=5, points=3), []),
        ({2: 4}, Limits("points", {2: 200, 3: 300}, 400, most=5, points=3), ["points"]),
        ({2: 3, 3: 3}, Limits("points", {2: 200, 3: 300}, 400, most=5, points=3), ["points"]),
        ({2: 0}, Limits("points", {2: 200}, 400, most=5, points=3), ["points"]),
    ],
)
def test_the_limits_of_a_ballot(choices, limits, broken):
    assert ballot.faults(choices, limits) == broken


@given(st.binary(min_size=32, max_size=32), st.booleans())
def test_a_code_leads_back_to_its_leaf(raw, in_groups):
    code = ballot.code(raw.hex())
    assert len(code) == 20
    typed = ballot.spaced(code).lower() if in_groups else code
    prefix = ballot.code_prefix(typed)
    assert prefix is not None
    assert raw.hex().startswith(prefix)


def test_what_is_no_code():
    assert ballot.code_prefix("short") is None
    assert ballot.code_prefix("9" * 20) is None


def test_a_keeper_that_was_started_anew_is_asked_again(tmp_path):
    asking = keykeeper.Socket(str(tmp_path / "socket"))
    found = []
    for _ in range(2):
        with keykeeper.Server(tmp_path / "socket", tmp_path / "keys") as server:
            server.daemon_threads = True
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            asking.create(1)
            found += asking.tags(1, ["vote|1|7"]) + asking.tags(1, ["vote|1|7"])
            for link in asking._idle:
                link.shutdown(socket.SHUT_RDWR)  # as when its process ends
            server.shutdown()
            thread.join()
    asking.close()
    assert len(found) == 4
    assert len({*found}) == 1


@pytest.fixture(params=["folder", "socket"])
def keeper(request, tmp_path):
    """The keeper in this process, and in one of its own."""
    if request.param == "folder":
        yield keykeeper.Folder(tmp_path / "keys")
        return
    server = keykeeper.Server(tmp_path / "socket", tmp_path / "keys")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    asking = keykeeper.Socket(str(tmp_path / "socket"))
    yield asking
    asking.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_keeper_answers_tags_and_signatures_until_it_forgets(keeper):
    made = keeper.create(5)
    first, second, again = keeper.tags(5, ["vote|5|1", "vote|5|2", "vote|5|1"])
    assert first == again != second
    assert len(first) == 64
    signature = keeper.sign(5, "head", "text")
    assert keykeeper.is_signed(made, "head", "text", signature)
    assert not keykeeper.is_signed(made, "receipt", "text", signature)
    assert not keykeeper.is_signed(made, "head", "texts", signature)
    assert keeper.create(5) == made
    for refused in (
        lambda: keeper.sign(5, "plan", "x"),
        lambda: keeper.tags(6, ["x"]),
    ):
        with pytest.raises(keykeeper.KeeperSilent):
            refused()
    keeper.destroy(5)
    for refused in (lambda: keeper.tags(5, ["vote|5|1"]), lambda: keeper.create(5)):
        with pytest.raises(keykeeper.KeeperSilent):
            refused()


def test_only_its_owner_reads_a_key(tmp_path):
    keykeeper.Folder(tmp_path / "keys").create(1)
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert (tmp_path / "keys" / "round-1.json").stat().st_mode & 0o077 == 0


def test_without_a_keeper_nothing_goes_on(tmp_path):
    with pytest.raises(keykeeper.KeeperSilent):
        keykeeper.Socket(str(tmp_path / "nobody")).tags(1, ["x"])
    keykeeper.use("")
    with pytest.raises(keykeeper.KeeperSilent):
        keykeeper.keeper()


def test_heads_chain_and_receipts_are_signed(tmp_path, clock):
    keeper = keykeeper.Folder(tmp_path)
    public = keeper.create(1)
    clock.travel("2026-11-21 09:00")
    day = dt.date(2026, 11, 21)
    common = {"round_id": 1, "rules": "ab" * 32, "day": day}
    first = heads.written(keeper, kind="opening", number=0, previous=heads.GENESIS, leaves=[], **common)
    second = heads.written(
        keeper, kind="batch", number=1, previous=heads.line_hash(first), leaves=leaves(3), **common
    )
    said = heads.read(second)
    assert said["previous"] == heads.line_hash(first)
    assert (said["size"], said["root"]) == (3, merkle.root(leaves(3)).hex())
    leaf = leaves(1)[0].hex()
    given_ = heads.receipt(keeper, 1, leaf, day)
    assert given_ == heads.receipt(keeper, 1, leaf, day)
    assert heads.read_receipt(given_.signed, 1, public) == given_
    other_end = given_.signed[:-1] + ("1" if given_.signed.endswith("0") else "0")
    for wrong in (given_.signed.replace("2026-11-21", "2026-11-22"), other_end, "1.1", ""):
        assert heads.read_receipt(wrong, 1, public) is None
    assert heads.read_receipt(given_.signed, 2, public) is None
