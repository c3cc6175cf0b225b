"""The dialogue with a mail server: encrypted, signed in, bounded in time, and discreet."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.config import MailSettings
from dashboard.weekly.mailing import UNDECIDED_MS, Outcome
from data_sources.weekly.smtp import Line, Patience, SmtpServer, Trouble, stuffed
from tests.conftest import free_port
from tests.weekly.certificates import Certificate, made
from tests.weekly.post_room import PASSWORD, USER, PostOffice, authenticator, settings_of

KIM = "kim@example.kr"
MESSAGE = b"Subject: week\r\n\r\n.\r\n..\r\n.hidden\r\nlast"
SHORT = Patience(step=0.5, answer=0.5, whole=1.5, ends=0.3)


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return made(tmp_path)


@pytest.fixture
def opened() -> Iterator[Callable[..., PostOffice]]:
    """opened(**options): a post office that is closed at the end."""
    offices: list[PostOffice] = []

    def opening(**options: Any) -> PostOffice:
        offices.append(PostOffice(**options).start())
        return offices[-1]

    yield opening
    for one in offices:
        one.stop()


def talk(
    settings: MailSettings, context: ssl.SSLContext | None = None, patience: Patience = SHORT
) -> Outcome | Trouble:
    async def talking() -> Outcome | Trouble:
        line = await SmtpServer(settings, context, patience).open()
        if isinstance(line, Trouble):
            return line
        outcome = await line.send(KIM, MESSAGE)
        await line.close()
        return outcome

    return asyncio.run(talking())


def test_what_is_sent_arrives_to_the_letter(opened: Any) -> None:
    office = opened()
    assert talk(settings_of(office.port)) == Outcome("sent", code=250)
    assert office.handler.taken == [(KIM, MESSAGE + b"\r\n")]


def test_no_line_of_a_mail_looks_like_its_end() -> None:
    assert stuffed(b".\r\na\r\n.b") == b"..\r\na\r\n..b\r\n.\r\n"
    assert stuffed(b"a\r\n") == b"a\r\n.\r\n"


def test_starttls_and_a_sign_in(opened: Any, certificate: Certificate) -> None:
    office = opened(
        tls_context=certificate.served, require_starttls=True, authenticator=authenticator,
        auth_required=True,
    )  # fmt: skip
    settings = settings_of(office.port, security="starttls", user=USER, password=PASSWORD)
    assert talk(settings, certificate.trusted) == Outcome("sent", code=250)
    assert office.to == [KIM]


def test_tls_from_the_first_byte(opened: Any, certificate: Certificate) -> None:
    office = opened(ssl_context=certificate.served)
    settings = settings_of(office.port, security="tls")
    assert talk(settings, certificate.trusted) == Outcome("sent", code=250)
    assert talk(settings) == Trouble("tls")
    assert office.to == [KIM]


def test_a_certificate_nobody_trusts_or_for_another_is_refused(
    opened: Any, certificate: Certificate, tmp_path: Path
) -> None:
    office = opened(tls_context=certificate.served)
    settings = settings_of(office.port, security="starttls", user=USER, password=PASSWORD)
    assert talk(settings) == Trouble("tls")
    (tmp_path / "other").mkdir()
    other = made(tmp_path / "other", "DNS:mail.example.kr")
    elsewhere = opened(tls_context=other.served)
    settings = settings_of(elsewhere.port, security="starttls")
    assert talk(settings, other.trusted) == Trouble("tls")
    assert office.to == elsewhere.to == []


def test_a_server_without_starttls_gets_neither_password_nor_mail(opened: Any) -> None:
    office = opened(authenticator=authenticator, auth_require_tls=False)
    settings = settings_of(office.port, security="starttls", user=USER, password=PASSWORD)
    assert talk(settings) == Trouble("tls")
    assert office.to == [] and not office.handler.asked


def test_a_wrong_password_is_trouble_with_the_server_not_with_a_reader(opened: Any) -> None:
    office = opened(authenticator=authenticator, auth_required=True, auth_require_tls=False)
    settings = settings_of(office.port, user=USER, password="wrong")
    assert talk(settings) == Trouble("auth", 535)


def test_a_server_that_knows_no_sign_in_is_trouble(opened: Any) -> None:
    assert talk(settings_of(opened().port, user=USER, password=PASSWORD)) == Trouble("auth")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("550 5.1.1 no", Outcome("refused", "recipient", 550)),
     ("553 5.1.3 no", Outcome("refused", "recipient", 553)),
     ("450 4.2.1 busy", Outcome("later", "recipient", 450)),
     ("421 4.3.2 closing", Outcome("later", "recipient", 421))],
)  # fmt: skip
def test_a_recipient_is_refused_for_good_or_for_now(
    opened: Any, answer: str, outcome: Outcome
) -> None:
    office = opened()
    office.handler.rcpt[KIM] = [answer]
    assert talk(settings_of(office.port)) == outcome
    assert office.to == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("554 5.7.1 spam", Outcome("refused", "content", 554)),
     ("452 4.3.1 full", Outcome("later", "content", 452))],
)  # fmt: skip
def test_a_mail_is_refused_for_good_or_for_now(opened: Any, answer: str, outcome: Outcome) -> None:
    office = opened()
    office.handler.data[KIM] = [answer]
    assert talk(settings_of(office.port)) == outcome


def test_a_sender_that_is_refused_is_our_own_doing(opened: Any) -> None:
    office = opened()
    office.handler.mail = "553 5.7.1 not yours"
    assert talk(settings_of(office.port)) == Outcome("later", "sender", 553)


# -- time ----------------------------------------------------------------------------------------


class Rude:
    """A server that says what it is told to, bytes apart, and then nothing."""

    def __init__(self, *said: bytes, apart_s: float = 0.0) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._said, self._apart_s = said, apart_s
        self._lines: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            line, _ = self._listener.accept()
            self._lines.append(line)
            for said in self._said:
                for byte in said:
                    line.sendall(bytes([byte]))
                    time.sleep(self._apart_s)
                line.recv(65_536)
        except OSError:
            return

    def close(self) -> None:
        for one in (*self._lines, self._listener):
            one.close()


@pytest.mark.parametrize(
    ("said", "apart_s", "outcome"),
    [
        ((), 0.0, Trouble("timeout")),
        ((b"220 hello\r\n",), 0.0, Trouble("timeout")),
        ((b"220 " + b"x" * 100,), 0.1, Trouble("timeout")),  # a byte now and then, for ever
        ((b"220 hello\r\n", b"250 ok\r\n"), 0.0, Outcome("later", "timeout")),
        ((b"220 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"), 0.0,
         Outcome("unknown", "answer")),
        ((b"554 go away\r\n",), 0.0, Trouble("connection", 554)),
        ((b"no smtp\r\n",), 0.0, Trouble("connection")),
    ],
    ids=["silent", "no ehlo", "dripping", "no mail", "no answer", "unwelcome", "something else"],
)  # fmt: skip
def test_a_slow_or_strange_server_is_not_waited_for_for_ever(
    said: tuple[bytes, ...], apart_s: float, outcome: Outcome | Trouble
) -> None:
    server, begun = Rude(*said, apart_s=apart_s), time.monotonic()
    try:
        assert talk(settings_of(server.port)) == outcome
    finally:
        server.close()
    assert time.monotonic() - begun < 5


def test_nobody_listening_is_trouble_at_once() -> None:
    assert talk(settings_of(free_port())) == Trouble("connection")


def test_a_dialogue_ends_before_others_take_it_for_undecided() -> None:
    usual = Patience()
    assert (usual.whole + usual.ends) * 1000 < UNDECIDED_MS


def test_a_dialogue_cut_from_outside_tells_at_once_what_is_certain(opened: Any) -> None:
    office, patient = opened(), Patience(step=30, answer=30, whole=60, ends=1)
    office.handler.hold_s = 5.0

    async def cutting() -> Outcome:
        line = await SmtpServer(settings_of(office.port), None, patient).open()
        assert isinstance(line, Line)
        sending = asyncio.ensure_future(line.send(KIM, MESSAGE))
        while not office.to:
            await asyncio.sleep(0.01)
        line.cut()
        async with asyncio.timeout(2):
            return await sending

    assert asyncio.run(cutting()) == Outcome("unknown", "answer")


# -- discretion ----------------------------------------------------------------------------------


def test_no_password_comes_into_a_log_or_a_word_about_the_settings(
    opened: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    office = opened(authenticator=authenticator, auth_required=True, auth_require_tls=False)
    settings = settings_of(office.port, user=USER, password=PASSWORD)
    with caplog.at_level(logging.DEBUG):
        talk(settings)
        talk(settings_of(office.port, user=USER, password=PASSWORD + "!"))
    ours = [r for r in caplog.records if not r.name.startswith(("mail.", "asyncio"))]
    said = "".join(capfd.readouterr()) + "".join(r.getMessage() for r in ours) + repr(settings)
    assert PASSWORD not in said and not re.search(r"kim@", said)
