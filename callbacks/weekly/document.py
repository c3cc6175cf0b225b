"""A week as a document, for who asks for it and for who gets it by mail: the same bytes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dashboard.text import translator
from dashboard.weekly.shown import Shown
from layouts.kpis.here import namer
from layouts.weekly.pdf import pdf
from layouts.weekly.pdf_blocks import Paper

if TYPE_CHECKING:
    from data_sources.sources import Sources


async def document(sources: Sources, shown: Shown, language: str) -> bytes:
    """PDF. Raises NotPrinted, BrokenSeal and SourceUnavailable."""
    t, site, word = translator(language), sources.site, shown.summary.week
    revisions = range(1, (shown.sealed.revision if shown.sealed else 0) + 1)
    found = [(await sources.weekly.book.find(word, n)).sealed for n in revisions]
    history = tuple(one for one in found if one is not None)
    city = site.name_ko if language == "ko" else site.name_en
    paper = Paper(t, language, namer(site, t, language), city, shown, history)
    return await asyncio.to_thread(pdf, paper)


def name_of(shown: Shown, language: str) -> str:
    """What is not the last word on a week does not look like it."""
    told = f"week-{shown.summary.week}-{language}"
    if shown.sealed is None:
        return f"{told}-provisional.pdf"
    old = shown.sealed.revision < shown.revisions
    return f"{told}-r{shown.sealed.revision}.pdf" if old else f"{told}.pdf"
