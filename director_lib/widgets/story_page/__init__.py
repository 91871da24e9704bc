"""The story page: the story set for reading, the brief, and the verdict on both."""

from director_lib.widgets.story_page.story_page import StoryScreen

__all__ = ["StoryScreen"]
