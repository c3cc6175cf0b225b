"""Step 2 of a message's way: bytes from a stream become a Message or a Rejection, once.

The structs are the contract itself: a field's type is its rule. Unknown extra fields are
allowed but reported, so `parse` first decodes strictly (the common case) and only when that
fails decodes again, leniently, to say what exactly is wrong.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from dashboard.stream.kinds import (
    SCHEMAS,
    ActionMessage,
    AlertMessage,
    IncidentMessage,
    Message,
    StatusMessage,
    TrafficMessage,
)
from dashboard.stream.times import time_ms

MAX_BYTES = 16 * 1024
MAX_AHEAD_MS = 5 * 60_000
MAX_RUN_MS = 31 * 86_400_000

# The characters of an id are checked here, once for a name never seen before: as a pattern in
# the decoder the same check took two thirds of the time of decoding a status.
_ID_CHARACTERS = re.compile(r"[A-Za-z0-9._:-]+")


class Rejection(NamedTuple):
    """Why an entry could not be accepted. `detail` names fields, never their values."""

    reason: str
    detail: str


class Parsed(NamedTuple):
    message: Message
    unknown_fields: bool


class _Decoders(NamedTuple):
    strict: msgspec.json.Decoder[Any]
    lenient: msgspec.json.Decoder[Any]


def _decoders(schema: type[Any]) -> _Decoders:
    strict = type(schema.__name__, (schema,), {}, forbid_unknown_fields=True)
    return _Decoders(msgspec.json.Decoder(strict), msgspec.json.Decoder(schema))


_DECODERS = {stream: _decoders(schema) for stream, schema in SCHEMAS.items()}
STRICT = {stream: pair.strict.decode for stream, pair in _DECODERS.items()}
_WRONG_TYPE = re.compile(r"^Expected `[^`]+`, got")


def parse(stream: str, raw: bytes | None) -> Parsed | Rejection:
    """One entry's `d`; None when the entry has no such field. Never raises."""
    if raw is None:
        return Rejection("missing_field", "the entry has no field `d`")
    if len(raw) > MAX_BYTES:
        return Rejection("too_large", f"{len(raw)} bytes, at most {MAX_BYTES}")
    try:
        message = STRICT[stream](raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _explain(stream, raw)
    if message.v != 1:
        return Rejection("unknown_version", "only v 1 is understood")
    return _sensible(stream, message) or Parsed(message, False)


def _explain(stream: str, raw: bytes) -> Parsed | Rejection:
    """The slow way: an unknown version first, then the first rule broken, else extra fields."""
    try:
        loose = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError):
        return Rejection("not_json", "not one JSON text in UTF-8")
    except RecursionError:
        return Rejection("bad_value", "nested too deeply")
    if not isinstance(loose, dict):
        return Rejection("bad_type", "expected a JSON object")
    version = loose.get("v")
    if type(version) is int and version != 1:
        return Rejection("unknown_version", "only v 1 is understood")
    try:
        message = _DECODERS[stream].lenient.decode(raw)
    except msgspec.ValidationError as error:
        return _classify(str(error))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Rejection("not_json", "not one JSON text in UTF-8")
    return _sensible(stream, message) or Parsed(message, True)


def _classify(error: str) -> Rejection:
    if error.startswith("Object missing required field"):
        return Rejection("missing_field", error)
    return Rejection("bad_type" if _WRONG_TYPE.match(error) else "bad_value", error)


def _sensible(stream: str, message: Message) -> Rejection | None:
    """Rules that hold between the fields of one message; None when all hold."""
    for name in _IDS[stream]:
        value = getattr(message, name)
        if value is not None and not _ID_CHARACTERS.fullmatch(value):
            return Rejection("bad_value", f"{name} has characters an id may not have")
    check = _BETWEEN_FIELDS.get(stream)
    detail = check(message) if check else None
    if detail is None:
        return None
    return Rejection("missing_field" if detail.startswith("missing") else "bad_value", detail)


def _status_fields(m: StatusMessage) -> str | None:
    if m.state == "fault" and not m.faults:
        return "missing faults: a fault names at least one code"
    at_ms = time_ms(m.ts)
    until_ms = at_ms if m.until is None else time_ms(m.until)
    if at_ms is None or until_ms is None:
        return "ts and until must be RFC 3339 times with an offset"
    if not 0 <= until_ms - at_ms <= MAX_RUN_MS:
        return "until must lie 0 to 31 days after ts"
    return None


def _alert_fields(m: AlertMessage) -> str | None:
    if (m.lon is None) != (m.lat is None):
        return "missing lon or lat: a point needs both"
    if m.device_id is None and m.lon is None and m.event == "raised":
        return "missing device_id, or lon and lat"
    return None


def _traffic_fields(m: TrafficMessage) -> str | None:
    from_ms, to_ms = time_ms(m.from_), time_ms(m.to)
    if from_ms is None or to_ms is None:
        return "from and to must be RFC 3339 times with an offset"
    length = to_ms - from_ms
    if not 60_000 <= length <= 3_600_000:
        return "from and to must lie 1 to 60 minutes apart"
    return None


def _incident_fields(m: IncidentMessage) -> str | None:
    if (m.lon is None) != (m.lat is None):
        return "missing lon or lat: a point needs both"
    if m.occurred_from and m.occurred_to and m.occurred_to < m.occurred_from:
        return "occurred_to must not lie before occurred_from"
    return None


def _action_fields(m: ActionMessage) -> str | None:
    wanted = _ABOUT[m.action]
    named = [field for field in wanted if getattr(m, field) is not None]
    if not named:
        return f"missing {' or '.join(wanted)}"
    if m.alert_id is not None and m.order_id is not None:
        return "alert_id and order_id exclude each other"
    if m.done_at is not None and m.done_at > m.ts:
        return "done_at must not lie after ts"
    return None


_ALERT, _ORDER, _DEVICE = ("alert_id",), ("order_id", "device_id"), ("device_id",)
# what an action may be about; a work order is also found by its device
_ABOUT: dict[str, tuple[str, ...]] = {
    "acknowledge": _ALERT, "release": _ALERT, "close": _ALERT,
    "assign": (*_ALERT, *_ORDER), "note": (*_ALERT, *_ORDER),
    "out_of_service": _DEVICE, "return_to_service": _DEVICE, "resend": ("rejected_id",),
    "parts": _ORDER, "repaired": _ORDER, "cancel": _ORDER, "exclude": _ORDER, "include": _ORDER,
}  # fmt: skip


_IDS: dict[str, tuple[str, ...]] = {
    "registry": ("device_id",),
    "status": ("device_id",),
    "alerts": ("alert_id", "device_id"),
    "traffic": ("sensor_id",),
    "incidents": ("incident_id",),
    "actions": ("action_id", "alert_id", "device_id", "order_id"),
}
_BETWEEN_FIELDS: dict[str, Any] = {
    "status": _status_fields,
    "alerts": _alert_fields,
    "traffic": _traffic_fields,
    "incidents": _incident_fields,
    "actions": _action_fields,
}
