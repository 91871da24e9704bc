"""What the review desk asks for about making one segment anew, as workbench calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from director_lib.domain.task import GenerationRequest
from director_lib.domain.variant_arm import Arm
from director_lib.domain.version import Kind, Version
from director_lib.errors import NotFoundError
from director_lib.pages.drawer import Handler, answering, showing
from director_lib.store.presets import Preset
from director_lib.workbench import Workbench
from director_lib.workbench.engines import EngineOffer
from director_lib.workbench.prompts import FIELDS
from director_lib.workbench.reviews import Regeneration

if TYPE_CHECKING:
    from director_lib.pages.review import ReviewPage

Json = dict[str, Any]


class MakingEvents:
    """Answers the desk's events about regenerating, variants and engines for one page."""

    def __init__(self, page: ReviewPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the desk's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "regenerate": self._regenerate,
            "pick_variant": self._pick_variant,
            "pick_blind": self._pick_blind,
            "tie_variants": self._tie_variants,
            "lift_blindness": self._lift_blindness,
            "choose_engine": self._choose_engine,
            "forget_engine": self._forget_engine,
        }
        return {
            **{f"on_{name}": answering(self._page, handler) for name, handler in answered.items()},
            "on_price": showing(self._page, self._price),
        }

    @property
    def _kind(self) -> Kind:
        return self._page.kind

    def _price(self, data: Json) -> Json:
        tasks = self._page.workbench.tasks
        stream = self._page.workbench.streams.get(self._page.stream_id)
        request = tasks.request_for(
            stream,
            data["segment_id"],
            self._kind,
            engine=data["engine"],
            model=data["model"],
            reference_version_ids=data["references"],
        )
        taken = tasks.references_taken(request)
        return {"price_usd": self._price_usd(request, data), "references_taken": taken}

    def _price_usd(self, request: GenerationRequest, data: Json) -> float:
        """Add up what each version costs: engines and models have prices, words have none."""
        tasks, arms = self._page.workbench.tasks, data["arms"]
        if not arms:
            return tasks.price([request]) * int(data["variants"])
        made = [
            (arm["engine"] or request.engine, arm["model"] if arm["engine"] else request.model)
            for arm in arms
        ]
        return tasks.price(replace(request, engine=engine, model=model) for engine, model in made)

    def _regenerate(self, data: Json) -> Json:
        reviews = self._page.workbench.reviews
        segment_id, sha256 = data["segment_id"], data["sha256"]
        made = reviews.versions(self._page.stream_id, segment_id, self._kind)
        seeds = {version.sha256: version.provenance.seed for version in made}
        asked = Regeneration(
            stream_id=self._page.stream_id,
            segment_id=segment_id,
            kind=self._kind,
            prompts={field: data[field] for field in FIELDS},
            base=data["base_texts"],
            seed=seeds.get(sha256) if data["seed"] == "same" else None,
            engine=data["engine"],
            model=data["model"],
            variants=data["variants"],
            arms=arms_of(self._page.workbench, data),
            blind=data["blind"],
            reference_version_ids=tuple(data["references"]),
            expected_sha256=sha256,
            seen_seq=data["seen_seq"],
            allow_unapproved_keyframe=data["allow_unapproved_keyframe"],
        )
        task, is_new = reviews.regenerate_or_find(asked)
        return {"task_id": task.id, "existed": not is_new}

    def _pick_blind(self, data: Json) -> Json:
        version = self._page.workbench.variants.pick_position(data["set_id"], data["position"])
        return {"number": version.number, "made_by": made_by(version)}

    def _tie_variants(self, data: Json) -> None:
        self._page.workbench.variants.tie(data["set_id"])

    def _lift_blindness(self, data: Json) -> None:
        self._page.workbench.variants.lift(data["set_id"])

    def _pick_variant(self, data: Json) -> Json:
        version = self._page.workbench.variants.pick(data["set_id"], data["version_id"])
        return {"number": version.number}

    def _choose_engine(self, data: Json) -> None:
        self._page.workbench.engines.choose(
            self._page.stream_id, self._kind, data["engine"], data["model"], segment_id=data["segment_id"]
        )

    def _forget_engine(self, data: Json) -> None:
        engines = self._page.workbench.engines
        engines.forget(self._page.stream_id, self._kind, segment_id=data["segment_id"])


def arms_of(workbench: Workbench, data: Json) -> tuple[Arm, ...]:
    """Return how the versions of a set differ, with the words of their presets; empty when they do not.

    Raises:
        NotFoundError: There is no such preset.
    """
    presets = {preset.id: preset for preset in workbench.presets.list()}
    return tuple(_arm(one, presets) for one in data["arms"])


def _arm(told: Json, presets: Mapping[int, Preset]) -> Arm:
    preset_id = told["preset_id"]
    if preset_id and preset_id not in presets:
        raise NotFoundError("preset", str(preset_id))
    preset = presets[preset_id] if preset_id else None
    return Arm(
        engine=told["engine"] or None,
        model=told["model"],
        prompt=told["prompt"] or None,
        preset=preset.name if preset else "",
        preset_text=preset.text if preset else "",
    )


def made_by(version: Version) -> str:
    """Say what made a version, once that may be told."""
    made_of = version.provenance
    return " · ".join(part for part in (made_of.engine, made_of.model) if part)


def engine_offers(workbench: Workbench, stream_id: str, kind: Kind) -> list[Json]:
    """List what a stream's stills or clips can be made with, what is usual first."""
    return [_offer_line(offer) for offer in workbench.engines.offered_for(stream_id, kind)]


def _offer_line(offer: EngineOffer) -> Json:
    return {
        "name": offer.name,
        "is_paid": offer.is_paid,
        "trouble": offer.trouble,
        "models": [
            {
                "name": model.name,
                "usd": model.usd,
                "is_guess": model.is_guess,
                "most_references": model.most_references,
                "is_default": model.is_default,
            }
            for model in offer.models
        ],
    }
