"""The advice page: what phrases, engines and models did, words to try, and whether advice helped."""

from __future__ import annotations

from typing import Any

from director_lib.domain.version import Kind
from director_lib.pages.advice_state import read_advice, read_log
from director_lib.pages.boards import BoardPage
from director_lib.pages.drawer import Handler, showing
from director_lib.pages.opening import open_page
from director_lib.widgets.advice_page import AdviceScreen
from director_lib.workbench import Workbench

Json = dict[str, Any]


class AdvicePage(BoardPage):
    """What was learned from all decisions."""

    page = "advice"

    def make_screen(self) -> AdviceScreen:
        """Return the page's widget."""
        self._model_id = ""
        self._log: Json = {}
        answered: dict[str, Handler] = {"try_prompt": self._try, "phrase_prompts": self._prompts}
        events = {f"on_{name}": showing(self, one) for name, one in answered.items()}
        return AdviceScreen(on_ready=self.ready, **self.drawer.callbacks(), **events)

    def read_all(self, workbench: Workbench) -> Json:
        """Read everything that was learned, and what was suggested lately."""
        self._model_id = workbench.advice.learned_id()
        self._log = read_log(workbench)
        return {"advice": read_advice(workbench), "log": self._log}

    def read_changes(self, workbench: Workbench) -> Json:
        """Read what was suggested since."""
        before, self._log = self._log, read_log(workbench)
        return {"log": self._log} if self._log != before else {}

    def look(self) -> None:
        """Load anew what was learned anew: that is no commit, so nobody else tells."""
        super().look()
        if self.workbench.advice.learned_id() != self._model_id:
            self.load()

    def _try(self, data: Json) -> Json:
        from director_lib.advice.saying import advice_state
        from director_lib.pages.advice_rows import advised_row

        kind, advice = Kind(data["kind"]), self.workbench.advice
        advised = advice.for_prompt(data["text"], kind)
        state = advice_state(advice.facts())
        return {"advice": state if advised is None else {**state, **advised_row(advised, ((), ()))}}

    def _prompts(self, data: Json) -> Json:
        from director_lib.pages.advice_rows import prompt_row

        found = self.workbench.advice.prompts_with(data["phrase"])
        return {"prompts": [prompt_row(one) for one in found]}


def show() -> None:
    """Show the advice page to whoever visits it."""
    page = AdvicePage()
    open_page(page.screen, lambda workbench, _parameters: page.start(workbench))
