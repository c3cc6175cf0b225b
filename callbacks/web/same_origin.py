"""Is a request one that our own pages or a person's own tool would make? Pure functions."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD"})
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
NAVIGATIONS = frozenset({"navigate", ""})


def host_allowed(host: str, public_origin: str | None, bound_to: str) -> bool:
    """A name we answer to. Foreign names would let a page elsewhere rebind its own to us.

    Numbers are always ours: an address cannot be rebound. Other names need PUBLIC_ORIGIN.
    """
    name = urlsplit(f"//{host}").hostname if _clean(host) else None
    if not name:
        return False
    ours = {bound_to, urlsplit(public_origin or "").hostname}
    return name in LOCAL_NAMES or name in ours or _is_number(name)


def origin_allowed(headers: Mapping[str, str], public_origin: str | None) -> bool:
    """The Origin, if one is sent, is this site. `null` (a sandbox, a file) is not."""
    origin = headers.get("origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return False
    return origin == public_origin or parts.netloc == headers.get("host")


def fetch_allowed(headers: Mapping[str, str], method: str) -> bool:
    """What the browser says of where the request comes from; tools say nothing.

    From elsewhere only a plain visit (a link followed) is welcome, never a fetch or a form.
    """
    site = headers.get("sec-fetch-site", "none")
    if site in ("same-origin", "none"):
        return True
    visit = headers.get("sec-fetch-mode", "") in NAVIGATIONS
    top = headers.get("sec-fetch-dest", "document") == "document"
    return method in SAFE_METHODS and visit and top


def local_path(path: str | None) -> str:
    """Where to go after sign-in: a path of ours, never another site."""
    text = path or "/"
    foreign = not text.startswith("/") or text[1:2] in ("/", "\\") or not _clean(text)
    return "/" if foreign else text


def _clean(text: str) -> bool:
    return bool(text) and all(" " < c < "\x7f" and c not in '"\\<>' for c in text)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
