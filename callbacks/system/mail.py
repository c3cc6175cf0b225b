"""What the System page says of the weekly mail: how many, what holds them back; no address."""

from __future__ import annotations

from dashboard.text import Translate
from dashboard.weekly.mail_state import MailState
from layouts.weekly import mail_words


def cells(state: MailState, t: Translate) -> dict[str, str]:
    if not state.on:
        hint = t("weekly_mail.off_what")
        return {"fact.mail": t("weekly_mail.off"), "fact.mail.hint": hint, "mark:fact.mail": ""}
    told, standing = mail_words.counts(t, state), state.held
    hints = [mail_words.of_week(t, state), mail_words.next_time(t, state)]
    if standing is not None:
        hints.insert(1, mail_words.held(t, state, standing))
        told = t("weekly_mail.held") if state.is_open else told
    mark = "bad" if state.is_bad else ""
    return {"fact.mail": told, "fact.mail.hint": "\n".join(hints), "mark:fact.mail": mark}
