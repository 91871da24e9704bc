"""Runs a command that dies with the process that started it, even when that is killed.

Started by path, as ``python leashed.py <parent's pid> <command …>``; it becomes the command. Linux only:
elsewhere the command runs without the leash.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent_pid: int, command: list[str]) -> None:
    """Tie this process to its parent and become the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        # The parent may have died before the leash was on.
        if os.getppid() != parent_pid:
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - becomes the command; there is no shell


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
