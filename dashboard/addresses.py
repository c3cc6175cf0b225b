"""Addresses of mail: one that can be delivered to, or a reason why not.

No refusal names the address: it is personal, and refusals are shown and logged.
"""

from __future__ import annotations

import re

from dashboard.errors import BadChoice

LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
LONGEST_LOCAL = 64
# RFC 5322 dot-atom; quoted local parts, comments and addresses of machines are not for people.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
# RFC 2047: what reads a header takes it for letters in disguise, even for line breaks.
_ENCODED = re.compile(r"=\?.*\?=")
_NAMED = re.compile(r"(?P<name>[^<>\"\\]*)<(?P<address>[^<>]*)>")


def checked_address(text: str) -> str:
    """One address with its domain as on the wire (IDNA, lower case). Raises BadChoice."""
    text = text.strip(" ")
    if any(ord(letter) < 33 or letter in ',;<>"()[]:\\' for letter in text) or "\x7f" in text:
        raise BadChoice("weekly_mail.bad_address")
    local, at, domain = text.rpartition("@")
    if not at or not domain or "@" in local:
        raise BadChoice("weekly_mail.bad_address")
    if _ENCODED.search(local):
        raise BadChoice("weekly_mail.bad_address")
    if not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise BadChoice(
            "weekly_mail.bad_name" if not local.isascii() else "weekly_mail.bad_address"
        )
    found = f"{local}@{_on_the_wire(domain)}"
    if len(found) > LONGEST:
        raise BadChoice("weekly_mail.bad_address")
    return found


def _on_the_wire(domain: str) -> str:
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadChoice("weekly_mail.bad_address") from None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadChoice("weekly_mail.bad_address")
    if labels[-1].isdecimal():  # the address of a machine
        raise BadChoice("weekly_mail.bad_address")
    return ascii_domain


def sender_of(text: str) -> tuple[str, str]:
    """(name, address) of `Safe streets <safe@example.kr>` or of an address alone."""
    match = _NAMED.fullmatch(text)
    if match is None:
        return "", text
    name = match["name"].strip()
    if not name.isprintable() or _ENCODED.search(name):
        raise BadChoice("weekly_mail.bad_address")
    return name, match["address"]


def masked(address: str) -> str:
    """As much as tells one's own from another: k***@example.kr."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def same_person(address: str) -> str:
    """The same text for addresses that reach the same person: capital letters do not matter."""
    return address.lower()
