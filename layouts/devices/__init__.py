"""One device and its year: states day by day, failures, repairs, alerts, newest messages.

Twin: callbacks/devices.
"""

from __future__ import annotations

from layouts.devices.head import Report
from layouts.devices.page import layout, refusal, report, waiting

__all__ = ["Report", "layout", "refusal", "report", "waiting"]
