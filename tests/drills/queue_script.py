"""A generator program as studios write them; the first word of its prompt says how it behaves.

Notes what it does in the ledger of the folder that ``DRILL_FOLDER`` names, one line for each thing: what
happened, for which task, and when by the machine's monotonic clock.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

LEDGER = "ledger.txt"
_NAME = re.compile(r"(?:still|clip)-\d+")
_PACES = {"slow": 0.25, "fussy": 0.02}


def main() -> int:
    """Make one file, or misbehave."""
    parser = argparse.ArgumentParser()
    for name in ("prompt", "output", "image"):
        parser.add_argument(f"--{name}", default="")
    given = parser.parse_args()
    mode, name = given.prompt.split()[0], _NAME.findall(given.prompt)[-1]
    _note("paid", name)
    if mode == "hang":
        _linger(name)
    if mode == "refuse":
        _say("Error: the provider said no")
        return 0
    if mode in ("slow", "fussy"):
        # what it leaves running has to end with it
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    for step in range(1, 9):
        _say(f"Status: drawing {12 * step}%")
        time.sleep(_PACES.get(mode, 0.02))
    _note("made", name)
    _write(Path(given.output), name, mode)
    return 3 if mode == "fussy" else 0


def _linger(name: str) -> None:
    _say("Prediction ID: job-7")
    while True:
        _note("lingers", name)
        time.sleep(0.2)


def _write(path: Path, name: str, mode: str) -> None:
    folder = Path(os.environ["DRILL_FOLDER"])
    if mode == "garbage":
        data = b"this is no picture" * 10
    elif path.suffix == ".mp4":
        # players skip the part at its end
        words = name.encode().ljust(24)
        data = (folder / "clip.mp4").read_bytes() + (len(words) + 8).to_bytes(4, "big") + b"free" + words
    else:
        data = _still(name)
    path.write_bytes(data[: len(data) // 3] if mode == "half" else data)


def _still(name: str) -> bytes:
    import io
    import random

    from PIL import Image

    written = io.BytesIO()
    Image.frombytes("RGB", (64, 36), random.Random(name).randbytes(64 * 36 * 3)).save(written, "PNG")
    return written.getvalue()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _note(what: str, name: str) -> None:
    ledger = os.open(Path(os.environ["DRILL_FOLDER"]) / LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(ledger, f"{what} {name} {time.monotonic()}\n".encode())
    os.close(ledger)


if __name__ == "__main__":
    sys.exit(main())
