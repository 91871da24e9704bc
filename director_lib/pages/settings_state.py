"""Reading everything that the settings page shows, as JSON values."""

from __future__ import annotations

from typing import Any

from director_lib.domain.budget import BudgetScope
from director_lib.domain.people import Action, Role, may
from director_lib.domain.preset import CATEGORIES, may_change
from director_lib.domain.version import Kind
from director_lib.pages.cards import instant
from director_lib.pages.talk_events import preset_chip
from director_lib.store.attention import find_attention_fit
from director_lib.store.overview import spend_by_stream
from director_lib.tasks.budget import Ceiling
from director_lib.workbench import Workbench
from director_lib.workbench.engines import EngineOffer

Json = dict[str, Any]
MOST_SPENDERS = 20
"""Streams whose spend is listed, the dearest first."""


def read_settings(workbench: Workbench) -> Json:
    """Read what can be set, apart from what belongs to one stream."""
    actor = workbench.studio.actor
    presets = [
        {**preset_chip(preset), "may_change": may_change(actor, preset.author)}
        for preset in workbench.presets.list()
    ]
    return {
        "presets": presets,
        "categories": sorted({*CATEGORIES, *(preset["category"] for preset in presets)}),
        "engines": {kind.value: [_offer(one) for one in workbench.engines.offered(kind)] for kind in Kind},
        "budgets": _read_budgets(workbench),
        "spenders": _read_spenders(workbench),
        "order": _read_order(workbench),
        "people": _read_people(workbench),
        "roles": [role.value for role in Role],
    }


def read_streams(workbench: Workbench) -> list[Json]:
    """Read id and title of every stream."""
    return [{"id": line.id, "title": line.title} for line, _ in workbench.stream_list.lines()]


def read_stream_engines(workbench: Workbench, stream_id: str) -> Json:
    """Read what was chosen for a whole stream, by kind; None where nothing was, and for how many segments."""
    choices = workbench.engines.choices(stream_id)
    whole = {choice.kind: choice for choice in choices if choice.segment_id is None}
    return {
        kind.value: {
            "choice": {
                "engine": whole[kind].engine,
                "model": whole[kind].model,
                "chosen_by": whole[kind].chosen_by,
                "chosen_at": instant(whole[kind].chosen_at),
            }
            if kind in whole
            else None,
            "n_segments": sum(one.kind is kind and one.segment_id is not None for one in choices),
        }
        for kind in Kind
    }


def _offer(offer: EngineOffer) -> Json:
    models = [
        {"name": model.name, "usd": model.usd, "is_guess": model.is_guess, "is_default": model.is_default}
        for model in offer.models
    ]
    return {
        "name": offer.name,
        "models": models,
        "is_paid": offer.is_paid,
        "is_usual": offer.is_usual,
        "trouble": offer.trouble,
    }


def _read_budgets(workbench: Workbench) -> Json:
    budgets = workbench.tasks.budgets()
    return {scope.value: _budget(budgets.of(scope)) for scope in BudgetScope}


def _budget(ceiling: Ceiling) -> Json:
    return {
        "amount_usd": ceiling.amount_usd,
        "default_usd": ceiling.default_usd,
        "changed_by": ceiling.changed_by,
        "changed_at": instant(ceiling.changed_at),
    }


def _read_spenders(workbench: Workbench) -> list[Json]:
    with workbench.studio.database.read() as connection:
        spent = spend_by_stream(connection)
    dearest = sorted(spent.items(), key=lambda line: (-line[1], line[0]))[:MOST_SPENDERS]
    return [{"stream_id": stream_id, "spend_usd": usd} for stream_id, usd in dearest if usd > 0]


def _read_order(workbench: Workbench) -> Json:
    """Read how well it is known what needs work; nothing of it before anything was learned."""
    with workbench.studio.database.read() as connection:
        fit = find_attention_fit(connection)
    if fit is None:
        return {"is_usable": False, "fitted_at": None, "report": {}}
    return {"is_usable": fit.is_usable, "fitted_at": instant(fit.fitted_at), "report": dict(fit.report)}


def _read_people(workbench: Workbench) -> list[Json] | None:
    """Read everybody for an admin; None for anybody else."""
    if not may(workbench.studio.actor, Action.ADMINISTER):
        return None
    return [
        {
            "username": person.username,
            "name": person.display_name,
            "role": person.role.value,
            "is_disabled": person.is_disabled,
            "has_password": person.password_hash is not None,
            "created_at": instant(person.created_at),
        }
        for person in workbench.accounts.list()
    ]
