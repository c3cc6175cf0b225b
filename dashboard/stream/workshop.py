"""Step 5 for equipment: when trouble becomes work, and when work is done.

Fed with the ledger's settled changes, in order of event time. What happens by itself (trouble
that has lasted long enough, good beats that have) is a moment on the agenda; once the settled
time has passed it, it happened at that moment, whenever we get to know. To one device everything
happens in order; devices do not depend on each other.
"""

from __future__ import annotations

from collections.abc import Callable

from dashboard.contracts import DAY_MS
from dashboard.records import ActionOutcome, OrderCause, Registration, Round, Status
from dashboard.site import Site
from dashboard.stream import inspections, orders, timers
from dashboard.stream.agenda import Agenda
from dashboard.stream.cards import DOWN, Card
from dashboard.stream.kinds import ActionMessage
from dashboard.stream.ledger import Ledger
from dashboard.stream.rollups import Group, Rollups
from dashboard.stream.shelf import Shelf
from dashboard.stream.timers import MINUTE_MS, Moment, Step
from dashboard.stream.times import epoch_ms
from dashboard.stream.vitals import NEVER, Vitals

RETIRED = "retired"  # why an order was called off
Tell = Callable[[ActionOutcome], None]


class Workshop:
    def __init__(self, site: Site, ledger: Ledger, rollups: Rollups, tell: Tell) -> None:
        self.cards: dict[str, Card] = {}
        self.dirty: set[str] = set()  # cards changed, or gone, since the last commit
        self.shelf = Shelf()
        self._site, self._rules = site, site.order_rules
        self._ledger, self._rollups = ledger, rollups
        self._tell = tell
        self._agenda = Agenda()
        self._swept_ms = NEVER

    # -- what comes in -----------------------------------------------------------------------

    def turned(self, device_id: str, vitals: Vitals) -> None:
        """A device's settled status changed, or the group it is counted in."""
        card = self.cards.get(device_id)
        if card is None:
            if vitals.status not in DOWN:
                return
            card = self._card(device_id)
        if self._is_of_no_concern(card, vitals.status):
            return
        at_ms = max(self._ledger.watch.now_ms, self._ledger.frontier_ms)
        self._live(card, at_ms)
        card.lived_ms = at_ms
        if self.shelf.is_open(card.order_id) and timers.was_proved(card, vitals, self._rules):
            self._verify(card)
        self._follow_group(card, at_ms)
        self._follow_status(card, vitals, at_ms)
        self._file(card)

    def hear_codes(self, device_id: str, at_ms: int, faults: list[str]) -> None:
        """A device says what is wrong with it."""
        settled_ms = self._ledger.frontier_ms
        self._card(device_id).hear_codes(max(at_ms, settled_ms + 1), faults, settled_ms)
        self.dirty.add(device_id)

    def register(self, r: Registration) -> None:
        """Master data tell when a device was inspected last."""
        concerned = r.kind in self._site.inspection_days or r.device_id in self.cards
        if concerned and not r.retired:
            card = self._card(r.device_id)
            inspections.hear(card, r, self._ledger.frontier_ms)
            self._file(card)

    def take_action(self, m: ActionMessage, arrived_ms: int) -> bool:
        """False when it changed nothing. One about a device waits for its moment to be settled."""
        if m.order_id is not None or m.device_id is None:
            return self._act(m.order_id or "", m, arrived_ms)
        card = self._card(m.device_id)
        taken = card.wait(m, epoch_ms(m.ts), arrived_ms)
        self._file(card)
        return taken

    # -- time passes -------------------------------------------------------------------------

    def run(self, settled_ms: int) -> None:
        """Everything that happens by itself until then, and what waited for its moment."""
        for device_id in self._agenda.until(settled_ms):
            if (card := self.cards.get(device_id)) is not None:
                self._live(card, settled_ms + 1)
                self._file(card)
        if settled_ms - self._swept_ms >= DAY_MS:
            self._swept_ms = settled_ms
            self.shelf.sweep(settled_ms, {card.order_id for card in self.cards.values()})

    def restore(self) -> None:
        """After loading."""
        self.shelf.restore()
        for card in self.cards.values():
            self._expect(card)

    def done(self) -> None:
        """The commit succeeded."""
        self.dirty.clear()
        self.shelf.done()

    def _live(self, card: Card, until_ms: int) -> None:
        """Everything that happens to one device before that moment, in order."""
        while (moment := self._next(card)) is not None and moment[0] < until_ms:
            card.lived_ms, step = moment
            self._do(step, card, card.lived_ms)

    def _next(self, card: Card) -> Moment | None:
        if card.group is None:
            return None
        rules, proof = self._rules, None
        if card.order_id:
            silence_ms = self._ledger.watch.beats[card.device_id].silence_ms
            order = self.shelf.orders[card.order_id]
            proof = timers.next_proof(card, order, rules, silence_ms)
        patience_ms = timers.patience_ms(card, self._group(card).kind, rules)
        return timers.next_moment(card, patience_ms, proof)

    def _do(self, step: Step, card: Card, at_ms: int) -> None:
        if step == Step.NEWS:
            self._hear_news(card, at_ms)
        elif step == Step.OPEN:
            self._open(card, at_ms)
        elif step == Step.REFUTE:
            self.shelf.put(orders.refute(self.shelf.orders[card.order_id], at_ms))
        elif step == Step.VERIFY:
            self._verify(card)
        elif step == Step.INSPECT:
            self._ask_for_inspection(card, at_ms)
        else:
            _, _, arrived_ms, m = card.actions.pop(0)
            self._act(card.order_id or self.shelf.last_of(card.device_id), m, arrived_ms)

    # -- what happens ------------------------------------------------------------------------

    def _follow_group(self, card: Card, at_ms: int) -> None:
        group = self._ledger.group_of.get(card.device_id)
        if group is None and card.group is not None:
            self.shelf.call_off(card.order_id, at_ms, RETIRED)
            self.shelf.call_off(card.inspection_id, at_ms, RETIRED)
            card.leave(at_ms)
        elif card.group is None and card.down_ms is not None:
            card.down_ms = max(card.down_ms, at_ms)  # it counts from when it was registered
        card.group = group

    def _follow_status(self, card: Card, vitals: Vitals, at_ms: int) -> None:
        if vitals.status != card.status:
            card.status, card.status_ms = vitals.status, at_ms
        if card.is_down:
            if card.down_ms is None:
                card.down_ms = vitals.since_ms
            card.well_ms = None
            card.children = self._children(card) if card.status == Status.OFFLINE else 0
        elif card.status == Status.OK:
            card.forget_codes(at_ms)
            if card.well_ms is None:
                card.well_ms = vitals.since_ms
            if not self.shelf.is_open(card.order_id):
                card.end_trouble()

    def _children(self, card: Card) -> int:
        """Registered devices behind it."""
        behind = self._ledger.watch.children.get(card.device_id, ())
        return sum(child in self._ledger.group_of for child in behind)

    def _open(self, card: Card, at_ms: int) -> None:
        down_ms = card.down_ms or 0
        cause = OrderCause.FAULT if card.status == Status.FAULT else OrderCause.OUTAGE
        last = Round(down_ms, at_ms, faults=card.codes_at(at_ms), cause=cause)
        order = self.shelf.failed_before(card.device_id, down_ms, self._rules.reopen_days)
        if order is not None:
            order = orders.reopen(order, last, self._site)
        else:
            order = orders.first(cause, card.device_id, self._group(card), last, self._site)
        order.children = card.children
        card.order_id = order.order_id
        self.shelf.put(order)

    def _verify(self, card: Card) -> None:
        verified_ms = card.status_ms + self._rules.verify_after_min * MINUTE_MS
        restored_ms = card.status_ms if card.well_ms is None else card.well_ms
        order = self.shelf.orders[card.order_id]
        self.shelf.put(orders.verify(order, restored_ms, verified_ms))
        card.end_trouble()

    def _ask_for_inspection(self, card: Card, at_ms: int) -> None:
        cause = OrderCause.INSPECTION
        last = Round(card.due_ms or 0, at_ms, cause=cause)
        order = orders.first(cause, card.device_id, self._group(card), last, self._site)
        card.inspection_id = order.order_id
        card.asked_ms, card.due_ms = card.due_ms, None
        self.shelf.put(order)

    def _hear_news(self, card: Card, at_ms: int) -> None:
        inspected_ms = inspections.learn(card, self._days(card))
        if inspected_ms is not None and self.shelf.is_open(card.inspection_id):
            order = self.shelf.orders[card.inspection_id]
            done_ms = max(order.rounds[-1].down_ms, inspected_ms)
            self.shelf.put(orders.verify(order, min(done_ms, at_ms), at_ms))

    def _act(self, order_id: str, m: ActionMessage, arrived_ms: int) -> bool:
        outcome, changed = self.shelf.act(order_id, m, arrived_ms, self._site)
        self._tell(outcome)
        if changed and (card := self.cards.get(self.shelf.orders[order_id].device_id)):
            self._file(card)
        return changed or not outcome.ok

    # -- cards -------------------------------------------------------------------------------

    def _card(self, device_id: str) -> Card:
        card = self.cards.get(device_id)
        if card is None:
            group = self._ledger.group_of.get(device_id)
            card = self.cards[device_id] = Card(device_id, group)
        return card

    def _is_of_no_concern(self, card: Card, status: int) -> bool:
        calm = card.down_ms is None and status not in DOWN and not card.codes
        return calm and card.group == self._ledger.group_of.get(card.device_id)

    def _file(self, card: Card) -> None:
        """After whatever happened to it: end what an order's end has ended, and expect the next."""
        self.dirty.add(card.device_id)
        if card.status == Status.OK and card.order_id and not self.shelf.is_open(card.order_id):
            card.end_trouble()
        if card.inspection_id and not self.shelf.is_open(card.inspection_id):
            order = self.shelf.orders[card.inspection_id]
            inspections.done(card, order, self._days(card))
        if card.is_blank:
            self.cards.pop(card.device_id, None)
        else:
            self.cards[card.device_id] = card  # it may have been blank for a moment
            self._expect(card)

    def _expect(self, card: Card) -> None:
        if (moment := self._next(card)) is not None:
            self._agenda.expect(card.device_id, moment[0])

    def _group(self, card: Card) -> Group:
        return self._rollups.groups[card.group or 0]

    def _days(self, card: Card) -> int | None:
        """How often its kind is inspected; None = never."""
        return self._site.inspection_days.get(self._group(card).kind)
