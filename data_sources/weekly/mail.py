"""Everything that mailing the week needs from outside."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from dashboard.config import MailSettings
from dashboard.errors import BadChoice
from dashboard.weekly import mailing
from dashboard.weekly.mail_state import MailState
from data_sources.audit import Audit
from data_sources.weekly.readers import WeekReaders
from data_sources.weekly.sent import WeekLedger
from data_sources.weekly.smtp import SmtpServer


@dataclass
class WeekMail:
    """server None: mail is off, no server is named. process: who sends, for the ledger. Every
    method raises SourceUnavailable."""

    settings: MailSettings
    readers: WeekReaders
    ledger: WeekLedger
    server: SmtpServer | None
    audit: Audit
    now_ms: Callable[[], int]
    process: str = ""

    async def state(self) -> MailState:
        now_ms, settings = self.now_ms(), self.settings
        now = mailing.round_of(now_ms, settings.at_min)
        ledger, ids = await self.ledger.read(now.week.word), await self.readers.ids()
        is_on = self.server is not None
        return MailState(is_on, now_ms, now, ids, ledger.mails, ledger.standing, settings.coverage)

    async def send_again(self, word: str, reader_id: str, user: str, origin: str) -> None:
        """By hand, and on record: his mail of that week may go once more. Raises BadChoice."""
        state = await self.state()
        if word != state.round.week.word or not state.is_open:
            raise BadChoice("weekly_mail.too_late")
        if not state.may_go_again(reader_id):
            raise BadChoice("weekly_mail.not_again")
        await self.audit.write("weekly_mail_again", user, origin, week=word, reader=reader_id)
        ledger = await self.ledger.read(word)
        after = mailing.asked_again(state.mails[reader_id], state.now_ms, user)
        if not await self.ledger.change(word, reader_id, ledger.raw[reader_id], after):
            raise BadChoice("weekly_mail.not_again")
        if state.standing is not None and state.standing.why in mailing.SERVER:
            await self.ledger.stand(word, None)  # nor is the server waited for


def open_mail(
    settings: MailSettings, redis: Redis, audit: Audit, now_ms: Callable[[], int]
) -> WeekMail:
    server = SmtpServer(settings) if settings.host else None
    readers, ledger = WeekReaders(redis, audit, now_ms), WeekLedger(redis, now_ms)
    return WeekMail(settings, readers, ledger, server, audit, now_ms, f"web-{os.getpid()}")
