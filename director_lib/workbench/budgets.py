"""Budgets in an admin's hands: what may be spent in a day and on a stream."""

from __future__ import annotations

from director_lib.domain.budget import checked_amount, checked_scope
from director_lib.domain.people import Action, require
from director_lib.store.budgets import SetBudget, put_budget, remove_budget
from director_lib.store.events import record_event
from director_lib.tasks.budget import Ceilings, read_ceilings
from director_lib.workbench.task_desk import TaskDesk


class Budgets(TaskDesk):
    """What holds for whatever is queued from now on; tasks that are queued already go on."""

    def budgets(self) -> Ceilings:
        """Return the budgets that hold, with who set them."""
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return read_ceilings(connection, self._settings)

    def set_budget(self, scope: str, amount_usd: float | None) -> None:
        """Set a budget; it holds from now on, whatever the settings say.

        Setting what is set already changes nothing, and it stays in the name of whoever set it first.

        Args:
            scope: "day" or "stream".
            amount_usd: None takes the limit away.

        Raises:
            PermissionDeniedError: The actor is no admin.
            InputError: There is no such budget, or the amount makes no sense.
        """
        require(self._actor, Action.ADMINISTER)
        which = checked_scope(scope)
        wanted_usd = None if amount_usd is None else checked_amount(amount_usd)
        now, who = self._clock(), self._actor.username
        with self._database.write() as connection:
            before = read_ceilings(connection, self._settings).of(which)
            if before.is_set and before.amount_usd == wanted_usd:
                return
            put_budget(connection, SetBudget(which, wanted_usd, who, now))
            details = {"scope": which.value, "before_usd": before.amount_usd, "amount_usd": wanted_usd}
            record_event(connection, "set_budget", who, now, details=details)

    def reset_budget(self, scope: str) -> None:
        """Let the settings' default hold again; nothing changes when it does.

        Args:
            scope: "day" or "stream".

        Raises:
            PermissionDeniedError: The actor is no admin.
            InputError: There is no such budget.
        """
        require(self._actor, Action.ADMINISTER)
        which = checked_scope(scope)
        now, who = self._clock(), self._actor.username
        with self._database.write() as connection:
            before = read_ceilings(connection, self._settings).of(which)
            if remove_budget(connection, which):
                amounts = {"before_usd": before.amount_usd, "amount_usd": before.default_usd}
                details = {"scope": which.value, **amounts}
                record_event(connection, "reset_budget", who, now, details=details)
