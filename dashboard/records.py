"""What is kept and what travels: the packed records shared by the worker and the web.

All are msgspec structs encoded as MessagePack arrays, so fields are only ever added at the
end. Times are UTC epoch milliseconds (int); None means "not known".
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct, field


class Kind(StrEnum):
    BELL = "bell"
    CCTV = "cctv"
    LIGHT = "light"
    LOGO = "logo"
    SIGN = "sign"
    COUNTER = "counter"
    ENV = "env"
    GATEWAY = "gateway"


class Status(IntEnum):
    """What is shown of a device, in the order severity is drawn (higher above lower)."""

    OK = 0
    OUT_OF_SERVICE = 1
    UNKNOWN = 2
    OFFLINE = 3
    FAULT = 4

    @property
    def word(self) -> str:
        return self.name.lower()


class AlertState(StrEnum):
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"  # cleared in the field before anyone acknowledged
    CLOSED = "closed"


class Registration(Struct, array_like=True, frozen=True):
    """Master data of a device: the newest registry message as a whole."""

    device_id: str
    ts_ms: int
    kind: str
    lon: float
    lat: float
    name: str = ""
    zone: str = ""  # code of an administrative dong; "" = outside every zone
    site_id: str = ""
    route_id: str = ""
    gateway_id: str = ""
    owner: str = ""
    vendor: str = ""
    model: str = ""
    installed_on: str = ""
    heartbeat_s: float = 60
    pilot_id: str = ""
    video_url: str = ""
    retired: bool = False
    inspected_on: str = ""  # ISO date of the last inspection; "" = not known


class DeviceView(Struct, array_like=True):
    """The shown state of a device. The worker's own record is this plus its private tail."""

    device_id: str
    status: int = Status.UNKNOWN
    since_ms: int | None = None  # start of the shown status, back-dated for offline
    last_seen_ms: int | None = None  # newest sign of life, event time
    faults: list[str] = field(default_factory=list)
    behind: str = ""  # dead gateway that makes this device unknown
    battery: float | None = None
    lamp_on: bool | None = None
    lamp_dim: float | None = None
    lamp_mode: str = ""
    rssi_dbm: float | None = None
    snr_db: float | None = None
    tamper: bool = False
    fw: str = ""
    lux: float | None = None
    arrived_ms: int | None = None  # arrival of the newest status
    out_of_service_until_ms: int | None = None
    out_of_service_by: str = ""
    out_of_service_reason: str = ""


class AlertEvent(Struct, array_like=True):
    """One line of an alert's history."""

    at_ms: int
    what: str  # raised, cleared, acknowledge, assign, release, note, close
    by: str = ""  # user name, "" = the field or the system
    note: str = ""
    verdict: str = ""
    to: str = ""
    action_id: str = ""
    arrived_ms: int = 0


class AlertView(Struct, array_like=True):
    alert_id: str
    type: str
    priority: int  # 1 (now) .. 4 (next working day)
    state: str
    raised_ms: int
    version: int = 1  # counts every change
    state_version: int = 1  # version of the last change of state or owner
    latching: bool = False
    device_id: str = ""
    lon: float | None = None
    lat: float | None = None
    zone: str = ""
    route_id: str = ""
    confidence: float | None = None
    cap_status: str = "Actual"
    note: str = ""
    acknowledged_ms: int | None = None
    acknowledged_by: str = ""
    owner: str = ""
    cleared_ms: int | None = None
    closed_ms: int | None = None
    verdict: str = ""
    arrived_ms: int = 0  # arrival of the raised message (stream id)
    children: int = 0  # gateway alerts: devices behind it
    history: list[AlertEvent] = field(default_factory=list)


class IncidentView(Struct, array_like=True):
    incident_id: str
    rev: int
    category: str
    reported_ms: int
    occurred_from_ms: int | None = None
    occurred_to_ms: int | None = None
    code112: int | None = None
    dispatched_ms: int | None = None
    arrived_ms: int | None = None  # arrival of the police
    closed_ms: int | None = None
    lon: float | None = None
    lat: float | None = None
    zone: str = ""
    route_id: str = ""
    alert_id: str = ""
    cap_status: str = "Actual"


class TrafficView(Struct, array_like=True):
    sensor_id: str
    from_ms: int
    to_ms: int
    n_in: int
    n_out: int
    rev: int = 0
    quality: str = "ok"


class OrderState(StrEnum):
    """Where a work order stands; it follows from the facts in its last round."""

    OPEN = "open"  # nobody is charged with it
    ASSIGNED = "assigned"
    PARTS = "parts"  # waiting for parts
    REPAIRED = "repaired"  # reported, not yet proved by good beats
    VERIFIED = "verified"  # good beats since; done
    CANCELLED = "cancelled"


class OrderCause(StrEnum):
    FAULT = "fault"  # the device says so
    OUTAGE = "outage"  # it is silent; of a gateway: with all behind it
    INSPECTION = "inspection"  # overdue


class Round(Struct, array_like=True):
    """One trouble of a work order; failing again within the site's reopen_days adds another."""

    down_ms: int  # start of the trouble; of an inspection: when it fell due
    opened_ms: int  # when it had lasted long enough to become work
    due_ms: int | None = None  # by contract; None = no contract covers it
    parts_ms: int | None = None  # since when parts are awaited
    repaired_ms: int | None = None  # reported repaired
    restored_ms: int | None = None  # start of the good beats that prove it
    verified_ms: int | None = None  # when they had lasted long enough
    excluded: str = ""  # why it is left out of the contract's figures; "" = it counts
    faults: list[str] = field(default_factory=list)  # fault codes told at opening
    cancelled_ms: int | None = None  # only ever of the last round
    asked_ms: int | None = None  # since when another vendor than the first is charged with it
    cause: str = ""  # OrderCause of this trouble; "" = that of the order (older records)


class OrderView(Struct, array_like=True):
    """A work order: one per cause; a dead gateway is one, with its children counted.

    order_id is `W-<device id>-<opened_ms of the first round in base 36>`, of an inspection `I-…`.
    kind to pilot_id are the device's registration at opening. reopened = rounds after the first.
    history: what people did, and what the control room did for them (cancel when the device was
    retired, `refuted` when a reported repair was not one); openings and proofs are in rounds.
    """

    order_id: str
    cause: str  # OrderCause of the last round
    device_id: str
    state: str  # OrderState
    opened_ms: int
    version: int = 1
    state_version: int = 1
    kind: str = ""
    zone: str = ""
    route_id: str = ""
    vendor: str = ""  # maker of the device
    owner: str = ""  # owner of the device
    pilot_id: str = ""
    children: int = 0
    assignee: str = ""  # vendor charged with it
    rounds: list[Round] = field(default_factory=list)
    history: list[AlertEvent] = field(default_factory=list)
    closed_ms: int | None = None  # verified or cancelled
    reopened: int = 0


class ActionOutcome(Struct, array_like=True):
    """What became of an operator's action; `who_*` tell the loser who was first."""

    action_id: str
    ok: bool
    subject: str  # alert, device or order id
    reason: str = ""  # conflict, unknown_alert, verdict_required, not_allowed, ...
    who_by: str = ""
    who_action: str = ""
    who_at_ms: int = 0
    version: int = 0
