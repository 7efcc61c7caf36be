"""What may be kept for visitors and shown again, and what empties it."""

import datetime as dt
import gzip
import re
from pathlib import Path

import pytest

from portal.app import MAX_BODY
from portal.core import clock, state
from portal.voting.views import blueprint as voting
from portal.web import headers, pagecache
from portal.web.login import SESSION_COOKIE
from portal.web.pagecache import PageCache
from tests.factories import accounts


class Kitchen:
    """Stands between the cache and the portal, and counts what really had to be made."""

    def __init__(self, app):
        self.app, self.made = app, []

    def __call__(self, environ, start_response):
        self.made.append(environ["PATH_INFO"])
        return self.app(environ, start_response)


class Watch:
    """A second hand that moves only when it is told to."""

    def __init__(self):
        self.seconds = 1000.0

    def monotonic(self):
        return self.seconds


@pytest.fixture
def watch(monkeypatch):
    hand = Watch()
    monkeypatch.setattr(pagecache, "time", hand)
    pagecache.watch.look_again()
    yield hand
    pagecache.watch.look_again()


@pytest.fixture
def cached(app, watch, monkeypatch):
    """The portal with a page cache of a million bytes; gives the cache, whose ``app`` counts."""
    cache = PageCache(Kitchen(app.wsgi_app), max_bytes=1_000_000)
    monkeypatch.setattr(app, "wsgi_app", cache)
    return cache


def test_a_page_is_made_once_for_all_visitors(cached, client, new_client):
    first, second = client.get("/help", status=200), new_client().get("/help", status=200)
    assert cached.app.made == ["/help"]
    assert first.data == second.data
    assert second.queries == []
    assert "X-Portal-Cache" not in second.headers


def test_signed_in_people_get_pages_of_their_own_and_leave_none_behind(cached, client, transaction):
    with transaction():
        accounts.person(email="resident@example.org")
    client.sign_in("resident@example.org", accounts.PASSWORD)
    cached.app.made.clear()
    for _ in range(2):
        assert client.get("/help", status=200).headers["Cache-Control"] == "private, no-store"
    assert cached.app.made == ["/help", "/help"]
    assert not any(key.startswith("/help") for key in cached.kept)


def test_an_answer_that_sets_a_cookie_is_not_kept(cached, client, new_client):
    assert "Set-Cookie" in client.get("/accounts/sign-in", status=200).headers
    new_client().get("/accounts/sign-in", status=200)
    assert cached.app.made == ["/accounts/sign-in", "/accounts/sign-in"]


def test_a_query_parameter_the_page_does_not_know_goes_past_the_cache(cached, client):
    for address in ("/help?made_up=1", "/help?made_up=1", "/help"):
        client.get(address, status=200)
    assert len(cached.app.made) == 3
    assert len(cached.kept) == 1


def test_each_language_is_kept_by_itself(cached, client):
    thai, english = client.get("/help", status=200), client.get("/en/help", status=200)
    assert thai.data != english.data
    assert client.get("/en/help", status=200).data == english.data
    assert len(cached.app.made) == 2


def test_a_page_is_kept_no_longer_than_until_it_changes_by_itself(app):
    now = clock.now()
    with app.test_request_context("/"), clock.travel(now):
        assert headers.shared_seconds() == headers.SHARED_SECONDS
        headers.fresh_until(now + dt.timedelta(seconds=12))
        headers.fresh_until(now + dt.timedelta(hours=1))
        assert headers.shared_seconds() == 12
        headers.fresh_until(now - dt.timedelta(seconds=1))
        assert headers.shared_seconds() == 0


def test_a_page_is_made_anew_when_its_time_is_up(cached, client, watch):
    client.get("/help", status=200)
    watch.seconds += headers.SHARED_SECONDS - 1
    client.get("/help", status=200)
    assert len(cached.app.made) == 1
    watch.seconds += 1
    client.get("/help", status=200)
    assert len(cached.app.made) == 2


