"""A component tree as HTML text, for parts of a page that are drawn anew while somebody reads.

Dash takes everything down that it draws again: 1,000 elements took 1.4 s, and whatever was
opened, focused or scrolled to was lost. The same tree as markup, put in place by
assets/js/markup.js, takes milliseconds and leaves alone what did not change. So layouts stay
trees of dash.html that tests compare, and what is seen of them is decided here.

Everything is escaped; a component that is not dash.html, or a handler, is a programming error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from dash.development.base_component import Component

VOID = frozenset({"br", "col", "hr", "input"})
SPELT = {"className": "class", "htmlFor": "for"}


@dataclass(frozen=True, slots=True)
class Tag:
    """An element that dash.html does not have: Tag("input", {"type": "date", "name": "from"})."""

    name: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    children: Any = None


def markup(tree: Any) -> str:
    """tree: a component, a Tag, text, a number, None or a sequence of these."""
    return "".join(_written(tree))


def _written(tree: Any) -> Iterable[str]:
    if tree is None or tree is False:
        return
    if isinstance(tree, str | int | float):
        yield escape(str(tree), quote=False)
    elif isinstance(tree, Component | Tag):
        yield from _element(tree if isinstance(tree, Tag) else _tag(tree))
    else:
        for one in tree:
            yield from _written(one)


def _tag(component: Component) -> Tag:
    told = component.to_plotly_json()
    if told["namespace"] != "dash_html_components":
        raise TypeError(f"{told['type']} cannot be written as markup")
    props = dict(told["props"])
    return Tag(told["type"].lower(), props, props.pop("children", None))


def _element(tag: Tag) -> Iterable[str]:
    yield f"<{tag.name}"
    for name, value in sorted(tag.attributes.items()):  # the same text from every process
        yield _attribute(SPELT.get(name, name.lower()), value)
    yield ">"
    if tag.name not in VOID:
        yield from _written(tag.children)
        yield f"</{tag.name}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    if isinstance(value, Mapping):  # style: what was measured, never a look (test_architecture)
        value = "; ".join(f"{part}: {measure}" for part, measure in value.items())
    return f' {name}="{escape(str(value))}"'
