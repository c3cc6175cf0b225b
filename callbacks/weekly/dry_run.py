"""The mail as it would be sent, to nobody."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from callbacks.weekly import mail_content
from callbacks.weekly.document import document
from callbacks.weekly.post import unheld
from dashboard.errors import SourceUnavailable
from dashboard.text import Translate
from dashboard.weekly.mailing import Standing
from dashboard.weekly.shown import Shown
from dashboard.weekly.week import Week
from data_sources.weekly.envelope import Content, envelope
from layouts.weekly import mail_words
from layouts.weekly.mail_page import DryRun

if TYPE_CHECKING:
    from data_sources.sources import Sources

log = logging.getLogger(__name__)
NOBODY = "reader@example.invalid"  # RFC 2606: nobody can have it
MASKED = "***"
HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language")


async def run(sources: Sources, word: str, language: str, t: Translate) -> DryRun:
    """word: of the week, "" = the one whose mails go next or went last. language: of the mail;
    t: of whoever looks. Raises SourceUnavailable, BadChoice and BrokenSeal."""
    state = await sources.week_mail.state()
    week = Week.of(word) if word else state.round.week
    shown, held = await sources.weekly.find(week), await unheld(sources, week)
    letter = mail_content.letter_of(sources, shown, language)
    made = await _document(sources, shown, language)
    content = mail_content.content_of(letter, shown, language, made or b"")
    standing = held if isinstance(held, Standing) else None
    if made is None:
        standing = Standing("not_made", state.now_ms)
    return DryRun(
        week=week.word,
        language=language,
        letter=letter,
        headers=_headers(sources, content),
        pdf_bytes=None if made is None else len(made),
        held=standing.why if standing else "",
        problem=mail_words.held(t, state, standing) if standing else "",
    )


async def _document(sources: Sources, shown: Shown, language: str) -> bytes | None:
    """None: it cannot be made; nothing would be sent."""
    try:
        return await document(sources, shown, language)
    except SourceUnavailable:
        raise
    except Exception:
        log.exception("no PDF for a dry run of week %s", shown.summary.week)
        return None


def _headers(sources: Sources, content: Content) -> dict[str, str]:
    settings = sources.week_mail.settings
    if not settings.sender:  # mail is off
        settings = replace(settings, sender=NOBODY)
    message = envelope(settings, content, NOBODY, "reader", sources.now_ms())
    return {name: MASKED if name == "To" else str(message[name]) for name in HEADERS}
