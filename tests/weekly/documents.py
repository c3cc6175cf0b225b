"""Documents of a week, and what is read in them: text as it is extracted, links, tags."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from dashboard.text import translator
from dashboard.weekly.shown import Shown
from dashboard.weekly.summary import Decision, Sealed, Summary
from layouts.kpis.here import namer
from layouts.weekly.pdf import pdf
from layouts.weekly.pdf_blocks import Paper
from tests.weekly.pages import SITE, a_decision, a_full_summary, a_seal

RARE = "\ubdc1 \uc4f0 \uc4d0 \ub620 \ud3b2 \uc4e9"  # syllables that common sets leave out
Place = tuple[str, float, float]  # text, x, y in points


def a_paper(language: str = "ko", summary: Summary | None = None, **fields: Any) -> Paper:
    """fields: of Shown, and history. Sealed, unless sealed=None is given."""
    t, told = translator(language), summary or a_full_summary()
    sealed: Sealed | None = fields.pop("sealed", a_seal(told))
    history = fields.pop("history", (sealed,) if sealed else ())
    given = {"revisions": len(history), "decisions": (a_decision(),)} | fields
    city = SITE.name_ko if language == "ko" else SITE.name_en
    shown = Shown(told, sealed, **given)
    return Paper(t, language, namer(SITE, t, language), city, shown, history)


def asked(*texts: str) -> tuple[Decision, ...]:
    return tuple(
        Decision(str(n), text, "manager", 1_795_000_000_000) for n, text in enumerate(texts)
    )


@cache
def printed(language: str = "ko") -> PdfReader:
    """The full week."""
    return read(pdf(a_paper(language)))


@cache
def told(language: str = "ko") -> list[str]:
    """Text of its pages."""
    return texts(printed(language))


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def texts(document: PdfReader) -> list[str]:
    """Of each page, without white space: where a line is broken is nobody's business."""
    return ["".join(page.extract_text().split()) for page in document.pages]


def bare(text: str) -> str:
    return "".join(text.split())


def places(page: PageObject) -> list[Place]:
    found: list[Place] = []

    def seen(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            found.append((text.strip(), tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]))

    page.extract_text(visitor_text=seen)
    return found


def links(page: PageObject) -> list[tuple[list[float], int]]:
    """(rectangle, page it leads to, 0 = the first)"""
    numbers = {one.indirect_reference: n for n, one in enumerate(page.pdf.pages)}  # type: ignore[union-attr]
    told = []
    for one in page.get("/Annots", ()):
        annotation = one.get_object()
        goal = annotation["/Dest"].get_object()[0]
        told.append(
            ([float(x) for x in annotation["/Rect"]], numbers[goal.get_object().indirect_reference])
        )
    return told


def leads(page: PageObject, place: Place) -> int | None:
    """To which page a click there leads."""
    _, x, y = place
    for (left, foot, right, top), goal in links(page):
        if left - 1 <= x <= right and foot - 1 <= y <= top:
            return goal
    return None


def elements(document: PdfReader) -> Iterator[DictionaryObject]:
    """Of the tree of tags."""
    waiting = [document.root_object["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, ArrayObject):
            waiting.extend(one)
        elif isinstance(one, DictionaryObject):
            if "/S" in one:
                yield one
            if "/K" in one:
                waiting.append(one["/K"])


def tags(document: PdfReader) -> Counter[str]:
    return Counter(str(one["/S"]) for one in elements(document))
