"""What two directors, a worker and somebody outside can do, each done to the studio and to the model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from director_lib.config import Settings
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from director_lib.errors import NothingToUndoError, RuleError, StaleWriteError
from director_lib.workbench.reviews import Regeneration
from tests.drills.review_model import UNDO_DEPTH, Film, Step
from tests.drills.review_studio import N_COLORS, PEOPLE, SEGMENTS, SHA, STREAM, Real, picture

STILL = Kind.KEYFRAME
PERSON = st.sampled_from(PEOPLE)
SEGMENT = st.sampled_from(SEGMENTS)
COLOR = st.integers(0, N_COLORS - 1)
VERDICT = st.sampled_from([DecisionKind.APPROVED, DecisionKind.REGENERATE, DecisionKind.ADJUST_PROMPT])


class ReviewRules(RuleBasedStateMachine):
    """Two directors judge the same three stills, each by what they saw when they last looked."""

    def __init__(self, fresh_settings: Settings) -> None:
        super().__init__()
        self.real = Real(fresh_settings)
        self.film = Film(SEGMENTS, PEOPLE)
        self.prompts = dict.fromkeys(SEGMENTS, "a sea")
        self.seen: dict[str, dict[int, str | None]] = {name: dict.fromkeys(SEGMENTS) for name in PEOPLE}
        self.seen_prompts = {name: dict(self.prompts) for name in PEOPLE}
        self.n_comments = 0
        self.entry: str | None = None
        self.histories: dict[int, list[str]] = {segment_id: [] for segment_id in SEGMENTS}
        for segment_id in (1, 2):
            self.replace_outside(segment_id, 0, True)

    def teardown(self) -> None:
        self.real.close()

    def is_live(self) -> bool:
        return self.entry is None

    @rule(person=PERSON)
    @precondition(is_live)
    def look(self, person: str) -> None:
        self.seen[person] = {segment_id: self.film.sha(segment_id) for segment_id in SEGMENTS}
        self.seen_prompts[person] = dict(self.prompts)
        versions = self.real.open[person].reviews.standing(STREAM).versions
        assert {place[0]: one.sha256 for place, one in versions.items()} == {
            segment_id: sha for segment_id, sha in self.seen[person].items() if sha is not None
        }

    @rule(person=PERSON, segment_ids=st.sets(SEGMENT, min_size=1), verdict=VERDICT)
    @precondition(is_live)
    def decide(self, person: str, segment_ids: set[int], verdict: DecisionKind) -> None:
        judged = {segment_id: self.seen[person][segment_id] or SHA[0] for segment_id in sorted(segment_ids)}
        refusal: type[Exception] | None = None
        for segment_id, sha in judged.items():
            now = self.film.sha(segment_id)
            refusal = refusal or (RuleError if now is None else StaleWriteError if now != sha else None)
        with _refused(refusal):
            made = self.real.open[person].reviews.decide(STREAM, STILL, judged, verdict)
            for one in made:
                self.film.decide(one.seq, one.segment_id, verdict)
            self.film.push(person, [one.seq for one in made])

    @rule(person=PERSON, verdict=VERDICT)
    @precondition(is_live)
    def decide_until_the_first_step_is_out_of_reach(self, person: str, verdict: DecisionKind) -> None:
        self.look(person)
        for _ in range(UNDO_DEPTH // 3):
            self.decide(person, {1}, verdict)

    @rule(person=PERSON, segment_id=SEGMENT, prompt=st.sampled_from(["a sea", "a lake"]))
    @precondition(is_live)
    def regenerate(self, person: str, segment_id: int, prompt: str) -> None:
        waiting = self.film.open_tasks(segment_id)
        prompt = self.prompts[segment_id] if waiting else prompt
        seen = self.seen[person][segment_id]
        asked = Regeneration(
            STREAM, segment_id, STILL, {"image_prompt": prompt}, expected_sha256=seen, base=None
        )
        self.prompts[segment_id] = prompt  # saved before anything else is looked at
        with _refused(StaleWriteError if seen != self.film.sha(segment_id) else None):
            task = self.real.open[person].reviews.regenerate(asked)
            if waiting:
                assert task.id in waiting
                return
            self._send_back(person, segment_id, task.id, prompt)

    def _send_back(self, person: str, segment_id: int, task_id: str, prompt: str) -> None:
        seqs, before = [], self.film.assets[segment_id]["current"]
        if before is not None:
            [*_, made] = self.real.open[person].reviews.decisions(STREAM, segment_id, STILL)
            sent = self.film.prompt(segment_id)
            adjusted = sent is not None and sent != prompt
            assert made.decision == ("adjust_prompt" if adjusted else "regenerate")
            self.film.decide(made.seq, segment_id, made.decision)
            seqs = [made.seq]
        self.film.queue(task_id, segment_id, prompt)
        self.film.push(person, seqs, task_id, before)

    @rule(data=st.data(), color=COLOR)
    @precondition(lambda self: self.is_live() and self.film.open_tasks())
    def finish_a_task(self, data: st.DataObject, color: int) -> None:
        task_id = data.draw(st.sampled_from(self.film.open_tasks()))
        done = self.real.finish(task_id, color)
        assert done.state is TaskState.SUCCEEDED
        made = {one.id: one for one in self.real.versions(done.request.segment_id)}
        assert done.version_id is not None
        # what made it is written into the file, so its digest is known only now
        self.film.finish(task_id, made[done.version_id].sha256)

    @rule(segment_id=SEGMENT, color=COLOR, is_read=st.booleans())
    @precondition(is_live)
    def replace_outside(self, segment_id: int, color: int, is_read: bool) -> None:
        self.real.drop(segment_id, picture(color))
        self.film.drop(segment_id, SHA[color])
        if is_read:
            self.scan()

    @rule(segment_id=SEGMENT, other_id=SEGMENT, data=st.data())
    @precondition(is_live)
    def drop_some_version_s_file_again(self, segment_id: int, other_id: int, data: st.DataObject) -> None:
        versions = self.real.versions(other_id)
        if versions:
            version = data.draw(st.sampled_from(versions))
            file = self.real.guest.studio.files.get(version.sha256, version.extension)
            self.real.drop(segment_id, file.read_bytes())
            self.film.drop(segment_id, version.sha256)

    @rule(segment_id=SEGMENT)
    @precondition(is_live)
    def delete_outside(self, segment_id: int) -> None:
        self.real.still(segment_id).unlink(missing_ok=True)
        self.film.delete(segment_id)
        self.scan()

    @rule()
    @precondition(is_live)
    def scan(self) -> None:
        self.real.guest.streams.scan(STREAM)
        self.film.scan()

    @rule(person=PERSON, segment_id=SEGMENT, data=st.data())
    @precondition(is_live)
    def restore(self, person: str, segment_id: int, data: st.DataObject) -> None:
        versions = self.real.versions(segment_id)
        if versions:
            index = data.draw(st.integers(0, len(versions) - 1))
            self.real.open[person].reviews.restore(versions[index].id)
            self.film.place(segment_id, index)

    @rule(person=PERSON, segment_id=SEGMENT)
    @precondition(is_live)
    def comment(self, person: str, segment_id: int) -> None:
        self.n_comments += 1
        made = self.real.open[person].comments.add(STREAM, segment_id, STILL, f"remark {self.n_comments}")
        assert self.real.guest.comments.list(STREAM, segment_id, STILL)[-1] == made

    @rule(person=PERSON, segment_id=SEGMENT, text=st.sampled_from(["a sea", "a lake", "a river"]))
    @precondition(is_live)
    def edit_a_prompt(self, person: str, segment_id: int, text: str) -> None:
        if self.film.open_tasks(segment_id):
            return
        base, now = self.seen_prompts[person][segment_id], self.prompts[segment_id]
        is_edit = text != base  # if not, somebody else's text stays
        with _refused(StaleWriteError if is_edit and now not in (base, text) else None):
            prompts = self.real.open[person].prompts
            prompts.save(STREAM, segment_id, "image_prompt", text, base_text=base)
            self.prompts[segment_id] = text if is_edit else now
            self.seen_prompts[person][segment_id] = self.prompts[segment_id]

    @rule(person=PERSON)
    def undo(self, person: str) -> None:
        step = self.film.find_last(person)
        with _refused(None if step else NothingToUndoError):
            self.real.open[person].reviews.undo()
            assert step is not None
            self.film.undo(step, is_live=self.is_live())

    @rule(person=PERSON)
    @precondition(is_live)
    def undo_everything_within_reach(self, person: str) -> None:
        for _ in range(UNDO_DEPTH + 1):
            self.undo(person)
        assert self.film.find_last(person) is None

    @rule(person=PERSON)
    @precondition(is_live)
    def redo(self, person: str) -> None:
        step = self.film.find_undone(person)
        refusal = NothingToUndoError if step is None else None
        if step is not None and not self.film.may_redo(step):
            refusal = StaleWriteError
        before = self.real.open_task_ids()
        with _refused(refusal):
            self.real.open[person].reviews.redo()
            assert step is not None
            self._redone(step, before)

    def _redone(self, step: Step, before: set[str]) -> None:
        new_tasks = sorted(self.real.open_task_ids() - before)
        known = set(self.film.decisions)
        rows = (one for segment_id in SEGMENTS for one in self._rows(segment_id) if one.undoes is None)
        self.film.redo(
            step, sorted(one.seq for one in rows if one.seq not in known), next(iter(new_tasks), None)
        )

    def _rows(self, segment_id: int) -> list[Any]:
        return self.real.guest.reviews.decisions(STREAM, segment_id, STILL)

    @rule(person=PERSON)
    @precondition(is_live)
    def put_into_the_trash(self, person: str) -> None:
        self.entry = self.real.open[person].lifecycle.trash(STREAM).id
        for task_id in self.film.open_tasks():
            self.film.tasks[task_id]["state"] = "cancelled"

    @rule(person=PERSON, color=COLOR)
    @precondition(lambda self: not self.is_live())
    def make_another_stream_of_that_id(self, person: str, color: int) -> None:
        self.real.write_stream()
        self.real.drop(1, picture(color))
        self.real.guest.streams.scan(STREAM)
        assert self.real.approved_everywhere() == [set(), set()]
        assert [version.number for version in self.real.versions(1)] == [1]
        assert [one for segment_id in SEGMENTS for one in self._rows(segment_id)] == []
        self.real.open[person].lifecycle.trash(STREAM)

    @rule(person=PERSON)
    @precondition(lambda self: not self.is_live())
    def bring_it_back(self, person: str) -> None:
        assert self.entry is not None
        self.real.open[person].lifecycle.restore(self.entry)
        self.entry = None


@contextlib.contextmanager
def _refused(refusal: type[Exception] | None) -> Iterator[None]:
    """Expect exactly this refusal of the block; None expects that it is done."""
    if refusal is None:
        yield
        return
    with pytest.raises(refusal):
        yield
