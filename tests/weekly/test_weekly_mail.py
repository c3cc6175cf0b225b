"""The mail itself: what it says, in which words, and that nothing gets into it that should not."""

from __future__ import annotations

import email
import email.policy
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from dashboard.addresses import checked_address
from dashboard.config import Settings
from dashboard.errors import BadChoice, BadSettings
from dashboard.text import translator
from dashboard.weekly import seal
from dashboard.weekly.measures import BY_KEY
from dashboard.weekly.shown import Shown
from dashboard.weekly.summary import Decision, RouteNeed, Said, Told, Value
from data_sources.weekly.envelope import Content, envelope
from layouts.kpis.here import namer
from layouts.weekly import words
from layouts.weekly.mail import Letter, Telling, letter
from tests.builders import SITE
from tests.weekly.post_room import NINE_MS, PDF, settings_of
from tests.weekly.summaries import a_row, a_summary

HOST = {"SMTP_HOST": "mail.example.kr", "MAIL_FROM": "safe@example.kr"}
ORIGIN = "https://control.example"
EVIL = "<script>alert(1)</script>\r\nBcc: all@example.kr"
NEED = RouteNeed(
    "R-07", "weak", 2, {"light": 2}, 5, 5, 0.1, None, None,
    (Said("why_faults", {"n": Value("count", 2.0, "route:R-07")}),),
)  # fmt: skip


def shown(**fields: Any) -> Shown:
    one = seal.sealed(a_summary(**fields), None, NINE_MS, NINE_MS)
    decisions = (
        Decision("a", f"Replace the lamps {EVIL}", "manager", NINE_MS),
        Decision("b", "Withdrawn already", "manager", NINE_MS, "manager", NINE_MS),
    )
    return Shown(one.summary, one, 1, decisions)


def told(language: str = "en", origin: str = "", of: Shown | None = None) -> Letter:
    t = translator(language)
    return letter(Telling(t, language, namer(SITE, t, language), of or shown(), origin))


def wrapped(address: str = "kim@example.kr", **settings: Any) -> email.message.EmailMessage:
    one = told("ko")
    content = Content(one.subject, one.text, one.html, PDF, "2026-W47.pdf", "ko", "2026-W47")
    raw = bytes(envelope(settings_of(25, **settings), content, address, "r1", NINE_MS))
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5321, 5322
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


# -- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_text_and_html_tell_every_main_figure_and_what_is_usual(language: str) -> None:
    t, of = translator(language), shown()
    one = told(language, of=of)
    assert words.week_name(t, "2026-W47") in one.subject
    for row in of.summary.rows:
        unit = BY_KEY[row.key].unit
        for said in (one.text, one.html):
            assert (words.measure(t, row.key) in said) is BY_KEY[row.key].main
            if BY_KEY[row.key].main:
                assert words.figure(t, row.week, unit) in said
                assert words.usual(t, row.usual, unit) in said


def test_a_figure_that_is_not_known_says_why() -> None:
    none = a_row("bell_presses", week=Told(None, why="no_data"))
    one = told(of=shown(rows={"bell_presses": none}))
    assert "Bell presses: – (no data)" in one.text


def test_routes_and_standing_decisions_are_told_and_withdrawn_ones_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "say", lambda t, say, said: ["two lamps are out"])
    one = told(of=shown(routes=(NEED,)))
    for said in (one.text, one.html):
        assert "R-07" in said and "weak" in said and "two lamps are out" in said
        assert "Replace the lamps" in said and "Withdrawn already" not in said


def test_it_leads_to_the_page_only_if_there_is_an_address_of_it() -> None:
    assert "http" not in told().text and "href" not in told().html
    one = told(origin=ORIGIN + "/")
    assert f"{ORIGIN}/weekly?week=2026-W47" in one.text
    assert f'<a href="{ORIGIN}/weekly?week=2026-W47">' in one.html


def test_a_week_that_is_not_sealed_says_so() -> None:
    assert "Provisional" in told(of=Shown(a_summary())).text
    assert "Sealed" in told().text and "revision 1" in told().text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_html_is_plain_and_what_people_wrote_stays_words() -> None:
    one = told(origin=ORIGIN)
    tags = Tags()
    tags.feed(one.html)
    assert not {"script", "style", "img", "link", "iframe", "form"} & set(tags.seen)
    assert not {"style", "src", "class"} & tags.attributes
    assert "&lt;script&gt;" in one.html


# -- the envelope --------------------------------------------------------------------------------


def test_text_first_html_beside_it_and_the_pdf_attached() -> None:
    message = wrapped()
    assert message.get_content_type() == "multipart/mixed"
    body, attached = message.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in body.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert attached.get_filename() == "2026-W47.pdf" and attached.get_content() == PDF
    one = told("ko")
    for kind, said in (("plain", one.text), ("html", one.html)):
        found = message.get_body((kind,)).get_content()
        assert found.splitlines() == said.splitlines()


def test_no_server_has_to_take_more_than_seven_bits() -> None:
    short = Content("s", "\uac00\n", "<p>\uac00</p>\n", PDF, "w.pdf", "ko", "2026-W47")
    assert bytes(envelope(settings_of(25), short, "kim@example.kr", "r1", NINE_MS)).isascii()


