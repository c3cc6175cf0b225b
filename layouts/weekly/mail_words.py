"""How mails stand, in words: for the System page, which names nobody, and the page of mails."""

from __future__ import annotations

from dashboard.text import Translate
from dashboard.weekly.mail_state import MailState
from dashboard.weekly.mailing import Dispatch, Standing
from layouts.kpis.words import share
from layouts.weekly import words


def counts(t: Translate, state: MailState) -> str:
    """ "3 sent · 1 refused"."""
    told = [t(f"weekly_mail.n_{name}", n=n) for name, n in state.counts().items()]
    return " · ".join(told) or t("weekly_mail.nobody")


def of_week(t: Translate, state: MailState) -> str:
    return words.week_name(t, state.round.week.word)


def next_time(t: Translate, state: MailState) -> str:
    """When the next ones may go."""
    return t("weekly_mail.next", at=words.moment(t, state.round.next_ms))


def held(t: Translate, state: MailState, standing: Standing) -> str:
    """Why mails of the week do not go."""
    if standing.why == "not_sealed":
        return t("weekly_mail.held_not_sealed", known=words.moment(t, standing.known_to_ms))
    if standing.why == "coverage":
        least, coverage = share(state.least), share(standing.coverage, 2)
        return t("weekly_mail.held_coverage", coverage=coverage, least=least)
    said = t(f"weekly_mail.held_{standing.why}")
    if standing.code:
        said = t("weekly_mail.with_code", said=said, code=standing.code)
    if standing.next_ms > state.now_ms and state.is_open:
        at = words.moment(t, standing.next_ms)
        return f"{said} {t('weekly_mail.tried_again', at=at)}"
    return said


def mail(t: Translate, state: MailState, reader_id: str) -> str:
    """What became of one reader's."""
    known, told = state.mails.get(reader_id), t(f"weekly_mail.state_{state.of(reader_id)}")
    if known is None:
        return told
    return t("weekly_mail.since", state=told, at=words.moment(t, known.at_ms))


def why(t: Translate, known: Dispatch | None) -> str:
    """Why it is in that state; "" = as it should be."""
    if known is None or not known.why:
        return ""
    said = t(f"weekly_mail.why_{known.why}")
    return t("weekly_mail.with_code", said=said, code=known.code) if known.code else said
