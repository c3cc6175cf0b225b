"""What is mailed of a week in one language: the letter and its PDF. For sending and dry runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callbacks.weekly.document import document, name_of
from dashboard.text import translator
from dashboard.weekly.shown import Shown
from data_sources.weekly.envelope import Content
from layouts.kpis.here import namer
from layouts.weekly.mail import Letter, Telling, letter

if TYPE_CHECKING:
    from data_sources.sources import Sources


async def content(sources: Sources, shown: Shown, language: str) -> Content:
    """Whatever it raises: then there is nothing that could be sent."""
    told = letter_of(sources, shown, language)
    return content_of(told, shown, language, await document(sources, shown, language))


def content_of(told: Letter, shown: Shown, language: str, pdf: bytes) -> Content:
    name, word = name_of(shown, language), shown.summary.week
    return Content(told.subject, told.text, told.html, pdf, name, language, word)


def letter_of(sources: Sources, shown: Shown, language: str) -> Letter:
    t, origin = translator(language), sources.settings.public_origin or ""
    return letter(Telling(t, language, namer(sources.site, t, language), shown, origin))
