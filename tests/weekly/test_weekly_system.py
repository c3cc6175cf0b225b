"""What the System page and the page of mails say of how the mails stand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from callbacks.session import PRINCIPAL
from callbacks.system import mail
from callbacks.web import server
from callbacks.weekly import mail_page
from dashboard.principal import Principal
from dashboard.roles import Permission, Role
from dashboard.text import catalogue, translator
from dashboard.weekly.mail_state import STATES, MailState
from dashboard.weekly.mailing import HELD, SERVER, Dispatch, Reader, Standing, round_of
from layouts.markup import markup
from layouts.weekly import mail_page as layout
from tests.weekly import post_room as room
from tests.weekly.post_room import HOUR_MS, MINUTE_MS, MONDAY_MS, NINE_MS, PostOffice

EN, KO = translator("en"), translator("ko")
WEDNESDAY_ENDS_MS = MONDAY_MS + 72 * HOUR_MS
KIM = "kim@example.kr"


def a_state(now_ms: int = NINE_MS + HOUR_MS, **more: Any) -> MailState:
    """states: reader -> state of his mail, "" = none yet."""
    states: dict[str, str] = more.pop("states", {})
    mails: dict[str, Any] = {
        name: Dispatch(state, NINE_MS) for name, state in states.items() if state
    }
    given: dict[str, Any] = {
        "on": True, "now_ms": now_ms, "round": round_of(now_ms, 540), "readers": frozenset(states),
        "mails": mails, "standing": None, "least": 0.8,
    }  # fmt: skip
    return MailState(**(given | more))


def told(state: MailState, t: Any = EN) -> tuple[str, str, str]:
    cells = mail.cells(state, t)
    return cells["fact.mail"], cells["fact.mail.hint"], cells["mark:fact.mail"]


def test_without_a_server_it_says_that_mail_is_off() -> None:
    value, hint, mark = told(a_state(on=False))
    assert (value, mark) == ("Off", "") and "SMTP_HOST" in hint


def test_it_counts_what_was_sent_and_names_the_next_time() -> None:
    value, hint, mark = told(a_state(states={"a": "sent", "b": "sent"}))
    assert (value, mark) == ("2 sent", "")
    assert hint == "Week 47, 2026\nNext on 2026-11-30 09:00 KST"


def test_before_its_time_the_week_is_still_to_go() -> None:
    value, hint, mark = told(a_state(NINE_MS - MINUTE_MS, states={"a": ""}))
    assert (value, mark) == ("1 to go", "") and hint.endswith("Next on 2026-11-23 09:00 KST")


@pytest.mark.parametrize("state", ["refused", "failed", "unknown"])
def test_what_somebody_has_to_look_at_stands_out(state: str) -> None:
    value, _, mark = told(a_state(states={"a": "sent", "b": state}))
    assert value.startswith("1 sent · 1 ") and mark == "bad"


@pytest.mark.parametrize("why", [*HELD, *SERVER])
@pytest.mark.parametrize("t", [EN, KO], ids=["en", "ko"])
def test_what_holds_mails_back_is_told_in_words(why: str, t: Any) -> None:
    standing = Standing(why, NINE_MS, known_to_ms=MONDAY_MS - HOUR_MS, coverage=0.7123, code=0)
    value, hint, mark = told(a_state(states={"a": ""}, standing=standing), t)
    assert (value, mark) == (t("weekly_mail.held"), "bad") and len(hint.splitlines()) == 3
    if why == "not_sealed":
        assert "2026" in hint.splitlines()[1] and "23:00 KST" in hint
    if why == "coverage":
        assert "71.23%" in hint and "80" in hint


def test_it_says_when_the_server_is_asked_again_and_its_code() -> None:
    standing = Standing("auth", NINE_MS, 3, NINE_MS + 2 * HOUR_MS, 535)
    _, hint, _ = told(a_state(states={"a": ""}, standing=standing))
    assert "(code 535)" in hint and "Tried again at 2026-11-23 11:00 KST" in hint


def test_after_wednesday_what_was_not_sent_is_told_as_that() -> None:
    standing = Standing("coverage", NINE_MS, coverage=0.5)
    state = a_state(WEDNESDAY_ENDS_MS, states={"a": "", "b": "waiting"}, standing=standing)
    value, hint, mark = told(state)
    assert (value, mark) == ("1 given up · 1 not sent", "bad") and "50" in hint
    assert not state.may_go_again("b")


def test_nothing_is_held_back_when_everybody_has_his_mail() -> None:
    standing = Standing("connection", NINE_MS)
    assert told(a_state(states={"a": "sent"}, standing=standing))[2] == ""


def test_every_state_and_reason_has_words_in_both_languages() -> None:
    named = {f"n_{s}" for s in STATES} | {f"state_{s}" for s in STATES}
    named |= {f"held_{w}" for w in (*HELD, *SERVER)}
    named |= {f"why_{w}" for w in (*SERVER, "recipient", "sender", "content", "answer", "ended")}
    for language in ("ko", "en"):
        assert {f"weekly_mail.{name}" for name in named} <= set(catalogue(language))


def test_it_is_read_from_redis_without_any_address(
    run: Any, office: PostOffice, clock: Any
) -> None:
    async def work(one: Any, other: Any) -> None:
        await room.sealed(one)
        await room.readers(one, KIM, "gone@example.kr", "later@example.kr")
        office.handler.rcpt["gone@example.kr"] = ["550 5.1.1 no"]
        office.handler.rcpt["later@example.kr"] = ["451 4.7.1 wait"]
        await room.send(one)
        cells = mail.cells(await other.week_mail.state(), EN)
        assert cells["fact.mail"] == "1 sent · 1 to be tried again · 1 refused"
        assert "@" not in str(cells)

    run(work)


# -- the page of mails ---------------------------------------------------------------------------


def page(states: dict[str, str], t: Any = EN, **more: Any) -> str:
    readers = [Reader(name, f"{name}@example.kr", "ko", "manager", NINE_MS) for name in states]
    return markup(layout.content(t, a_state(states=states, **more), readers))


def test_only_what_is_over_offers_to_be_sent_again() -> None:
    said = page({"a": "sent", "b": "unknown", "c": "waiting", "d": "refused", "e": "sending"})
    again = re.findall(r'data-mail-do="again"[^>]*data-reader="(\w)"', said)
    assert again == ["b", "d"] and said.count('data-mail-do="remove"') == 5


def test_addresses_are_words_and_no_markup() -> None:
    reader = Reader("x", "<b>@example.kr", "en", "<i>manager", NINE_MS)
    said = markup(layout.content(EN, a_state(states={"x": ""}), [reader]))
    assert "&lt;b&gt;@example.kr" in said and "<i>manager" not in said


def test_the_page_and_its_callbacks_are_for_those_who_may(run: Any) -> None:
    async def work(one: Any, _other: Any) -> None:
        app = server.build(one)
        mail_page.register(app, one)
        assert app.pages[layout.PATH].permission is Permission.WEEKLY_MAIL
        server.close(app, one)  # every callback has a permission

    run(work)


def test_a_dry_run_is_framed_so_that_nothing_in_it_runs(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callbacks.weekly.document.pdf", lambda _paper: room.PDF)

    async def work(one: Any, _other: Any) -> None:
        mark = PRINCIPAL.set(Principal("manager", Role.MANAGER, language="en"))
        try:
            await room.sealed(one)
            said = markup(await mail_page.run_dry(one, "?dry=ko"))
            assert 'sandbox=""' in said and 'srcdoc="&lt;!DOCTYPE html&gt;' in said
            assert "***" in said and "alert" not in said
            assert await mail_page.run_dry(one, "?dry=fr") is None
            assert await mail_page.run_dry(one, "") is None
            assert "problem" in markup(await mail_page.run_dry(one, "?dry=ko&" + "x" * 9_999))
        finally:
            PRINCIPAL.reset(mark)

    run(work)
