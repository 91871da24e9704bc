"""From segments that are to be made to orders: variants to choose from, and keyframes that come first."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from director_lib.domain.preset import with_fragment
from director_lib.domain.stream import Segment
from director_lib.domain.task import GenerationRequest, Task
from director_lib.domain.variant_arm import Arm, VariantPlace
from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.store.variant_sets import open_tasks_by_set
from director_lib.tasks.asking import Asking
from director_lib.tasks.requests import SEEDS, Wishes
from director_lib.tasks.selection import Choice, Leave

MOST_VARIANTS = 4
PROMPT_OF = {Kind.KEYFRAME: "image_prompt", Kind.VIDEO: "motion_prompt"}
"""The segment's prompt that a still, or a clip, is made from."""


class Making(Wishes, total=False):
    """How stills and clips are made.

    Attributes:
        variants: How many versions of each to choose from, 1 to 4; each is made and paid.
        arms: How these versions differ, 2 to 4, in place of ``variants``.
        blind: Nobody is told which version is which until one is picked, and where each is shown is drawn by
            lot.
        with_keyframes: Make a keyframe that is missing or out of date before its clip, and the clip as soon
            as it is there, before anybody approves it; the timeline records that.
    """

    variants: int
    arms: Sequence[Arm]
    blind: bool
    with_keyframes: bool


def leave_for(making: Making, allow_approved: bool, allow_unapproved_keyframe: bool) -> Leave:
    """Say what may be done that needs thought, from how things are to be made."""
    return Leave(
        allow_approved,
        allow_unapproved_keyframe,
        brings_prompt=bool(making.get("image_prompt")) or making.get("like_segment") is not None,
        keyframe_first=making.get("with_keyframes", False),
    )


@dataclass(frozen=True, slots=True)
class Order:
    """A request, and what else decides how it is queued.

    Attributes:
        variant_set_id: The set of versions to choose from that it is made for.
        after_task_id: The task that makes a clip's keyframe already.
        keyframe: The keyframe to queue before a clip, when no task makes it yet.
        place: Where it is shown among the versions of its set.
        is_blind: Whether its set is to be chosen from without knowing which version is which.
    """

    request: GenerationRequest
    variant_set_id: str | None = None
    after_task_id: str | None = None
    keyframe: GenerationRequest | None = None
    place: VariantPlace | None = None
    is_blind: bool = False

    @property
    def follows_keyframe(self) -> bool:
        """Whether a clip starts from a keyframe that is yet to be made."""
        return self.after_task_id is not None or self.keyframe is not None


