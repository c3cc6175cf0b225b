"""The contract's kinds of message as structs: a field's type is its rule.

Rules between fields, the characters of identifiers and the times of a status are checked by
messages.parse.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Id = Annotated[
    str, Meta(min_length=1, max_length=64, extra_json_schema={"pattern": "^[A-Za-z0-9._:-]+$"})
]
OrderId = Annotated[str, Meta(min_length=1, max_length=80)]
Text = Annotated[str, Meta(max_length=200)]
Time = Annotated[datetime, Meta(tz=True)]
# Of frequent messages: stays text until times.time_ms reads it, the fast way.
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
    inspected_on: date | None = None


class Lamp(Struct):
    on: bool | None = None
    dim: Share | None = None
    mode: Literal["schedule", "sos_blink", "manual"] | None = None


class StatusMessage(Struct):
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
    from_: TimeText = msgspec.field(name="from")
    to: TimeText
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
    """What a signed-in person (or the simulated operators) did; written by the web alone.

    About an alert (alert_id), a work order (order_id), a device, or a rejected entry. A work
    order may also be named by its device_id: then it is the order of the device's trouble at
    `ts`, and the action waits until the settled time has come that far (simulated vendors, who
    write history, do so). done_at: when a repair reported now was really done.
    """

    v: int
    action_id: Id
    ts: Time
    actor: Text
    role: Text
    action: Literal[
        "acknowledge", "assign", "release", "note", "close",
        "out_of_service", "return_to_service", "resend",
        "parts", "repaired", "cancel", "exclude", "include",
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
    order_id: OrderId | None = None
    done_at: Time | None = None


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
