"""The variants page: what wins when versions stand beside each other."""

from director_lib.widgets.variants_page.variants_page import VariantsScreen

__all__ = ["VariantsScreen"]
