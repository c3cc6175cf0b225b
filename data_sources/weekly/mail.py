"""Everything that mailing the week needs from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from dashboard.config import MailSettings
from data_sources.audit import Audit
from data_sources.weekly.readers import WeekReaders
from data_sources.weekly.sent import WeekLedger
from data_sources.weekly.smtp import SmtpServer


@dataclass
class WeekMail:
    """server None: mail is off, no server is named."""

    settings: MailSettings
    readers: WeekReaders
    ledger: WeekLedger
    server: SmtpServer | None


def open_mail(
    settings: MailSettings, redis: Redis, audit: Audit, now_ms: Callable[[], int]
) -> WeekMail:
    server = SmtpServer(settings) if settings.host else None
    return WeekMail(settings, WeekReaders(redis, audit, now_ms), WeekLedger(redis, now_ms), server)
