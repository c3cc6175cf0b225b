"""What the tests in a browser name alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

CALLBACKS = re.compile("/_dash-update-component")
ROW = '.orders__row[data-key^="W-{}-"]'
Open = Callable[..., Any]  # visit("manager", "/orders?…") -> Page
