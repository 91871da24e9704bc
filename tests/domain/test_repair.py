from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from director_lib.domain.repair import RepairAction, RepairPlan, RepairStep
from director_lib.domain.repair_choice import plan_repairs
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind, Origin
from tests.domain.repair_model import APPROVALS, Model, stream_of

STILL, CLIP = Kind.KEYFRAME, Kind.VIDEO
MAKE, RESTORE = RepairAction.REGENERATE, RepairAction.RESTORE


def filmed(**prices: float) -> Model:
    """A still and a clip made from it, both up to date."""
    model = Model(stream_of(), {STILL: prices.get("still", 0.04), CLIP: prices.get("clip", 0.5)})
    model.make(STILL)
    model.make(CLIP)
    return model


def plan_of(model: Model) -> RepairPlan:
    return plan_repairs(model.stream, model.histories())


def what(plan: RepairPlan) -> list[tuple[Kind, RepairAction, int | None]]:
    return [(step.kind, step.action, step.restores_number) for step in plan.steps]


def test_nothing_stale_needs_no_repair() -> None:
    plan = plan_of(filmed())
    assert (plan.steps, plan.price_usd) == ((), 0.0)


def test_a_changed_image_prompt_costs_the_still_and_its_clip_the_still_first() -> None:
    model = filmed()
    model.ask(image_prompt="a lake")
    plan = plan_of(model)
    assert what(plan) == [(STILL, MAKE, None), (CLIP, MAKE, None)]
    assert plan.price_usd == 0.54
    assert plan.steps[0].prompt == "a lake"
    assert plan.steps[0].reasons == ("The image prompt has changed since this still was made.",)
    assert plan.steps[1].reasons == ("Its keyframe is out of date.",)
    assert plan.steps[1].waits_for == "its keyframe has to be made and approved first"
    assert [step.kind for step in plan.ready(replace_approved=False)] == [STILL]


def test_a_prompt_changed_back_brings_the_earlier_still_and_its_clip_back_for_nothing() -> None:
    model = filmed()
    model.ask(image_prompt="a lake")
    model.make(STILL)
    model.make(CLIP)
    model.ask(image_prompt="a sea")
    plan = plan_of(model)
    assert what(plan) == [(STILL, RESTORE, 1), (CLIP, RESTORE, 1)]
    assert plan.price_usd == 0.0
    assert len(plan.ready(replace_approved=False)) == 2


def test_a_clip_of_an_earlier_still_that_fits_is_saved_by_restoring_the_still() -> None:
    model = filmed()
    model.make(STILL)
    plan = plan_of(model)
    assert what(plan) == [(STILL, RESTORE, 1)]
    assert "need not be made anew" in plan.steps[0].reasons[0]


def test_a_still_that_was_sent_back_is_never_brought_back_to_save_a_clip() -> None:
    for verdict in (DecisionKind.REGENERATE, DecisionKind.ADJUST_PROMPT):
        model = filmed()
        model.judge(model.current[STILL], verdict)
        model.make(STILL)
        assert what(plan_of(model)) == [(CLIP, MAKE, None)]


def test_an_approved_still_that_is_up_to_date_is_not_given_up_to_save_a_clip() -> None:
    model = filmed()
    model.judge(model.make(STILL), DecisionKind.APPROVED)
    plan = plan_of(model)
    assert what(plan) == [(CLIP, MAKE, None)]
    assert plan.steps[0].waits_for is None


def test_a_clip_waits_until_its_still_is_approved() -> None:
    model = filmed()
    model.ask(motion_prompt="pan left")
    [step] = plan_of(model).steps
    assert step.waits_for == "its keyframe is not approved"
    model.judge(model.current[STILL], DecisionKind.APPROVED)
    [step] = plan_of(model).steps
    assert step.waits_for is None


def test_approved_work_is_named_and_only_replaced_with_leave_and_what_depends_on_it_waits() -> None:
    model = filmed()
    still, clip = model.current[STILL], model.current[CLIP]
    model.ask(image_prompt="a lake")
    model.judge(model.make(STILL), DecisionKind.APPROVED)
    model.make(CLIP)
    model.ask(image_prompt="a sea")
    plan = plan_of(model)
    assert [(step.restores_id, step.is_approved) for step in plan.steps] == [
        (still.id, True),
        (clip.id, False),
    ]
    assert plan.ready(replace_approved=False) == ()
    assert [why for _, why in plan.schedule(replace_approved=False)] == [
        "its keyframe is approved",
        "its keyframe has to be repaired first",
    ]
    assert plan.ready(replace_approved=True) == plan.steps


def test_a_clip_of_unknown_source_and_a_still_found_on_disk_are_left_alone() -> None:
    model = Model(stream_of())
    model.make(STILL, origin=Origin.FOUND)
    model.make(CLIP, origin=Origin.FOUND)
    model.ask(image_prompt="a lake", motion_prompt="pan left")
    assert plan_of(model).steps == ()


