"""CP4: judge a stream's videos."""

from __future__ import annotations

from director_lib.domain.version import Kind
from director_lib.pages.review import show_review


def show(stream: str | None = None) -> None:
    """Show the review desk for a stream's videos.

    Args:
        stream: Stream id; None takes it from the page's address.
    """
    show_review(Kind.VIDEO, stream)
