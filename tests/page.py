"""Read a page as a person's browser does, and say what is wrong with it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
BREAKS = {0x200B: None, 0xAD: None}  # zero width space, soft hyphen
THAI = re.compile("[\u0e01-\u0e3a\u0e40-\u0e5b]")
UNTYPED = frozenset({"hidden", "submit", "button", "reset", "image"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")


@dataclass(eq=False)
class Element:
    """One element of a page: its name, its attributes, and what stands inside it."""

    name: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")

    def walk(self):
        """This element and all inside it, in the order of the page."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(child for child in reversed(element.children) if isinstance(child, Element))

    def all(self, *names: str) -> list["Element"]:
        """Every element inside with one of these names."""
        return [element for element in self.walk() if element.name in names and element is not self]

    def inside(self, *names: str) -> bool:
        """Does one of these stand around it?"""
        above = self.parent
        while above is not None:
            if above.name in names:
                return True
            above = above.parent
        return False

    @property
    def lang(self) -> str:
        """The language it is read out in: its own, or that of what stands around it."""
        return self["lang"] or (self.parent.lang if self.parent else "")

    @property
    def text(self) -> str:
        """What is read, with single spaces; pictures read as their alternative, and places where a line may
        break do not count."""
        return " ".join("".join(self._words()).translate(BREAKS).split())

    def _words(self):
        if self.name == "img":
            yield self["alt"]
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.name not in ("script", "style", "template"):
                yield from child._words()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        above: Element | None = self.at
        while above is not None and above.name != tag:
            above = above.parent
        if above is not None and above.parent is not None:
            self.at = above.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


class Page:
    """A page that was got. ``page.h1``, ``page.title``, ``page.text``, ``page.forms``, ``page.links``."""

    def __init__(self, html: str) -> None:
        builder = _Builder()
        builder.feed(html)
        builder.close()
        self.root = builder.root
        self.elements = list(self.root.walk())
        self.ids = Counter(element["id"] for element in self.elements if element["id"])

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if element.name in names]

    @property
    def text(self) -> str:
        """All that is read in the body."""
        return " ".join(element.text for element in self.all("body"))

    @property
    def h1(self) -> str:
        return " ".join(element.text for element in self.all("h1"))

    @property
    def title(self) -> str:
        return " ".join(element.text for element in self.all("title") if not element.inside("svg"))

    @property
    def links(self) -> list[str]:
        return [element["href"] for element in self.all("a") if element["href"]]

    @property
    def forms(self) -> list[Element]:
        return self.all("form")

    def form(self, *, action: str | None = None, having: set[str] = frozenset()) -> Element:
        """The one form that posts to ``action`` (the end of its address) and has the fields ``having``.

        Without either: the one form that posts.
        """
        found = [
            form
            for form in self.forms
            if form["method"].lower() == "post"
            and (action is None or form["action"].split("?")[0].endswith(action))
            and having <= {element["name"] for element in form.all("input", "select", "textarea", "button")}
        ]
        if action is None and not having and len(found) > 1:
            found = [form for form in found if form.inside("main")]
        assert len(found) == 1, (
            f"{len(found)} forms on the page fit (action={action!r}, having={having or '{}'})"
        )
        return found[0]

    def problems(self) -> list[str]:
        """What the house forbids on a page, in sentences; empty when all is well."""
        return [
            *self._heading(),
            *(f'id "{name}" stands {count} times' for name, count in self.ids.items() if count > 1),
            *self._references(),
            *self._names(),
            *self._policy(),
            *self._misread(),
            *self._torn_cells(),
        ]

    def _heading(self):
        headings = self.all("h1")
        if len(headings) != 1:
            yield f"{len(headings)} h1 on the page, not one"
        elif not self.title.startswith(self.h1):
            yield f'the title "{self.title}" does not begin with the h1 "{self.h1}"'
        if not any(element["lang"] for element in self.all("html")):
            yield "html has no lang"

    def _references(self):
        for element in self.elements:
            for attribute in REFERENCES:
                for name in element[attribute].split():
                    if name not in self.ids:
                        yield f'<{element.name} {attribute}="{name}">: no such id on the page'

    def _names(self):
        labelled = {label["for"] for label in self.all("label") if label.text}
        for element in self.elements:
            named = element["aria-label"] or element["aria-labelledby"]
            match element.name:
                case "input" | "select" | "textarea" if element["type"] not in UNTYPED:
                    if not (named or element["id"] in labelled or element.inside("label")):
                        yield f'field "{element["name"]}" has no label'
                case "img" if "alt" not in element.attributes:
                    yield f'picture "{element["src"]}" has no alt'
                case "a" | "button" if not (named or element.text):
                    yield f"<{element.name}> {element['href'] or element['name']} has no words"
                case "svg" if element["aria-hidden"] != "true" and not (named or element.all("title")):
                    yield "an svg has neither a title nor aria-hidden"
                case "fieldset" if not element.all("legend"):
                    yield "a fieldset has no legend"
                case "table" if not (named or element.all("caption")):
                    yield "a table has no caption"

    def _torn_cells(self):
        """On phones a cell with a label is a row of boxes: words and breaks side by side in it are torn apart."""
        for cell in self.all("td"):
            breaks = [child for child in cell.children if isinstance(child, Element) and child.name == "br"]
            if breaks and cell["data-label"] and "prose" not in cell["class"].split():
                yield f'the cell "{cell["data-label"]}" has lines of its own: one span or div around them'

    def _policy(self):
        for element in self.elements:
            if element.name == "style" or "style" in element.attributes:
                yield f"inline style on <{element.name}>"
            if element.name == "script" and not element["src"] and "json" not in element["type"]:
                yield "inline script"
            for attribute in element.attributes:
                if attribute.startswith("on"):
                    yield f"inline handler {attribute} on <{element.name}>"

    def _misread(self):
        for element in self.all("body")[0].walk() if self.all("body") else ():
            if element.name in ("script", "style") or element.lang == "th":
                continue
            for child in element.children:
                if isinstance(child, str) and THAI.search(child):
                    yield f'Thai that is read as another language: "{child.strip()[:60]}"'


def values(form: Element) -> dict[str, list[str]]:
    """What the form would send as it stands: tokens, typed text, chosen options; no button."""
    sent: dict[str, list[str]] = {}
    for element in form.all("input", "select", "textarea"):
        name, kind = element["name"], element["type"]
        if (
            not name
            or "disabled" in element.attributes
            or kind in {"submit", "button", "reset", "image", "file"}
        ):
            continue
        if kind in {"checkbox", "radio"}:
            if "checked" in element.attributes:
                sent.setdefault(name, []).append(element.attributes.get("value", "on"))
        elif element.name == "select":
            options = element.all("option")
            chosen = [option for option in options if "selected" in option.attributes]
            if not chosen and "multiple" not in element.attributes:
                chosen = options[:1]
            sent.setdefault(name, []).extend(option.attributes.get("value", option.text) for option in chosen)
        elif element.name == "textarea":
            text = "".join(child for child in element.children if isinstance(child, str))
            sent.setdefault(name, []).append(text.removeprefix("\n"))
        else:
            sent.setdefault(name, []).append(element["value"])
    return sent
