"""Keeping the studio's processes running: started together, restarted one by one, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_LEASHED = Path(__file__).with_name("leashed.py")

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_STABLE_AFTER_S = 60.0
_POLITE_S = 8.0
_LOOK_EVERY_S = 0.2


class Child:
    """One process that is kept running.

    Attributes:
        name: Prefix of its lines in the log.
    """

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self.name = name
        self._command = list(command)
        self._environment = dict(environment)
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at_s = 0.0
        self._pause_s = _FIRST_PAUSE_S
        self._start_after_s = 0.0

    @property
    def is_running(self) -> bool:
        """Whether its process runs now."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process, in a session of its own, so that Ctrl-C reaches only its supervisor."""
        leash = [sys.executable, "-E", "-S", str(_LEASHED), str(os.getpid())]
        self._process = subprocess.Popen(
            [*leash, *self._command],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._started_at_s = time.monotonic()
        assert self._process.stdout is not None
        threading.Thread(target=self._relay, args=(self._process.stdout,), daemon=True).start()

    def look_after(self) -> None:
        """Start the process again when it has ended, after a pause that grows while it keeps ending."""
        if self.is_running or self._process is None:
            return
        now_s = time.monotonic()
        if not self._start_after_s:
            if now_s - self._started_at_s > _STABLE_AFTER_S:
                self._pause_s = _FIRST_PAUSE_S
            code = self._process.returncode
            self._say(f"{self.name} ended with code {code}; it starts again in {self._pause_s:g} s")
            self._start_after_s = now_s + self._pause_s
            self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
        elif now_s >= self._start_after_s:
            self._start_after_s = 0.0
            self.start()

    def ask_to_end(self) -> None:
        """Send the polite signal."""
        if self._process is not None and self.is_running:
            self._process.send_signal(signal.SIGTERM)

    def end(self, until_s: float) -> None:
        """Wait for the end until a monotonic instant, then kill it with its process group."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, until_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _relay(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self._say(f"[{self.name}] {line.decode(errors='replace').rstrip()}")


class Supervisor:
    """A few children, kept running until told to stop."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._children = list(children)
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start every child."""
        for child in self._children:
            child.start()

    def request_stop(self) -> None:
        """Make :meth:`run` return; safe to call from a signal handler."""
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        """Whether a stop was requested."""
        return self._stopping.is_set()

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Look after the children until a stop is requested or ``until`` returns true."""
        while not self._stopping.wait(_LOOK_EVERY_S) and not until():
            for child in self._children:
                child.look_after()

    def stop(self) -> None:
        """End every child: politely first, and for certain after a few seconds."""
        for child in self._children:
            child.ask_to_end()
        until_s = time.monotonic() + _POLITE_S
        for child in self._children:
            child.end(until_s)
