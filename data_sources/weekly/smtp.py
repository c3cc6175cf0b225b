"""One SMTP server, by the standard library in a thread: every step has its time, and every way it
can end has a word (mailing.Outcome).

Two things are told apart with care. Up to the last byte of a mail its failure is certain, and it
may be tried again; from then on only the server knows. And what the server says is not passed on:
its words repeat the address.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from dashboard.config import MailSettings
from dashboard.weekly.mailing import Outcome

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for one step, for the answer to a whole mail, for a whole dialogue (which must end
    before mailing.UNDECIDED_MS), and for taking leave or noticing that it was cut off."""

    step: float = 20.0
    answer: float = 120.0
    whole: float = 300.0
    ends: float = 2.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """The server did not let us in. why: one of mailing.SERVER."""

    why: str
    code: int = 0


class SmtpServer:
    """context: whom to trust; by default whom this machine trusts."""

    def __init__(
        self,
        settings: MailSettings,
        context: ssl.SSLContext | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.settings = settings
        self._context = context
        self._patience = patience or Patience()

    async def open(self) -> Line | Trouble:
        """Connected, encrypted and signed in, as the settings say."""
        line = Line(self.settings, self._context or ssl.create_default_context(), self._patience)
        trouble = await line.open()
        return trouble or line


class Line:
    """One dialogue, for one mail."""

    def __init__(self, settings: MailSettings, context: ssl.SSLContext, patience: Patience) -> None:
        self._settings = settings
        self._context = context
        self._patience = patience
        self._cut = False
        self._smtp = self._new()

    async def open(self) -> Trouble | None:
        return await self._within(self._open, Trouble("timeout"))

    async def send(self, address: str, message: bytes) -> Outcome:
        """message: with CRLF, in ASCII."""
        work = lambda: self._send(address, message)  # noqa: E731
        return await self._within(work, Outcome("unknown", "timeout"))

    async def close(self) -> None:
        """Politely, after what matters is on record."""
        await self._within(self._quit, None)

    def cut(self) -> None:
        """Ends it from outside; whoever waits for the server learns of it at once."""
        self._cut = True
        line = getattr(self._smtp, "sock", None)
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    async def _within(self, work: Callable[[], T], otherwise: T) -> T:
        """otherwise: when not even cutting it off ends it."""
        task = asyncio.ensure_future(asyncio.to_thread(work))
        done, _ = await asyncio.wait((task,), timeout=self._patience.whole)
        if not done:
            self.cut()
            done, _ = await asyncio.wait((task,), timeout=self._patience.ends)
        return task.result() if done else otherwise

    # -- in the thread ---------------------------------------------------------------------------

    def _new(self) -> smtplib.SMTP:
        name = self._settings.sender.rpartition("@")[2]  # what we call ourselves
        made: smtplib.SMTP
        if self._settings.security == "tls":
            made = smtplib.SMTP_SSL(
                local_hostname=name, timeout=self._patience.step, context=self._context
            )
        else:
            made = smtplib.SMTP(local_hostname=name, timeout=self._patience.step)
        made._host = self._settings.host  # type: ignore[attr-defined]  # connect() forgets it,
        return made  # and the name in the certificate would be held against nothing

    def _open(self) -> Trouble | None:
        try:
            trouble = self._connect()
        except ssl.SSLError:
            trouble = Trouble("tls")
        except smtplib.SMTPNotSupportedError:
            trouble = Trouble("tls")
        except smtplib.SMTPResponseException as error:
            trouble = Trouble("connection", max(0, error.smtp_code))
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            trouble = Trouble(_why(error))
        if self._cut:
            trouble = Trouble("timeout")
        if trouble:
            self._smtp.close()
        return trouble

    def _connect(self) -> Trouble | None:
        smtp, settings = self._smtp, self._settings
        code, _ = smtp.connect(settings.host, settings.port)
        if code != 220:
            return Trouble("connection", max(0, code))
        smtp.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            code, _ = smtp.starttls(context=self._context)
            if code != 220:
                return Trouble("tls", code)
            smtp.ehlo_or_helo_if_needed()
        return self._sign_in() if settings.user else None

    def _sign_in(self) -> Trouble | None:
        try:
            self._smtp.login(self._settings.user, self._settings.password)
        except smtplib.SMTPResponseException as error:
            return Trouble("auth", error.smtp_code)
        except smtplib.SMTPServerDisconnected as error:
            return Trouble(_why(error))
        except smtplib.SMTPException:  # it knows no way of signing in that we know
            return Trouble("auth")
        return None

    def _send(self, address: str, message: bytes) -> Outcome:
        try:
            refused = self._hand_over(address, message)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return Outcome("later", "timeout" if self._cut else _why(error))
        return refused or self._answer()

    def _hand_over(self, address: str, message: bytes) -> Outcome | None:
        """None: all of it is on its way."""
        smtp = self._smtp
        options = [f"SIZE={len(message)}"] if smtp.has_extn("size") else []
        code, _ = smtp.mail(self._settings.sender, options)
        if code != 250:
            return Outcome("later", "sender", code)  # our own doing: the same for every reader
        code, _ = smtp.rcpt(address)
        if code not in (250, 251):
            return judged(code, "recipient")
        code, _ = smtp.docmd("data")
        if code != 354:
            return judged(code, "content")
        smtp.send(stuffed(message))
        return None

    def _answer(self) -> Outcome:
        try:
            if self._smtp.sock:
                self._smtp.sock.settimeout(self._patience.answer)
            code, _ = self._smtp.getreply()
        except (smtplib.SMTPException, OSError):
            return Outcome("unknown", "answer")
        if 200 <= code < 300:
            return Outcome("sent", code=code)
        return judged(code, "content") if 400 <= code < 600 else Outcome("unknown", "answer", code)

    def _quit(self) -> None:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if self._smtp.sock:
                self._smtp.sock.settimeout(self._patience.ends)
            self._smtp.quit()
        self._smtp.close()


def _why(error: Exception) -> str:
    """smtplib tells a late answer as a lost connection."""
    late = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
    return "timeout" if late else "connection"


def judged(code: int, why: str) -> Outcome:
    """A refusal before anything was taken: 5yz for good, all else for now."""
    return Outcome("refused" if 500 <= code < 600 else "later", why, max(0, code))


def stuffed(message: bytes) -> bytes:
    """With its end, and no line of its own that looks like it (RFC 5321, 4.5.2)."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n"
