"""The review desk for stills and clips."""

from director_lib.widgets.review_desk.review_desk import ReviewDesk

__all__ = ["ReviewDesk"]
