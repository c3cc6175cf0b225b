"""What is mailed of a week in one language: the letter and its PDF. For sending and dry runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dashboard.text import translator
from dashboard.weekly.shown import Shown
from data_sources.weekly.envelope import Content
from layouts.kpis.here import namer
from layouts.weekly.mail import Letter, Telling, letter
from layouts.weekly.pdf import Paper, pdf

if TYPE_CHECKING:
    from data_sources.sources import Sources


async def content(sources: Sources, shown: Shown, language: str) -> Content:
    """Whatever it raises: then there is nothing that could be sent."""
    told = letter_of(sources, shown, language)
    return content_of(told, shown, language, await pdf_of(sources, shown, language))


def content_of(told: Letter, shown: Shown, language: str, document: bytes) -> Content:
    word = shown.summary.week
    return Content(told.subject, told.text, told.html, document, f"{word}.pdf", language, word)


def letter_of(sources: Sources, shown: Shown, language: str) -> Letter:
    t, origin = translator(language), sources.settings.public_origin or ""
    return letter(Telling(t, language, namer(sources.site, t, language), shown, origin))


async def pdf_of(sources: Sources, shown: Shown, language: str) -> bytes:
    """The very document that the page offers."""
    t, site, word = translator(language), sources.site, shown.summary.week
    revisions = range(1, (shown.sealed.revision if shown.sealed else 0) + 1)
    found = [(await sources.weekly.book.find(word, n)).sealed for n in revisions]
    history = tuple(one for one in found if one is not None)
    city = site.name_ko if language == "ko" else site.name_en
    paper = Paper(t, language, namer(site, t, language), city, shown, history)
    return await asyncio.to_thread(pdf, paper)
