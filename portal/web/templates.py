"""Templates compiled once for each language, so that what is known by then costs nothing when a page is made.

Messages are put into the compiled template in its language, and calls of plain functions and macros take a short way.
What a page says is the same as with Jinja's own ways (tests/web/test_templates.py).
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import cached_property
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, cast

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer

from portal.core import i18n

PLAIN = frozenset((BuiltinFunctionType, FunctionType, MethodType))
PLACE = re.compile(r"%\((\w+)\)s|(%%)")


class QuickContext(Context):
    """Calls macros and plain functions without asking what else they might be: a page makes hundreds of calls."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as in Jinja: no kwarg may meet them
        kind = type(__obj)
        if kind is not Macro and (kind not in PLAIN or hasattr(__obj, "jinja_pass_arg")):
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        if kind is Macro:
            return __obj(__self.eval_ctx, *args, **kwargs)
        return __obj(*args, **kwargs)


class Messages(NodeTransformer):
    """Replaces calls of the message functions by the message in ``language``, its places filled in by expressions, and
    the name ``lang`` by the language."""

    def __init__(self, language: str, template: nodes.Template) -> None:
        self.language = language
        self.has_own_lang = any(
            name.name == "lang" and name.ctx != "load" for name in template.find_all(nodes.Name)
        )

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802 - Jinja's name
        """``lang``, wherever a template does not use the name for something of its own."""
        return nodes.Const(self.language) if node.name == "lang" and not self.has_own_lang else node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - Jinja's name
        """``_("…")``, ``gettext``, ``pgettext`` and, where a language has one form only, ``ngettext``."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        values = {keyword.key: keyword.value for keyword in node.kwargs}
        message = self._message(node.node.name, node.args, values)
        return node if message is None else self._filled(message, values) or node

    def _message(self, function: str, args: list[nodes.Expr], values: dict[str, nodes.Expr]) -> str | None:
        catalogue = i18n.catalogue(self.language)
        texts = [arg.value for arg in args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
        if function in ("_", "gettext") and len(args) == len(texts) == 1:
            return str(catalogue.ugettext(texts[0]))
        if function == "pgettext" and len(args) == len(texts) == 2:
            return str(catalogue.upgettext(texts[0], texts[1]))
        if function == "ngettext" and len(args) == 3 and len(texts) == 2 and self._has_one_form:
            values.setdefault("num", args[2])  # a figure may be given as it is to be read: "1,840"
            return str(catalogue.ungettext(texts[0], texts[1], 1))
        return None

    @cached_property
    def _has_one_form(self) -> bool:
        plural = i18n.catalogue(self.language).plural
        return len({plural(number) for number in range(200)}) == 1

    @staticmethod
    def _filled(message: str, values: dict[str, nodes.Expr]) -> nodes.Expr | None:
        """None when the message holds something else than ``%(name)s`` of the given values."""
        parts: list[nodes.Expr] = []
        at = 0
        for found in PLACE.finditer(message):
            parts.append(_safe(message[at : found.start()]))
            at = found.end()
            if found[2]:
                parts.append(_safe("%"))
            elif found[1] in values:
                parts.append(values[found[1]])
            else:
                return None
        parts.append(_safe(message[at:]))
        if any("%" in part.expr.value for part in parts[::2]):  # type: ignore[attr-defined]
            return None
        return parts[0] if len(parts) == 1 else nodes.Concat(parts)


def _safe(text: str) -> nodes.Expr:
    return nodes.MarkSafeIfAutoescape(nodes.Const(text))


class SpokenCode(CodeGenerator):
    """Generates the code of a template in the language of its environment."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """Put the messages in, then go on as Jinja does."""
        language = getattr(self.environment, "language", None)
        if language is not None:
            node = Messages(language, node).visit(node)
            node.set_environment(self.environment)
            for output in node.find_all(nodes.Output):
                output.nodes = [part for child in output.nodes for part in _parts(child)]
        super().visit_Template(node, frame)


def _parts(node: nodes.Expr) -> list[nodes.Expr]:
    return node.nodes if isinstance(node, nodes.Concat) else [node]


class SpokenEnvironment(Environment):
    """Flask's environment; those made by :func:`in_each_language` have a ``language``."""

    code_generator_class = SpokenCode
    context_class = QuickContext
    language: str | None = None

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The shared globals themselves: a chain of two mappings is walked for every page and every import."""
        return super().make_globals(d) if d else self.globals


def in_each_language(common: Environment) -> dict[str, SpokenEnvironment]:
    """An environment for each language that shares filters and globals with ``common``."""
    spoken = {}
    for language in i18n.LANGUAGES:
        spoken[language] = cast(SpokenEnvironment, common.overlay())
        spoken[language].language = language
    return spoken
