"""Telling the price of a request before it is ordered, without asking anybody."""

from __future__ import annotations

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.replicate.fitting import fit_lines, fit_number, lines_of
from director_lib.engines.replicate.models import find_known_schema
from director_lib.engines.replicate.options import ReplicateOptions
from director_lib.engines.replicate.prices import Estimate, estimate


def quote_price(request: GenerationRequest, options: ReplicateOptions) -> Estimate:
    """Return what a request will cost, at the length and frame size that the model will be asked for."""
    model = options.model_for(request.kind) or ""
    return estimate(
        model,
        request.kind,
        duration_s=_ordered_s(request, model, options) if request.kind is Kind.VIDEO else 0.0,
        lines=_lines(request, model, options),
        own_usd=options.prices_usd,
    )


def _ordered_s(request: GenerationRequest, model: str, options: ReplicateOptions) -> float:
    chosen = options.video_input.get("duration")
    known = find_known_schema(model)
    slot = known.slots.get("duration") if known else None
    if chosen is None and slot is not None:
        chosen = fit_number(slot, request.duration_s)
    return float(request.duration_s if chosen is None else str(chosen))


def _lines(request: GenerationRequest, model: str, options: ReplicateOptions) -> int:
    wanted = min(request.width, request.height)
    chosen = options.video_input.get("resolution")
    known = find_known_schema(model)
    slot = known.slots.get("resolution") if known else None
    if chosen is None and slot is not None:
        chosen = fit_lines(slot, wanted)
    return lines_of(chosen) or wanted
