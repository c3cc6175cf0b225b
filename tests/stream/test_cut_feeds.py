"""A feed that is cut: gateways are no more to blame than any other device."""

from __future__ import annotations

from dashboard.records import Status
from tests.builders import World, beat, registered


def test_it_raises_no_alarm_for_gateways_that_were_silent_with_the_whole_feed() -> None:
    gateways = [f"GW-{n}" for n in range(5)]
    world = World().hear(*(registered(name, "gateway", heartbeat_s=10) for name in gateways))
    world.hear(*(beat(name, ts=0) for name in gateways))
    world.arrived += 600_000
    world.hear(*(beat(name, ts=600) for name in gateways))
    assert {world.status(name) for name in gateways} == {"ok"}
    assert not world.picture.alerts


def test_it_does_not_wait_again_for_a_child_that_spoke_before_its_gateway_did() -> None:
    world = World().hear(registered("GW-1", "gateway", heartbeat_s=10))
    world.hear(*(registered(f"C-{n}", heartbeat_s=60, gateway_id="GW-1") for n in range(9)))
    names = ["GW-1", *(f"C-{n}" for n in range(9))]
    world.hear(*(beat(name, ts=0) for name in names))
    world.arrived += 600_000
    world.hear(beat("C-0", ts=600), beat("C-1", ts=605), beat("GW-1", ts=610))
    world.hear(*(beat(name, ts=s) for s in range(620, 720, 10) for name in ("GW-1", "C-8")))
    settled = {name: device.settled.status for name, device in world.picture.devices.items()}
    assert settled["C-0"] == settled["C-1"] == settled["C-8"] == Status.OK
    assert settled["C-2"] == Status.UNKNOWN
