"""Children that never outlive us, however we end.

Linux: the kernel kills the child when the thread that started it is gone (PR_SET_PDEATHSIG),
so children are started from the main thread only. Elsewhere, and for a server we adopted
rather than started, a watchdog process does it: `python -m data_sources.watchdog`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

_PR_SET_PDEATHSIG = 1
KERNEL_KILLS = sys.platform == "linux"
_LIBC = ctypes.CDLL(None) if KERNEL_KILLS else None


def leashed() -> dict[str, Any]:
    """Options for subprocess.Popen.

    The new session keeps Ctrl-C in the terminal from the children: we end them, in order.
    """
    options: dict[str, Any] = {"start_new_session": True}
    if _LIBC is not None:
        options["preexec_fn"] = _die_with(os.getpid())
    return options


def end_with_parent() -> None:
    """Asks the kernel to tell us (SIGTERM) when whoever started us is gone. Linux only."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _die_with(parent: int) -> Any:
    def tie() -> None:
        if _LIBC is None or _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
            os._exit(127)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(127)

    return tie
