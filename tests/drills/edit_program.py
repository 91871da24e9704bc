"""Edits prompts of one stream as one of several people: a segment of its own, and one that all fight over.

Says each edit as soon as it is acknowledged: segment and text.
"""

from __future__ import annotations

import sys

from director_lib.errors import StaleWriteError
from director_lib.workbench import Workbench
from tests.drills.programs import open_studio, say

SHARED = 1


def main(number: int, n_edits: int) -> None:
    with open_studio(f"writer{number}") as workbench:
        for edit in range(n_edits):
            segment_id = SHARED if edit % 2 else SHARED + 1 + number
            text = f"{number}:{edit}"
            _save(workbench, segment_id, text)
            say(segment_id, text)


def _save(workbench: Workbench, segment_id: int, text: str) -> None:
    """Edit what is there now; when somebody was faster, look again, as a person would."""
    while True:
        seen = workbench.streams.get("film").get_segment(segment_id).image_prompt
        try:
            workbench.prompts.save("film", segment_id, "image_prompt", text, base_text=seen)
        except StaleWriteError:
            continue
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