def test_an_earlier_still_made_to_an_unknown_spec_does_not_repair_a_changed_spec() -> None:
    model = Model(stream_of(visual_direction={"mood": "calm"}))
    model.make(STILL, spec_known=False)
    model.make(STILL)
    model.stream = replace(model.stream, visual_direction={"mood": "stormy"})
    assert what(plan_of(model)) == [(STILL, MAKE, None)]


def test_an_earlier_still_of_before_specs_were_recorded_repairs_a_prompt_changed_back() -> None:
    model = Model(stream_of())
    model.make(STILL, spec_known=False)
    model.ask(image_prompt="a lake")
    model.make(STILL)
    model.ask(image_prompt="a sea")
    assert what(plan_of(model)) == [(STILL, RESTORE, 1)]


def test_what_is_being_made_is_neither_paid_nor_asked_for_again() -> None:
    model = filmed()
    model.ask(image_prompt="a lake")
    histories = dict(model.histories())
    histories[1, STILL] = replace(histories[1, STILL], is_being_made=True)
    plan = plan_repairs(model.stream, histories)
    assert [step.waits_for for step in plan.steps] == [
        "it is being made already",
        "its keyframe has to be made and approved first",
    ]
    assert plan.price_usd == 0.5


def test_what_cannot_be_made_says_why_and_costs_nothing() -> None:
    model = filmed()
    model.ask(motion_prompt="")
    histories = dict(model.histories())
    histories[1, CLIP] = replace(histories[1, CLIP], why_not="it has no motion prompt")
    [step] = plan_repairs(model.stream, histories).steps
    assert (step.waits_for, step.price_usd) == ("it has no motion prompt", 0.0)


def test_equal_input_gives_an_equal_plan_and_any_change_another_digest() -> None:
    model = filmed()
    model.ask(image_prompt="a lake")
    plan = plan_of(model)
    assert plan_of(model).sha256 == plan.sha256
    model.ask(image_prompt="a pond")
    assert plan_of(model).sha256 != plan.sha256
    assert replace(plan, steps=plan.steps[:1]).sha256 != plan.sha256


MAKINGS = st.lists(
    st.tuples(
        st.sampled_from(["image", "motion", "spec", "still", "clip", "old still", "found clip", "restore"]),
        st.integers(0, 2),
        st.sampled_from([None, *DecisionKind]),
    ),
    max_size=9,
)
PRICES = st.sampled_from([0.0, 0.04, 0.5])


def grown(steps: list[tuple[str, int, DecisionKind | None]], still: float, clip: float) -> Model:
    """Let a segment live through random edits, generations, decisions and restores."""
    model = Model(stream_of(), {STILL: still, CLIP: clip})
    for name, number, verdict in steps:
        if name == "image":
            model.ask(image_prompt=("a sea", "a lake", "a pond")[number])
        elif name == "motion":
            model.ask(motion_prompt=("push in", "pan left", "hold")[number])
        elif name == "spec":
            model.stream = replace(model.stream, palette={"night": f"#00000{number}"})
        elif name == "restore":
            kind = (STILL, CLIP)[number % 2]
            if model.versions[kind]:
                model.current[kind] = model.versions[kind][number % len(model.versions[kind])]
        elif name.endswith("still"):
            model.make(STILL, spec_known=name == "still")
        elif STILL in model.current:
            model.make(CLIP, origin=Origin.FOUND if name == "found clip" else Origin.GENERATED)
        if verdict is not None and name.endswith(("still", "clip")) and model.current:
            model.judge(list(model.current.values())[-1], verdict)
    return model


@settings(max_examples=400)
@given(MAKINGS, PRICES, PRICES)
def test_after_every_step_of_a_plan_nothing_is_stale(
    steps: list[tuple[str, int, DecisionKind | None]], still: float, clip: float
) -> None:
    model = grown(steps, still, clip)
    plan = plan_of(model)
    assert bool(plan.steps) == bool(model.stale())
    model.apply(plan)
    assert model.stale() == []


@settings(max_examples=400)
@given(MAKINGS, PRICES, PRICES)
def test_no_allowed_way_is_cheaper(
    steps: list[tuple[str, int, DecisionKind | None]], still: float, clip: float
) -> None:
    model = grown([step for step in steps if step[0] != "old still"], still, clip)
    plan = plan_of(model)
    assert plan.price_usd == min(model.prices_of_all_ways())


@settings(max_examples=200)
@given(MAKINGS, PRICES, PRICES)
def test_no_plan_makes_a_refused_picture_current_or_drops_an_approved_one_that_fits(
    steps: list[tuple[str, int, DecisionKind | None]], still: float, clip: float
) -> None:
    model = grown(steps, still, clip)
    plan = plan_of(model)
    shas = {version.id: version.sha256 for made in model.versions.values() for version in made}
    for step in plan.steps:
        if step.restores_id is not None:
            assert model.verdicts.get(shas[step.restores_id]) is not DecisionKind.REGENERATE
        assert step.is_approved == (model.verdicts.get(shas[step.replaces_id]) in APPROVALS)
    assert all(not step.is_approved for step in plan.ready(replace_approved=False))
    assert all(isinstance(step, RepairStep) for step in plan.steps)
