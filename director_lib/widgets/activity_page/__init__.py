"""The activity page: a stream's timeline."""

from director_lib.widgets.activity_page.activity_page import ActivityScreen

__all__ = ["ActivityScreen"]
