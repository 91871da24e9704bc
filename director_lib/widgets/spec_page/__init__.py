"""The spec page: direction, segments and sections, what a look over them finds, and their history."""

from director_lib.widgets.spec_page.spec_page import SpecScreen

__all__ = ["SpecScreen"]
