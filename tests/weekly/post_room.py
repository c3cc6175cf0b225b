"""A real SMTP server on the loopback that does as it is told, and web processes that mail to it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import ssl
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from callbacks.weekly import post
from dashboard.config import MailSettings, Settings
from dashboard.text import translator
from dashboard.weekly import seal
from dashboard.weekly.mailing import Dispatch, Standing
from dashboard.weekly.shown import Shown
from dashboard.weekly.week import Week
from data_sources import keys
from data_sources.sources import Sources, open_sources
from data_sources.weekly.envelope import Content
from data_sources.weekly.smtp import Patience, SmtpServer
from layouts.kpis.here import namer
from layouts.weekly.mail import Telling, letter
from tests.builders import SITE
from tests.conftest import free_port
from tests.weekly.summaries import a_summary

WEEK = Week.of("2026-W47")
MONDAY_MS = WEEK.to_ms  # midnight
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
NINE_MS = MONDAY_MS + 9 * HOUR_MS
SENDER = "safe@example.kr"
PDF = b"%PDF-1.7 as good as any"
USER, PASSWORD = "post", "s3cret-of-the-post"


@dataclass
class Handler:
    """What the server does. rcpt, data: answers by recipient, one after the other, the last one
    for ever; "" = 250. drop: recipients after whose mail the line is cut. hold_s: before the
    answer to a mail."""

    rcpt: dict[str, list[str]] = field(default_factory=dict)
    data: dict[str, list[str]] = field(default_factory=dict)
    drop: set[str] = field(default_factory=set)
    mail: str = ""
    hold_s: float = 0.0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    begun: asyncio.Event | None = None

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str,
                          options: list[str]) -> str:  # fmt: skip
        self.asked["mail"] += 1
        if self.mail:
            return self.mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str,
                          options: list[str]) -> str:  # fmt: skip
        self.asked[address] += 1
        if answer := _next(self.rcpt, address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        [address] = envelope.rcpt_tos
        self.asked[f"data {address}"] += 1
        answer = _next(self.data, address)
        if not answer:
            self.taken.append((address, envelope.original_content or envelope.content))
        if self.hold_s:
            await asyncio.sleep(self.hold_s)
        if address in self.drop:
            server.transport.abort()
            return "250 nobody hears this"
        return answer or "250 OK"


def _next(answers: dict[str, list[str]], address: str) -> str:
    left = answers.get(address, [])
    return left.pop(0) if len(left) > 1 else (left[0] if left else "")


class PostOffice:
    """options: of aiosmtpd's SMTP, as tls_context and require_starttls."""

    def __init__(self, port: int = 0, **options: Any) -> None:
        self.handler = Handler()
        self.port = port or free_port()
        self._options = options
        self._controller: Controller | None = None

    def start(self) -> PostOffice:
        self._controller = Controller(
            self.handler, hostname="127.0.0.1", port=self.port, **self._options
        )
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    @property
    def mails(self) -> list[EmailMessage]:
        made = [email.message_from_bytes(raw, policy=email.policy.default)
                for _, raw in self.handler.taken]  # fmt: skip
        return made  # type: ignore[return-value]

    @property
    def to(self) -> list[str]:
        return [address for address, _ in self.handler.taken]


def authenticator(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
    right = isinstance(data, LoginPassword) and data == LoginPassword(
        USER.encode(), PASSWORD.encode()
    )
    return AuthResult(success=right, handled=right, message=None if right else "535 5.7.8 no")


@dataclass
class Clock:
    ms: int = NINE_MS

    def __call__(self) -> int:
        return self.ms


def settings_of(port: int, **more: Any) -> MailSettings:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "sender": SENDER}
    return MailSettings(**(given | more))


def web_process(
    redis_url: str, clock: Clock, mail: MailSettings, context: ssl.SSLContext | None = None
) -> Sources:
    """Not started: only what mailing needs."""
    settings = Settings(redis_url=redis_url, simulator=False, mail=mail,
                        public_origin="https://control.example")  # fmt: skip
    sources = open_sources(settings, SITE, clock)
    patience = Patience(step=1.0, answer=1.0, whole=3.0, ends=0.5)
    if mail.host:
        sources.week_mail.server = SmtpServer(mail, context, patience)
    return sources


async def sealed(sources: Sources, **fields: Any) -> None:
    """The week is over, settled and sealed."""
    one = seal.sealed(a_summary(WEEK.word, **fields), None, MONDAY_MS + 6 * HOUR_MS, MONDAY_MS)
    assert await sources.weekly.book.append(one)


async def readers(sources: Sources, *addresses: str, language: str = "ko") -> dict[str, str]:
    """address -> id"""
    add = sources.week_mail.readers.add
    return {one: (await add(one, language, "manager", "")).id for one in addresses}


async def mails(sources: Sources) -> dict[str, Dispatch]:
    return (await sources.week_mail.ledger.read(WEEK.word)).mails


async def standing(sources: Sources) -> Standing | None:
    return (await sources.week_mail.ledger.read(WEEK.word)).standing


async def content(_sources: Any, shown: Shown, language: str) -> Content:
    """As the real one, without typst."""
    t = translator(language)
    told = letter(Telling(t, language, namer(SITE, t, language), shown, "https://control.example"))
    word = shown.summary.week
    return Content(told.subject, told.text, told.html, PDF, f"{word}.pdf", language, word)


async def send(*all_sources: Sources) -> None:
    await asyncio.gather(*(post.send_due(one) for one in all_sources))


def audited(client: redis.Redis) -> list[dict[str, Any]]:
    entries = [json.loads(fields[b"d"]) for _, fields in client.xrange(keys.AUDIT)]
    return [one for one in entries if one["what"].startswith("weekly_mail")]
