"""What the workshop remembers of a device that is, or may become, work.

Only such devices have a card: in trouble, saying a fault, due for inspection, or acted upon ahead
of the settled time. All of it is settled, so none of it depends on the order of arrival; what is
not settled yet waits in codes, news and actions with its event time.
"""

from __future__ import annotations

from bisect import insort

from msgspec import Struct, field

from dashboard.records import Status
from dashboard.stream.kinds import ActionMessage
from dashboard.stream.vitals import NEVER

DOWN = (Status.FAULT, Status.OFFLINE)
MOST_WAITING = 100  # actions ahead of the settled time, per device


class Card(Struct, array_like=True):
    """Trouble lasts from the first fault or silence until the device is well again; unknown and
    out of service neither begin nor end it. With an order it ends when the order does.

    group: number of the group it is counted in; None = not registered, or retired: no orders.
    lived_ms: of the last thing that happened to it; nothing is dated before.
    codes: (at, fault codes) as told, the last settled one and those after it.
    due_ms: next inspection; None = not known, or asked for by an order. asked_ms: the last due
    date an order was opened for. news: (at, day inspected) of registry messages not settled yet.
    """

    device_id: str
    group: int | None = None
    lived_ms: int = NEVER
    status: int = Status.UNKNOWN
    status_ms: int = NEVER  # when it was known to be so; later than since when it is so
    down_ms: int | None = None  # start of the trouble; None = none
    well_ms: int | None = None  # its end, not proved yet
    order_id: str = ""  # of the trouble; "" = it has not lasted long enough
    children: int = 0  # gateways: registered devices behind it when the trouble began
    codes: list[tuple[int, list[str]]] = field(default_factory=list)
    due_ms: int | None = None
    asked_ms: int | None = None
    inspection_id: str = ""  # an open order
    news: list[tuple[int, int | None]] = field(default_factory=list)
    actions: list[tuple[int, str, int, ActionMessage]] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Nothing to remember. A date asked for is remembered: it must not be asked for again."""
        kept = (self.down_ms, self.due_ms, self.asked_ms)
        return not (self.codes or self.news or self.actions or any(at is not None for at in kept))

    @property
    def is_down(self) -> bool:
        return self.status in DOWN

    def leave(self, at_ms: int) -> None:
        """Retired: nothing of it is work any more."""
        self.end_trouble()
        self.due_ms = self.asked_ms = None
        self.inspection_id = ""
        self.forget_codes(at_ms)

    def end_trouble(self) -> None:
        self.down_ms = self.well_ms = None
        self.order_id = ""
        self.children = 0

    def hear_codes(self, at_ms: int, faults: list[str], settled_ms: int) -> None:
        insort(self.codes, (at_ms, faults))
        while len(self.codes) > 1 and self.codes[1][0] <= settled_ms:
            del self.codes[0]

    def codes_at(self, at_ms: int) -> list[str]:
        """What it said last by then; [] when it said nothing, or fell silent instead."""
        if self.status != Status.FAULT:
            return []
        told = [faults for said_ms, faults in self.codes if said_ms <= at_ms]
        return told[-1] if told else []

    def forget_codes(self, until_ms: int) -> None:
        self.codes = [told for told in self.codes if told[0] > until_ms]

    def wait(self, m: ActionMessage, at_ms: int, arrived_ms: int) -> bool:
        """Keep an action until its time has come; False when it is kept already, or too many."""
        known = any(action_id == m.action_id for _, action_id, _, _ in self.actions)
        if known or len(self.actions) >= MOST_WAITING:
            return False
        insort(self.actions, (at_ms, m.action_id, arrived_ms, m), key=lambda one: one[:2])
        return True