def test_headers_are_what_a_mail_of_a_machine_needs() -> None:
    message = wrapped(sender_name="\uc548\uc2ec \uad00\uc81c")
    assert message["From"] == "\uc548\uc2ec \uad00\uc81c <safe@example.kr>"
    assert (message["To"], message["Message-ID"]) == ("kim@example.kr", "<2026-W47.r1@example.kr>")
    assert message["Subject"] == told("ko").subject
    assert message["Date"] == "Mon, 23 Nov 2026 09:00:00 +0900"
    assert message["Auto-Submitted"] == "auto-generated" and message["Content-Language"] == "ko"
    assert message["Cc"] is None and message["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    ["kim@example.kr\r\nBcc: all@example.kr", "kim@example.kr\nX: y", "kim@x.kr, lee@x.kr",
     "kim@x.kr;lee@x.kr", "Kim <kim@example.kr>", "kim", "kim@", "@x.kr", "kim@localhost",
     "kim@127.0.0.1", "kim@[127.0.0.1]", "a..b@example.kr", ".a@example.kr", "kim@-x.kr",
     "kim@ex ample.kr", "kim@\u0000example.kr", "kim@example.kr\u2028", '"a b"@example.kr',
     "k" * 65 + "@example.kr", "kim@" + "x." * 130 + "kr", "\uae40@example.kr", "a@b@example.kr",
     "",
     "=?utf-8?q?=0D=0ABcc=3Aall=40x.kr?=@example.kr", "=?utf-8?q?all=40x.kr=2C?=@example.kr"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(BadChoice) as refusal:
        checked_address(address)
    said = translator("ko")(refusal.value.key, **refusal.value.values)
    assert not address or address not in str(refusal.value) + said


def test_every_letter_an_address_may_have_comes_through() -> None:
    odd = "a!#$%&'*+/=?^_`{|}~-0.Z@ex-ample.co.kr"
    assert wrapped(checked_address(f" {odd} "))["To"] == odd
    assert checked_address("kim@\uc608\uc2dc.KR") == "kim@xn--vv4b11d.kr"


def test_even_an_address_that_was_never_checked_makes_no_header() -> None:
    with pytest.raises(ValueError, match="may not contain"):
        wrapped("kim@example.kr\r\nBcc: all@example.kr")


# -- settings ------------------------------------------------------------------------------------


def test_without_a_server_mail_is_off() -> None:
    assert Settings.from_env({}).mail.host == ""


@pytest.mark.parametrize(
    ("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("insecure", 25)]
)
def test_the_port_follows_the_encryption(security: str, port: int) -> None:
    assert Settings.from_env({**HOST, "SMTP_SECURITY": security}).mail.port == port


def test_a_name_beside_the_sender_is_kept() -> None:
    mail = Settings.from_env({**HOST, "MAIL_FROM": "\uc548\uc2ec <safe@example.kr>"}).mail
    assert (mail.sender_name, mail.sender, mail.at_min) == ("\uc548\uc2ec", "safe@example.kr", 540)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"MAIL_FROM": ""}, "MAIL_FROM"),
        ({"MAIL_FROM": "x\r\nBcc: y <safe@example.kr>"}, "MAIL_FROM"),
        ({"MAIL_FROM": "=?utf-8?q?=0D=0ABcc=3A_y?= <safe@example.kr>"}, "MAIL_FROM"),
        ({"SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY"),
        ({"SMTP_SECURITY": "insecure", "SMTP_USER": "u", "SMTP_PASSWORD": "hidden"}, "insecure"),
        ({"SMTP_USER": "u"}, "SMTP_PASSWORD"),
        ({"SMTP_PASSWORD": "hidden"}, "SMTP_USER"),
        ({"SMTP_USER": "u", "SMTP_PASSWORD": "hidden\uac00"}, "SMTP_PASSWORD"),
        ({"WEEKLY_MAIL_AT": "9:00"}, "WEEKLY_MAIL_AT"),
        ({"WEEKLY_MAIL_AT": "24:00"}, "WEEKLY_MAIL_AT"),
        ({"WEEKLY_MAIL_COVERAGE": "80"}, "WEEKLY_MAIL_COVERAGE"),
    ],
    ids=str,
)
def test_settings_that_do_not_fit_stop_the_program(env: dict[str, str], named: str) -> None:
    with pytest.raises(BadSettings, match=named) as refusal:
        Settings.from_env({**HOST, **env})
    assert "hidden" not in str(refusal.value)


def test_without_encryption_it_speaks_to_this_machine_only() -> None:
    for host in ("localhost", "127.0.0.1", "::1"):
        mail = Settings.from_env({**HOST, "SMTP_HOST": host, "SMTP_SECURITY": "none"}).mail
        assert (mail.host, mail.port) == (host, 25)


def test_the_password_may_come_from_a_file_and_is_not_shown(tmp_path: Any) -> None:
    (tmp_path / "password").write_text("hidden\n")
    env = {**HOST, "SMTP_USER": "u", "SMTP_PASSWORD_FILE": str(tmp_path / "password")}
    settings = Settings.from_env(env)
    assert settings.mail.password == "hidden" and not re.search("hidden", repr(settings))
