"""The sign-in page and the page that says no, as plain HTML: they work before anything else.

Twin: callbacks/web/login.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from dashboard.text import LANGUAGES, Translate

STYLES = (
    "vendor/pretendard/pretendard.css",
    "css/0_tokens.css",
    "css/1_base.css",
    "css/login.css",
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """error: a key of the login catalogue, or "". wait_s: for the text of the error."""

    next_path: str = "/"
    error: str = ""
    wait_s: int = 0


def page(t: Translate, look: tuple[str, str], attempt: Attempt, simulated: bool) -> str:
    """look: language and theme."""
    next_path = attempt.next_path
    told = _error(t(f"login.{attempt.error}", seconds=attempt.wait_s)) if attempt.error else ""
    mark = _simulated(t) if simulated else ""
    form = f"""
<form class="login__form" method="post" action="/login">
{told}
<input type="hidden" name="next" value="{escape(next_path)}">
<label class="field"><span class="field__label">{t("login.user")}</span>
<input class="field__input" name="username" autocomplete="username" autocapitalize="none"
 spellcheck="false" maxlength="64" required autofocus></label>
<label class="field"><span class="field__label">{t("login.password")}</span>
<input class="field__input" name="password" type="password" autocomplete="current-password"
 maxlength="200" required></label>
<button class="button button--primary" type="submit">{t("login.submit")}</button>
</form>
<p class="login__hint">{t("login.sound")}</p>"""
    head = f'{mark}<h1 class="login__title">{t("login.title")}</h1>'
    lead = f'<p class="login__lead">{t("login.lead")}</p>'
    foot = _languages(t, look[0], next_path) + f'<p class="login__notice">{t("login.notice")}</p>'
    return _document(t("login.page_title"), look, head + lead + form + foot)


def error_page(t: Translate, look: tuple[str, str], status: int) -> str:
    """For a person whose visit was refused: what it means and where to go."""
    key = str(status) if status in (403, 404, 503) else "other"
    content = f"""
<p class="login__code">{status}</p>
<h1 class="login__title">{t(f"errors.page_{key}")}</h1>
<p class="login__lead">{t(f"errors.page_{key}_what")}</p>
<p><a class="button" href="/">{t("errors.back")}</a></p>"""
    return _document(t(f"errors.page_{key}"), look, content)


def _simulated(t: Translate) -> str:
    return f'<p class="chip chip--simulated">{t("login.simulated")}</p>'


def _error(text: str) -> str:
    return f'<p class="login__error" role="alert">{escape(text)}</p>'


def _languages(t: Translate, language: str, next_path: str) -> str:
    target = quote(next_path, safe="")
    links = []
    for name in LANGUAGES:
        here = ' aria-current="true"' if name == language else ""
        href = f"/login?language={name}&amp;next={target}"
        words = t(f"shell.language_{name}")
        links.append(f'<a href="{href}" lang="{name}"{here}>{words}</a>')
    label = t("shell.language")
    return f'<nav class="login__languages" aria-label="{label}">{"".join(links)}</nav>'


def _document(title: str, look: tuple[str, str], content: str) -> str:
    language, theme = look
    mark = f' data-theme="{theme}"' if theme else ""
    styles = "\n".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in STYLES)
    return f"""<!DOCTYPE html>
<html lang="{language}"{mark}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
{styles}
</head>
<body class="login">
<main class="login__card">{content}
</main>
</body>
</html>"""
