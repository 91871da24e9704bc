"""The child process that paints: one request per line of its input, one answer per line of its output."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.local import LocalEngine
from director_lib.errors import DirectorError


def main() -> None:
    """Paint until the input ends; answers "painted", or in one line why not."""
    for line in sys.stdin:
        try:
            _paint(json.loads(line))
            answer = "painted"
        except DirectorError as error:
            answer = " ".join(error.user_message.split())
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _paint(job: dict[str, Any]) -> None:
    request = GenerationRequest(**{**job["request"], "kind": Kind(job["request"]["kind"])})
    target, note = Path(job["target"]), Path(job["note"])
    keyframe = Path(job["keyframe"]) if job["keyframe"] else None
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = LocalEngine().generate(
            request, Path(scratch), keyframe=keyframe, progress=lambda _phase, _percent: None
        )
        made.path.replace(target)
        draft = Path(scratch) / "note.json"
        draft.write_text(json.dumps({"model": made.model, "params": made.params}), encoding="utf-8")
        draft.replace(note)


if __name__ == "__main__":
    main()
