"""The advice page: what earlier decisions say."""

from director_lib.widgets.advice_page.advice_page import AdviceScreen

__all__ = ["AdviceScreen"]
