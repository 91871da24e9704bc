"""The studio's own program that writes a first spec: the story goes in as JSON, the spec comes out."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
import tempfile
from typing import IO, Any

from director_lib.engines.keys import KEY_VARIABLES
from director_lib.errors import ConfigError, EngineError

EXAMPLE = 'DIRECTOR_SPEC_COMMAND="python3 write_spec.py --model mine"'
LARGEST_BYTES = 5_000_000
_QUOTED = 300


def run_spec_command(command: str, story: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
    """Have a program write a spec.

    It runs in a process group of its own, without the engines' keys, and all of it is ended when the time is
    over. Nothing but its standard output counts.

    Args:
        command: The program and its arguments, as a shell would split them; no shell runs it.
        story: What it reads as JSON from its standard input.
        timeout_s: Longest time, in seconds.

    Returns:
        The object that it wrote.

    Raises:
        ConfigError: There is no such program.
        EngineError: It failed, took too long, or wrote something else than a JSON object.
    """
    arguments = shlex.split(command)
    if not arguments:
        raise ConfigError(f"No program writes specs. Set DIRECTOR_SPEC_COMMAND, for example {EXAMPLE}.")
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        given.write(json.dumps(story, ensure_ascii=False).encode())
        given.seek(0)
        code = _run(arguments, (given, out, said), timeout_s)
        words = _tail(said) or _tail(out)
        if code != 0:
            raise EngineError(
                f"The spec program ended with code {code}{_quoted(words)} Nothing was written. Correct it, "
                "or use the built-in engine."
            )
        return _read_answer(out)


def _run(arguments: list[str], files: tuple[IO[bytes], IO[bytes], IO[bytes]], timeout_s: float) -> int:
    environment = {name: value for name, value in os.environ.items() if name not in KEY_VARIABLES}
    given, out, said = files
    try:
        process = subprocess.Popen(
            arguments, stdin=given, stdout=out, stderr=said, env=environment, start_new_session=True
        )
    except OSError as error:
        raise ConfigError(
            f"The spec program “{arguments[0]}” cannot be started ({error.strerror or error}). Nothing was "
            f"written. Correct DIRECTOR_SPEC_COMMAND, for example {EXAMPLE}."
        ) from error
    try:
        return process.wait(timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        raise EngineError(
            f"The spec program took longer than {timeout_s:g} s and was ended. Nothing was written. Give it "
            "more time with DIRECTOR_SPEC_TIMEOUT_S, or use the built-in engine."
        ) from error
    finally:
        # also what it left behind when it ended by itself
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read_answer(out: IO[bytes]) -> dict[str, Any]:
    out.seek(0)
    data = out.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise EngineError(
            f"The spec program wrote more than {LARGEST_BYTES:,} bytes. Nothing of it was used."
        )
    try:
        answer = json.loads(data)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise EngineError(
            f"The spec program wrote no JSON ({error}){_quoted(_shown(data))} Nothing was written."
        ) from error
    if not isinstance(answer, dict):
        raise EngineError("The spec program wrote JSON that is no object. Nothing was written.")
    return answer


def _tail(file: IO[bytes]) -> str:
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 4 * _QUOTED))
    return _shown(file.read())


def _shown(data: bytes) -> str:
    text = " ".join(data.decode("utf-8", "replace").split())
    return "".join(letter for letter in text if letter.isprintable())[-_QUOTED:]


def _quoted(words: str) -> str:
    return f": “{words}”." if words else "."
