"""The frame of a request."""

from inspect import iscoroutinefunction

from werkzeug.test import EnvironBuilder

from portal.web.application import Answer


def test_every_view_and_step_is_a_plain_function(app):
    """Flask no longer looks for others."""
    steps = [app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs]
    found = [step for by_room in steps for steps in by_room.values() for step in steps]
    handlers = [
        handler
        for room in app.error_handler_spec.values()
        for by_kind in room.values()
        for handler in by_kind.values()
    ]
    everything = [*app.view_functions.values(), *found, *handlers]
    assert len(everything) > 200
    assert not [one for one in everything if iscoroutinefunction(one)]


def test_a_whole_answer_is_a_list_and_a_stream_is_not():
    environ = EnvironBuilder().get_environ()
    closed = []
    for words in ([], ["หนึ่ง"], ["หนึ่ง", "สอง"]):
        answer = Answer(words)
        answer.call_on_close(lambda: closed.append(True))
        pieces = answer(environ, lambda *_args: None)
        assert type(pieces) is list
        assert b"".join(pieces).decode() == "".join(words)
    assert len(closed) == 3
    answer = Answer(piece for piece in ("หนึ่ง", "สอง"))
    assert not isinstance(answer(environ, lambda *_args: None), list)
    assert Answer("หนึ่ง")({**environ, "REQUEST_METHOD": "HEAD"}, lambda *_args: None) == []
