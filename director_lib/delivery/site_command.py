"""Deploying a site with the studio's own command, such as a hosting service's program."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from director_lib.errors import BackendError, ConfigError

_NAME = re.compile(r"\{([a-z_]*)\}")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|DATABASE_URL", re.IGNORECASE)
_COLORS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TAKEN_OUT = ("GOOGLE_AI_API_KEY", "REPLICATE_API_TOKEN", "DIRECTOR_DATABASE_URL", "DIRECTOR_METRICS_TOKEN")
_KNOWN = frozenset({"folder", "stream", "build_id"})
_SHORTEST_SECRET = 6
_TAIL_LINES = 5
_MASK = "•••"


def fill_command(template: str, values: Mapping[str, str]) -> list[str]:
    """Return the program and its arguments; no shell is in between, so that no name is read as a command.

    Raises:
        ConfigError: There is no command, it cannot be read, or it uses an unknown name.
    """
    example = "DIRECTOR_DEPLOY_COMMAND=my-host publish {folder} --site={stream}"
    if not template.strip():
        raise ConfigError(f"No command for deploying is set. Nothing was deployed. Set one, like {example}")
    try:
        words = shlex.split(template)
    except ValueError as error:
        raise ConfigError(f"DIRECTOR_DEPLOY_COMMAND cannot be read ({error}). Check its quotes.") from error
    strange = {name for word in words for name in _NAME.findall(word)} - _KNOWN
    if strange:
        raise ConfigError(
            f"DIRECTOR_DEPLOY_COMMAND uses {{{min(strange)}}}, which is nothing known. Use {{folder}}, "
            f"{{stream}} and {{build_id}}, like {example}"
        )
    return [_NAME.sub(lambda match: str(values[match[1]]), word) for word in words]


def run_command(
    arguments: list[str], folder: Path, tell: Callable[[str], None], *, timeout_s: float
) -> list[str]:
    """Run the command to its end and tell every line that it says, without the secrets of the environment.

    Args:
        arguments: The program and its arguments.
        folder: Where it runs.
        tell: Called with each line, in order.

    Returns:
        The lines that it said, the last 500, masked.

    Raises:
        ConfigError: There is no such program.
        BackendError: It failed or took too long; the message has the end of what it said.
    """
    process = _start(arguments, folder)
    mask, lines = _masker(os.environ), deque[str](maxlen=500)
    # its whole group: what the program started would keep its output open
    ended = threading.Timer(timeout_s, os.killpg, (process.pid, signal.SIGKILL))
    ended.start()
    try:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                said = mask(_COLORS.sub("", line).rstrip())
                if said:
                    lines.append(said)
                    tell(said)
        code = process.wait()
        is_late = ended.finished.is_set()
    finally:
        ended.cancel()
    if code != 0:
        raise BackendError(_why(code, is_late, timeout_s, lines))
    return list(lines)


def _start(arguments: list[str], folder: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in _TAKEN_OUT}
    try:
        return subprocess.Popen(  # noqa: S603 - the studio's own command, split without a shell
            arguments,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        )
    except OSError as error:
        raise ConfigError(
            f"The program “{arguments[0]}” cannot be started ({error.strerror}). Nothing was deployed. Check "
            "DIRECTOR_DEPLOY_COMMAND and that the worker can run it."
        ) from error


def find_address(lines: list[str]) -> str:
    """Return the last web address that was said, an https one before others; "" for none."""
    said: list[str] = [address for line in lines for address in _ADDRESS.findall(line)]
    found = [address.rstrip(".,;:!?)]}") for address in said]
    secure = [address for address in found if address.startswith("https://")]
    return (secure or found or [""])[-1]


def _masker(environment: Mapping[str, str]) -> Callable[[str], str]:
    secrets = sorted(
        {
            value
            for name, value in environment.items()
            if _SECRET_NAME.search(name) and len(value) >= _SHORTEST_SECRET
        },
        key=len,
        reverse=True,
    )

    def mask(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, _MASK)
        return text

    return mask


def _why(code: int, is_late: bool, timeout_s: float, lines: deque[str]) -> str:
    how = (
        f"took more than {timeout_s:g} s and was ended"
        if is_late and code < 0
        else f"failed (exit code {code})"
    )
    tail = " | ".join(list(lines)[-_TAIL_LINES:])
    said = f" It said at the end: {tail}." if tail else " It said nothing."
    return (
        f"The deploy command {how}.{said} What was deployed before is recorded still. Mend the "
        "cause, then try again."
    )