def test_caches_on_the_way_keep_it_no_longer_than_the_portal(cached, client, watch):
    etag = client.get("/help", status=200).headers["ETag"]
    for asked, status in (({}, 200), ({"Accept-Encoding": "gzip"}, 200), ({"If-None-Match": etag}, 304)):
        watch.seconds += 7
        answer = client.get("/help", headers=asked, status=status)
        left = int(1000 + headers.SHARED_SECONDS - watch.seconds)
        assert answer.headers["Cache-Control"].endswith(f"s-maxage={left}")
    assert left == 9
    assert len(cached.app.made) == 1


def test_a_page_that_was_begun_before_something_vanished_is_not_kept(cached, client, monkeypatch):
    made = cached.app.app

    def slowly(environ, start_response):
        chunks = made(environ, start_response)
        cached.clear()
        return chunks

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(cached.app, "app", slowly)
        client.get("/help", status=200)
    assert not cached.kept
    client.get("/help", status=200)
    assert list(cached.kept) == ["/help?"]


def test_what_must_vanish_at_once_empties_the_cache(cached, client, transaction, watch):
    client.get("/help", status=200)
    with transaction():
        state.bump_epoch()
    client.get("/help", status=200)
    assert len(cached.app.made) == 1, "looks at most once a second"
    watch.seconds += 1
    client.get("/help", status=200)
    assert len(cached.app.made) == 2


def test_who_has_the_page_is_told_so(cached, client):
    etag = client.get("/help", status=200).headers["ETag"]
    again = client.get("/help", headers={"If-None-Match": etag}, status=304)
    assert again.data == b""
    assert len(cached.app.made) == 1


def test_it_is_kept_packed_as_well(cached, client):
    plain = client.get("/help", status=200)
    packed = client.get("/help", headers={"Accept-Encoding": "gzip"}, status=200)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert len(cached.app.made) == 1


@pytest.mark.parametrize("path", ["/", "/static/css/site.css", "/accounts/sign-in"])
@pytest.mark.parametrize("accepts", [{}, {"Accept-Encoding": "gzip"}])
def test_caches_on_the_way_are_told_that_it_may_be_packed(cached, client, path, accepts):
    for _ in range(2):
        answer = client.get(path, headers=accepts)
        answer.close()
        assert "Accept-Encoding" in answer.headers.getlist("Vary")


def _with_key(rule):
    """An address that opens something to whoever has it; keys of the rulebook are names."""
    is_key = rule.arguments & {"token", "key"} and not rule.endpoint.startswith("rulebook.")
    return re.sub("<[^>]*>", "x", rule.rule) if is_key else ""


def test_nginx_is_told_what_the_portal_holds_to(app):
    configuration = (Path(__file__).parents[2] / "docs/nginx.conf").read_text()
    assert f"~{SESSION_COOKIE}= 1;" in configuration
    assert f"client_max_body_size {MAX_BODY // 1024**2}m;" in configuration
    unlogged = re.search(
        r"location ~ (\S+) \{\n        access_log off;\n        error_log /dev/null;", configuration
    )
    for telling in (
        f"{voting.url_prefix}/7/cast",
        f"/en{voting.url_prefix}/receipt",
        "/files/7",
        "/static/css/site.css",
        *(path for rule in app.url_map.iter_rules() if (path := _with_key(rule))),
    ):
        assert re.match(unlogged[1], telling)
    formats = re.findall(r"log_format (\w+) (.*);", configuration)
    assert re.findall(r"access_log /\S+ (\w+)\b", configuration) == [name for name, _ in formats]
    for _, told in formats:
        assert not re.search(r"referer|request_uri|cookie|args|\$request\b", told)


def test_no_log_on_the_way_hears_from_which_page_somebody_comes(client):
    assert client.get("/help", status=200).headers["Referrer-Policy"] == "strict-origin"


def test_the_pages_asked_for_last_stay_when_room_is_short(cached, client):
    for address in ("/help", "/privacy", "/terms", "/help"):
        client.get(address, status=200)
    cached.max_bytes = cached.size - 1
    client.get("/accessibility", status=200)
    kept = [key.rstrip("?") for key in cached.kept]
    assert cached.size <= cached.max_bytes
    assert "/privacy" not in kept
    assert kept[-2:] == ["/help", "/accessibility"]
