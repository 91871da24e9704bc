"""Every verb that is recorded anywhere has words."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

import director_lib
from director_lib.domain.event_words import (
    EVENT_WORDS,
    EventGroup,
    actor_words,
    group_of,
    said_of,
    sentence,
    verbs_of,
)
from director_lib.domain.review import ASSET_DECISIONS
from director_lib.domain.version import Kind

PACKAGE = Path(director_lib.__file__).parent
RECORDERS = {"record_event": 1, "NewEvent": 0}
# verbs that travel in an object: where they come from
CARRIED = {
    "new.decision.value": {one.value for one in ASSET_DECISIONS},
    "step.decision.value": {one.value for one in ASSET_DECISIONS},
    "move.verb": {"renamed_stream", "restored_stream", "trashed_stream", "archived_stream", "purged_stream"},
    "edit.verb": {"edited_prompt", "brought_back_prompt"},
}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.name != "events.py" and ("record_event" in text or "NewEvent" in text):
            yield path, ast.parse(text)


def value_in_module(path: Path, name: str) -> Any:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return getattr(importlib.import_module(".".join(parts)), name, None)


class Finder:
    """Finds the verbs that one module records."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self.path, self.tree = path, tree
        self.recorders = dict(RECORDERS)
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                names = [one.arg for one in function.args.args if one.arg != "self"]
                if "verb" in names:
                    self.recorders[function.name] = names.index("verb")
        self.unknown: list[str] = []

    def verbs(self) -> set[str]:
        found: set[str] = set()
        for call in ast.walk(self.tree):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                if name in self.recorders:
                    found |= self.said(self.argument(call, self.recorders[name]))
        return found

    def argument(self, call: ast.Call, place: int) -> ast.expr | None:
        named = [one.value for one in call.keywords if one.arg == "verb"]
        return named[0] if named else call.args[place] if len(call.args) > place else None

    def said(self, verb: ast.expr | None) -> set[str]:
        match verb:
            case None:
                return set()
            case ast.Constant(value=str() as text):
                return {text}
            case ast.IfExp(body=one, orelse=other):
                return self.said(one) | self.said(other)
            case ast.Subscript(value=ast.Name(id=name)):
                return set(value_in_module(self.path, name).values())
            case ast.Name(id="verb"):
                given = (one.value for one in ast.walk(self.tree) if self.assigns_verb(one))
                return set().union(*(self.said(one) for one in given))
            case ast.Name(id=name) if isinstance(value_in_module(self.path, name), (str, Enum)):
                return {str(value_in_module(self.path, name))}
        told = ast.unparse(verb)
        if told not in CARRIED:
            self.unknown.append(f"{self.path.name}: {told}")
        return set(CARRIED.get(told, ()))

    def assigns_verb(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "verb" for one in node.targets)


def test_every_verb_that_is_recorded_has_words_and_no_other_has() -> None:
    finders = [Finder(path, tree) for path, tree in modules()]
    recorded = set().union(*(finder.verbs() for finder in finders))
    assert [line for finder in finders for line in finder.unknown] == []
    assert len(recorded) > 50
    assert sorted(recorded - EVENT_WORDS.keys()) == []
    assert sorted(EVENT_WORDS.keys() - recorded) == []


def test_a_verb_without_words_would_be_found() -> None:
    tree = ast.parse(
        'def tell(verb):\n    record_event(c, verb, a)\ntell("flew")\nrecord_event(c, "swam", a)'
    )
    assert Finder(PACKAGE / "errors.py", tree).verbs() == {"flew", "swam"}


@pytest.mark.parametrize("verb", sorted(EVENT_WORDS))
def test_words_leave_no_place_open_but_the_thing(verb: str) -> None:
    said = said_of(verb, {})
    assert "{" not in said.replace("{what}", "")
    assert verb in verbs_of(group_of(verb))


def test_details_are_told_and_never_taken_for_places() -> None:
    details = {"checkpoint": "story", "decision": "needs_clarification"}
    assert said_of("decided_checkpoint", details) == "asked for a clarification of the story"
    assert said_of("undid", {"checkpoint": "spec"}) == "took back the verdict on the spec"
    assert said_of("undid", {}) == "took back a decision on {what}"
    assert said_of("edited_brief", {"field": "{what}"}) == "edited “(what)” of the brief"
    assert said_of("renamed_stream", {"from": "a", "to": "b"}) == "renamed the stream from a to b"


def test_a_verb_that_nobody_knows_is_told_by_its_letters() -> None:
    assert said_of("flew_off", {}) == "flew off {what}"
    assert group_of("flew_off") is EventGroup.STUDIO


def test_one_event_is_a_sentence() -> None:
    assert sentence("dora", "approved", 3, Kind.KEYFRAME) == "dora approved keyframe 3"
    assert sentence("disk", "found", 2, Kind.VIDEO) == "The folder had a new file of clip 2"
    assert sentence("ben", "edited_prompt", 2, None) == "ben edited the prompts of segment 2"
    assert sentence("ben", "chose_engine", None, None) == "ben chose the engine for the stream"
    assert actor_words("outside") == "Somebody outside"
