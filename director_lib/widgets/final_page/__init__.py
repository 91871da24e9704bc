"""The final page: the film as readers get it, what stands in its way, and the way to its readers."""

from director_lib.widgets.final_page.final_page import FinalScreen

__all__ = ["FinalScreen"]
