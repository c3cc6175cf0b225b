"""Step 2 of a message's way: bytes from a stream become a Message or a Rejection, once.

The structs are the contract itself: a field's type is its rule. Unknown extra fields are
allowed but reported, so `parse` first decodes strictly (the common case) and only when that
fails decodes again, leniently, to say what exactly is wrong.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

MAX_BYTES = 16 * 1024
MAX_AHEAD_MS = 5 * 60_000
MAX_RUN_MS = 31 * 86_400_000

# The characters of an id are checked by `parse` itself, once for a name never seen before: as
# a pattern in the decoder the same check took two thirds of the time of decoding a status.
_ID_CHARACTERS = re.compile(r"[A-Za-z0-9._:-]+")
Id = Annotated[
    str, Meta(min_length=1, max_length=64, extra_json_schema={"pattern": "^[A-Za-z0-9._:-]+$"})
]
Text = Annotated[str, Meta(max_length=200)]
Time = Annotated[datetime, Meta(tz=True)]
TimeText = Annotated[str, Meta(max_length=40, extra_json_schema={"format": "date-time"})]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=2**31)]
Whole = Annotated[int, Meta(ge=-(2**62), le=2**62)]
Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
Seconds = Annotated[float, Meta(gt=0, le=31 * 86_400)]
DeviceKind = Literal["bell", "cctv", "light", "logo", "sign", "counter", "env", "gateway"]
CapStatus = Literal["Actual", "Test", "Exercise"]
AlertType = Literal[
    "bell", "sos_app", "scream", "fight", "fall", "intrusion", "loitering",
    "abandonment", "fire", "crowding", "tamper",
]  # fmt: skip
Category = Literal[
    "theft", "violence", "sexual", "stalking", "property_damage", "disorder",
    "missing", "suspicious", "traffic", "other",
]  # fmt: skip
Verdict = Literal["real", "test", "mistaken", "malfunction", "unknown"]


class RegistryMessage(Struct):
    v: int
    device_id: Id
    ts: Time
    kind: DeviceKind
    lon: Lon
    lat: Lat
    name: Text = ""
    zone: Text = ""
    site_id: Text = ""
    route_id: Text = ""
    gateway_id: Text = ""
    owner: Text = ""
    vendor: Text = ""
    model: Text = ""
    installed_on: date | None = None
    heartbeat_s: Seconds | None = None
    pilot_id: Text = ""
    video_url: Text = ""
    retired: bool = False


class Lamp(Struct):
    on: bool | None = None
    dim: Share | None = None
    mode: Literal["schedule", "sos_blink", "manual"] | None = None


class StatusMessage(Struct):
    """Nine of ten messages: its times stay text until `time_ms` reads them, the fast way."""

    v: int
    device_id: Id
    ts: TimeText
    state: Literal["ok", "fault"]
    seq: Whole | None = None
    boot_id: Text | int | None = None
    until: TimeText | None = None
    faults: Annotated[list[Text], Meta(max_length=50)] = []
    lamp: Lamp | None = None
    battery: Share | None = None
    rssi_dbm: Number | None = None
    snr_db: Number | None = None
    tamper: bool = False
    fw: Text = ""
    lux: Number | None = None


class AlertMessage(Struct):
    v: int
    alert_id: Id
    ts: Time
    type: AlertType
    event: Literal["raised", "cleared"] = "raised"
    device_id: Id | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    confidence: Share | None = None
    cap_status: CapStatus = "Actual"
    note: Text = ""


class TrafficMessage(Struct):
    v: int
    sensor_id: Id
    from_: Time = msgspec.field(name="from")
    to: Time
    in_: Count = msgspec.field(name="in")
    out: Count
    rev: Whole = 0
    quality: Literal["ok", "suspect", "bad"] = "ok"


class IncidentMessage(Struct):
    v: int
    incident_id: Id
    rev: Whole
    category: Category
    reported_at: Time
    occurred_from: Time | None = None
    occurred_to: Time | None = None
    code112: Annotated[int, Meta(ge=0, le=4)] | None = None
    dispatched_at: Time | None = None
    arrived_at: Time | None = None
    closed_at: Time | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    zone: Text = ""
    route_id: Text = ""
    alert_id: Text = ""
    cap_status: CapStatus = "Actual"


class ActionMessage(Struct):
    """What a signed-in person (or the simulated operators) did; written by the web alone."""

    v: int
    action_id: Id
    ts: Time
    actor: Text
    role: Text
    action: Literal[
        "acknowledge", "assign", "release", "note", "close",
        "out_of_service", "return_to_service", "resend",
    ]  # fmt: skip
    alert_id: Id | None = None
    device_id: Id | None = None
    rejected_id: Text | None = None
    version: Count = 0
    note: Text = ""
    verdict: Verdict | None = None
    to: Text = ""
    reason: Text = ""
    until: Time | None = None


Message = (
    RegistryMessage
    | StatusMessage
    | AlertMessage
    | TrafficMessage
    | IncidentMessage
    | ActionMessage
)

SCHEMAS: dict[str, type[Any]] = {
    "registry": RegistryMessage,
    "status": StatusMessage,
    "alerts": AlertMessage,
    "traffic": TrafficMessage,
    "incidents": IncidentMessage,
    "actions": ActionMessage,
}


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
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_MS = timedelta(milliseconds=1)


def epoch_ms(moment: datetime) -> int:
    """UTC epoch milliseconds, rounded down."""
    return (moment - _EPOCH) // _ONE_MS


_minutes: dict[str, int] = {}  # "2026-11-22T21:14:+09:00" -> epoch ms of that minute


def time_ms(text: str) -> int | None:
    """UTC epoch milliseconds of an RFC 3339 time with an offset; None when it is not one.

    Times differ from one minute to the next only in their seconds, so their minute is
    remembered and only the seconds are read again.
    """
    tail = "Z" if text[-1:] == "Z" else text[-6:]
    seconds = text[17 : len(text) - len(tail)]
    base_ms = _minutes.get(text[:17] + tail)
    if base_ms is not None and text.isascii() and seconds[:2].isdecimal() and seconds < "6":
        if len(seconds) == 2:
            return base_ms + int(seconds) * 1000
        if seconds[2] == "." and seconds[3:].isdecimal():
            return base_ms + int(seconds[:2]) * 1000 + int(seconds[3:6].ljust(3, "0"))
    try:
        at_ms = epoch_ms(msgspec.convert(text, Time))
    except msgspec.ValidationError:
        return None
    if text[16:17] == ":" and len(seconds) == 2 and seconds.isdecimal():
        if len(_minutes) > 10_000:
            _minutes.clear()
        _minutes[text[:17] + tail] = at_ms - int(seconds) * 1000
    elif text[16:17] == ":" and seconds[2:3] == "." and seconds[:2].isdecimal():
        whole_ms = int(seconds[:2]) * 1000 + int(seconds[3:6].ljust(3, "0"))
        _minutes[text[:17] + tail] = at_ms - whole_ms
    return at_ms


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
    length = epoch_ms(m.to) - epoch_ms(m.from_)
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
    needed = {"out_of_service": "device_id", "return_to_service": "device_id"}
    field = needed.get(m.action, "rejected_id" if m.action == "resend" else "alert_id")
    if getattr(m, field) is None:
        return f"missing {field}"
    return None


_IDS: dict[str, tuple[str, ...]] = {
    "registry": ("device_id",),
    "status": ("device_id",),
    "alerts": ("alert_id", "device_id"),
    "traffic": ("sensor_id",),
    "incidents": ("incident_id",),
    "actions": ("action_id", "alert_id", "device_id"),
}
_BETWEEN_FIELDS: dict[str, Any] = {
    "status": _status_fields,
    "alerts": _alert_fields,
    "traffic": _traffic_fields,
    "incidents": _incident_fields,
    "actions": _action_fields,
}
