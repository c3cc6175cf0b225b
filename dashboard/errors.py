"""Every error of our own, in one tree.

OpsError
├── SourceUnavailable    Redis or a file could not be reached; the last good picture stays
│   └── NotOurPartition  another worker owns the partition now (its epoch is newer than ours)
├── BadSettings          a setting cannot be understood; says which and what is expected
├── BadRequest           what a person or a tool asked for makes no sense; says what to change
│   └── BadChoice        a period or a part of the city that cannot be; its key says why
├── NotAllowed           the role may not do this
├── BrokenSeal           what was kept of a sealed week is not what was sealed
└── Conflict             someone was first; carries who did what and when
"""

from __future__ import annotations

from typing import Any


class OpsError(Exception):
    """Base of all our errors. `key` names the catalogue text shown to a person."""

    key = "errors.unexpected"

    def __init__(self, message: str = "", **values: Any) -> None:
        super().__init__(message or self.key)
        self.values = values


class SourceUnavailable(OpsError):
    key = "errors.source_unavailable"


class NotOurPartition(SourceUnavailable):
    key = "errors.not_our_partition"


class BadSettings(OpsError):
    key = "errors.bad_settings"


class BadRequest(OpsError):
    key = "errors.bad_request"


class BadChoice(BadRequest):
    """key is the instance's own: one text per reason."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, **values)
        self.key = key


class NotAllowed(OpsError):
    key = "errors.not_allowed"


class Conflict(OpsError):
    """`values` holds by, action, at (RFC 3339 UTC) and the alert as it is now."""

    key = "errors.conflict"


class BrokenSeal(OpsError):
    """`values` holds week and revision."""

    key = "weekly.broken_seal"
