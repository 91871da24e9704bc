"""What a batch notebook shows: its paper, and on the way how far it is."""

from __future__ import annotations

import os

from director_lib.batch.paper_blocks import PAPER_TYPE, Paper
from director_lib.batch.report_page import paper_html

PROGRESS_TYPE = "application/vnd.director.progress+json"
"""Under this type a kernel says how far it is; the runner takes these messages out of the notebook."""
RUN_VARIABLE = "BATCH_RUN_ID"
"""Set in the kernel of a recorded run: somebody reads what it says of its progress."""


def show(paper: Paper) -> None:
    """Display a paper as this cell's output: as HTML, and as the blocks that the PDF is set from."""
    from IPython.display import display

    plain = paper.outcome or "a report"
    data = {"text/html": paper_html(paper), PAPER_TYPE: paper.payload(), "text/plain": plain}
    display(data, raw=True)  # type: ignore[no-untyped-call]  # IPython is partly typed


def tell(words: str, share: float) -> None:
    """Say how far the work is: what is being done, and which share of it, 0 to 1. Silent outside of a run."""
    if RUN_VARIABLE not in os.environ:
        return
    from IPython.display import display

    data = {PROGRESS_TYPE: {"words": words, "share": min(1.0, max(0.0, share))}}
    display(data, raw=True)  # type: ignore[no-untyped-call]  # as above