@dataclass(frozen=True, slots=True)
class OrderBook:
    """Turns choices of one stream into orders."""

    asking: Asking
    kind: Kind
    making: Making

    def orders(self, connection: sa.Connection, choices: Sequence[Choice]) -> list[Order]:
        """Say what is queued for segments that are to be made, in their order.

        Raises:
            InputError: There are too few or too many variants, or there is no such engine.
        """
        arms = self._arms()
        if arms is None:
            return [self._order(choice) for choice in choices]
        waiting = open_tasks_by_set(connection, self.asking.stream.id, self.kind)
        return [order for choice in choices for order in self._variants(choice, arms, waiting)]

    def _arms(self) -> Sequence[Arm] | None:
        """Return how the versions of each set differ; None when one of each is made."""
        arms, n_variants = self.making.get("arms") or (), self.making.get("variants", 1)
        asked = len(arms) or n_variants
        if not 1 <= asked <= MOST_VARIANTS:
            raise InputError(
                f"{asked} variants cannot be made at once. Nothing was queued; ask for 1 to {MOST_VARIANTS}."
            )
        if asked == 1 and (arms or self.making.get("blind")):
            raise InputError(
                "There is nothing to compare one version with. Nothing was queued; ask for 2 to "
                f"{MOST_VARIANTS} variants."
            )
        return None if asked == 1 else arms or [Arm()] * asked

    def _order(self, choice: Choice) -> Order:
        request = self.asking.request(choice.segment, self.kind, choice.keyframe)
        if not choice.keyframe_first:
            return Order(request)
        task = choice.keyframe_task
        if task is not None:
            made_with = replace(request, image_prompt=task.request.image_prompt)
            return Order(made_with, after_task_id=task.id)
        wishes: Wishes = {"image_prompt": self.making.get("image_prompt")}
        plain = replace(self.asking, wishes=wishes, named=(), like=None)
        return Order(request, keyframe=plain.request(choice.segment, Kind.KEYFRAME, None))

    def _variants(
        self, choice: Choice, arms: Sequence[Arm], waiting: Mapping[int, list[list[Task]]]
    ) -> list[Order]:
        """Say it once for each arm, with seeds of their own; an open set that asks for the same is it."""
        orders = [self._arm_order(choice, arm) for arm in arms]
        for tasks in waiting.get(choice.segment.id, ()):
            if len(tasks) == len(arms) and all(map(_is_same, orders, tasks)):
                return [
                    replace(order, request=task.request, variant_set_id=task.variant_set_id)
                    for order, task in zip(orders, tasks, strict=True)
                ]
        set_id, is_blind = f"v_{secrets.token_urlsafe(15)}", self.making.get("blind", False)
        positions = list(range(1, len(arms) + 1))
        if is_blind:
            secrets.SystemRandom().shuffle(positions)
        prompts = _told_prompts(self.kind, choice, arms)
        places = [
            VariantPlace(position, seed, prompt, arm.preset)
            for position, seed, prompt, arm in zip(
                positions, self._seeds(len(arms)), prompts, arms, strict=True
            )
        ]
        return [
            replace(
                order,
                request=replace(order.request, seed=place.seed),
                variant_set_id=set_id,
                place=place,
                is_blind=is_blind,
            )
            for order, place in zip(orders, places, strict=True)
        ]

    def _arm_order(self, choice: Choice, arm: Arm) -> Order:
        asking = self.asking
        if arm.engine is not None:
            asking = replace(asking, wishes={**asking.wishes, "engine": arm.engine, "model": arm.model})
        prompt = _own_prompt(self.kind, choice, arm)
        if prompt is not None:
            choice = replace(choice, segment=_with_prompt(choice.segment, self.kind, prompt))
            # words that were wished for all would otherwise win over the arm's own
            asking = replace(asking, wishes=_without_prompt(asking.wishes, self.kind))
        return replace(self, asking=asking)._order(choice)

    def _seeds(self, n_variants: int) -> list[int]:
        first = self.making.get("seed")
        if first is None:
            return secrets.SystemRandom().sample(range(SEEDS), n_variants)
        return [(first + number) % SEEDS for number in range(n_variants)]


def _is_same(order: Order, task: Task) -> bool:
    asks_same = replace(task.request, seed=0) == replace(order.request, seed=0)
    return asks_same and task.after_task_id == order.after_task_id and order.keyframe is None


def _own_prompt(kind: Kind, choice: Choice, arm: Arm) -> str | None:
    """Return the segment's prompt as the arm has it; None when it is the segment's own."""
    own = str(getattr(choice.segment, PROMPT_OF[kind]))
    wanted = with_fragment(own if arm.prompt is None else arm.prompt.strip(), arm.preset_text)
    return None if wanted == own else wanted


def _told_prompts(kind: Kind, choice: Choice, arms: Sequence[Arm]) -> list[str | None]:
    """Return what each version's prompt is; None for all when they have the segment's."""
    own = [_own_prompt(kind, choice, arm) for arm in arms]
    if all(prompt is None for prompt in own):
        return own
    return [getattr(choice.segment, PROMPT_OF[kind]) if prompt is None else prompt for prompt in own]


def _with_prompt(segment: Segment, kind: Kind, prompt: str) -> Segment:
    if kind is Kind.KEYFRAME:
        return replace(segment, image_prompt=prompt)
    return replace(segment, motion_prompt=prompt)


def _without_prompt(wishes: Wishes, kind: Kind) -> Wishes:
    return {**wishes, "image_prompt": None} if kind is Kind.KEYFRAME else {**wishes, "motion_prompt": None}
