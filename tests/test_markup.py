"""Component trees as markup, and what is left alone when a piece of a page is put anew."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from layouts.markup import Tag, markup
from tests.source_tree import ROOT


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        self.told += [(tag, attrs), ""]

    def handle_data(self, data: str) -> None:
        self.told[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.told.append(f"/{tag}")


SCRIPT = (ROOT / "dashboard/assets/js/markup.js").read_text("utf-8")


def test_it_writes_elements_with_their_attributes() -> None:
    tree = html.Label(
        ["Zone ", None, html.B(3)], htmlFor="zone", className="a b", hidden=True,
        **{"data-key": "z", "aria-label": "x"},
    )  # fmt: skip
    assert markup(tree) == (
        '<label aria-label="x" class="a b" data-key="z" hidden for="zone">Zone <b>3</b></label>'
    )


def test_it_leaves_out_what_is_not_said() -> None:
    assert markup([html.Td(hidden=False, title=None), None, ""]) == "<td></td>"


def test_it_knows_elements_that_dash_does_not_have() -> None:
    field = Tag("input", {"type": "date", "name": "from", "required": True})
    assert markup(html.Form(field)) == '<form><input name="from" required type="date"></form>'


def test_it_writes_what_was_measured() -> None:
    assert markup(html.I(style={"width": "12%"})) == '<i style="width: 12%"></i>'


@given(st.text())
def test_nothing_in_a_text_or_an_attribute_is_taken_for_markup(text: str) -> None:
    reader = Reader()
    reader.feed(markup(html.P(text, title=text, **{"data-key": text})))
    reader.close()
    assert reader.told == [("p", [("data-key", text), ("title", text)]), text, "/p"]


def test_it_refuses_components_that_need_dash() -> None:
    with pytest.raises(TypeError, match="Store"):
        markup(html.Div(dcc.Store(id="x")))


# -- in the page ---------------------------------------------------------------------------------

BEFORE = """<div data-key="a"><details><summary>More</summary><p>one</p></details>
  <input name="reason" value="x"><select><option selected>1</option><option>2</option></select>
  </div><ul><li data-key="1">first</li><li data-key="2">second</li></ul><i data-drawn></i>"""
AFTER = """<div data-key="a"><details><summary>More</summary><p>two</p></details>
  <input name="reason" value="y"><select><option>1</option><option selected>2</option></select>
  </div><ul><li data-key="0">new</li><li data-key="2">second!</li></ul><i data-drawn></i>"""


@pytest.fixture
def place(page: Any) -> Any:
    page.set_content("<main></main>")
    page.add_script_tag(content=SCRIPT)
    page.evaluate("html => markup.put(document.querySelector('main'), html)", BEFORE)
    return page


def put(place: Any, html_text: str) -> None:
    place.evaluate("html => markup.put(document.querySelector('main'), html)", html_text)


def test_what_a_person_opened_focused_and_typed_stays(place: Any) -> None:
    place.evaluate("document.querySelector('details').open = true")
    place.locator("input").fill("because")
    put(place, AFTER)
    assert place.evaluate("document.querySelector('details').open")
    assert place.evaluate("document.activeElement.name") == "reason"
    assert place.locator("input").input_value() == "because"
    assert place.locator("details p").inner_text() == "two"


def test_what_nobody_touched_follows(place: Any) -> None:
    put(place, AFTER)
    assert place.locator("input").input_value() == "y"
    assert place.locator("select").input_value() == "2"
    put(place, BEFORE)
    assert place.locator("select").input_value() == "1"


def test_rows_are_kept_by_key(place: Any) -> None:
    place.evaluate("document.querySelector('[data-key=\"2\"]').kept = true")
    put(place, AFTER)
    rows = place.locator("li")
    assert rows.all_inner_texts() == ["new", "second!"]
    assert rows.evaluate_all("rows => rows.map(row => row.kept === true)") == [False, True]


def test_what_a_script_drew_stays(place: Any) -> None:
    place.evaluate("document.querySelector('i').textContent = 'drawn'")
    put(place, AFTER)
    assert place.locator("i").inner_text() == "drawn"


def test_another_key_is_another_element(place: Any) -> None:
    put(place, BEFORE.replace('data-key="a"', 'data-key="b"').replace("<p>one</p>", "<p>b</p>"))
    assert place.locator("[data-key=a]").count() == 0
    assert place.locator("details p").text_content() == "b"
