"""Which engines and models there are, and which of them streams and segments are made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from director_lib.config import Settings
from director_lib.domain.engine_choice import EngineChoice, EngineChoices
from director_lib.domain.people import Action
from director_lib.domain.version import Kind
from director_lib.engines.catalog import ModelOffer, check_model, models_of
from director_lib.engines.protocol import Engine
from director_lib.engines.registry import get_engine, offered_names
from director_lib.errors import ConfigError, InputError
from director_lib.store.engine_choices import list_choices, list_chosen_engines, remove_choice, save_choice
from director_lib.store.events import record_event
from director_lib.tasks.asking import read_choices
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

_Choices = list[EngineChoice]


@dataclass(frozen=True, slots=True)
class EngineOffer:
    """An engine that a person may choose for a kind.

    Attributes:
        models: The models known, the one in use first; one without a name for an engine that has none.
        is_usual: Whether it is the settings' engine for the kind.
        trouble: Why it cannot be used as it is set up; empty when it can.
    """

    name: str
    kind: Kind
    models: tuple[ModelOffer, ...]
    is_paid: bool = False
    is_usual: bool = False
    trouble: str = ""


class Engines:
    """What files are made with."""

    def __init__(
        self, studio: Studio, streams: Streams, *, engines: Callable[[str, Settings], Engine] = get_engine
    ) -> None:
        self._studio = studio
        self._streams = streams
        self._engines = engines

    def offered(self, kind: Kind) -> list[EngineOffer]:
        """List the engines that may be chosen for a kind, the settings' one first."""
        self._studio.require(Action.VIEW)
        names = offered_names(self._studio.settings, kind)
        return [self._offer(name, kind, is_usual=name == names[0]) for name in names]

    def names(self, stream_id: str, kind: Kind) -> list[str]:
        """Return the engines to pick from for a stream: its own choice, those offered, its segments'."""
        picked = self.picked(stream_id)
        chosen = sorted({one.engine for one in picked.chosen.values() if one.kind is kind})
        whole = picked.chosen.get((None, kind))
        offered = offered_names(self._studio.settings, kind)
        return list(dict.fromkeys([*([whole.engine] if whole else []), *offered, *chosen]))

    def offered_for(self, stream_id: str, kind: Kind) -> list[EngineOffer]:
        """List the engines to pick from for a stream, those of ``names``, with what is known of each."""
        usual = offered_names(self._studio.settings, kind)[0]
        return [self._offer(name, kind, is_usual=name == usual) for name in self.names(stream_id, kind)]

    def choices(self, stream_id: str) -> _Choices:
        """Return what was chosen for a stream: for each kind the whole stream's, then its segments'."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_choices(connection, stream_id)

    def picked(self, stream_id: str) -> EngineChoices:
        """Return which engine and model make each file of a stream when nothing else is wished for."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return read_choices(connection, self._studio.settings, stream_id)

    def chosen_anywhere(self) -> set[str]:
        """Return the names of all engines that are chosen for some stream or segment."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_chosen_engines(connection)

    def choose(
        self, stream_id: str, kind: Kind, engine: str, model: str = "", *, segment_id: int | None = None
    ) -> EngineChoice:
        """Choose what makes the stills or clips of a stream, or of one segment of it.

        What is queued already stays as it was asked for.

        Args:
            model: The engine's model; empty for the one that its settings name.
            segment_id: The only segment that it holds for; None for the whole stream.

        Raises:
            PermissionDeniedError: The actor may not generate.
            NotFoundError: There is no such stream or segment.
            InputError: There is no such engine, it does not make that kind, or the model cannot be used.
            ConfigError: The engine's settings cannot work.
        """
        self._studio.require(Action.GENERATE)
        stream = self._streams.get(stream_id)
        if segment_id is not None:
            stream.get_segment(segment_id)
        self._check(engine.strip(), kind, model.strip())
        actor, now = self._studio.actor.username, self._studio.clock()
        choice = EngineChoice(stream.id, segment_id, kind, engine.strip(), model.strip(), actor, now)
        with self._studio.database.write() as connection:
            before = _find(list_choices(connection, stream.id), segment_id, kind)
            if before is not None and (before.engine, before.model) == (choice.engine, choice.model):
                return before
            save_choice(connection, choice)
            details = {"engine": choice.engine, "model": choice.model, "before": _told(before)}
            place = (stream.id, segment_id, kind)
            record_event(connection, "chose_engine", actor, now, place=place, details=details)
        return choice

    def forget(self, stream_id: str, kind: Kind, *, segment_id: int | None = None) -> EngineChoice | None:
        """Take a choice back, so that the stream's, or the settings', holds again.

        Returns:
            The choice that was there; None when there was none.

        Raises:
            PermissionDeniedError: The actor may not generate.
        """
        self._studio.require(Action.GENERATE)
        actor, now = self._studio.actor.username, self._studio.clock()
        with self._studio.database.write() as connection:
            before = _find(list_choices(connection, stream_id), segment_id, kind)
            if before is not None:
                remove_choice(connection, stream_id, segment_id, kind)
                place, details = (stream_id, segment_id, kind), {"before": _told(before)}
                record_event(connection, "forgot_engine", actor, now, place=place, details=details)
        return before

    def _check(self, name: str, kind: Kind, model: str) -> None:
        engine = self._engines(name, self._studio.settings)
        if kind not in engine.capabilities().kinds:
            raise InputError(
                f"The engine “{name}” makes no {kind.value}, or is not set up for it. Nothing was changed; "
                "choose another engine."
            )
        check_model(engine, kind, model)

    def _offer(self, name: str, kind: Kind, *, is_usual: bool) -> EngineOffer:
        try:
            engine = self._engines(name, self._studio.settings)
            can = engine.capabilities()
            if kind not in can.kinds:
                trouble = f"The engine “{name}” makes no {kind.value}, or is not set up for it."
                return EngineOffer(name, kind, (), can.is_paid, is_usual, trouble)
            return EngineOffer(name, kind, models_of(engine, kind), can.is_paid, is_usual)
        except (ConfigError, InputError) as error:
            return EngineOffer(name, kind, (), is_usual=is_usual, trouble=error.user_message)


def _find(choices: _Choices, segment_id: int | None, kind: Kind) -> EngineChoice | None:
    return next((one for one in choices if (one.segment_id, one.kind) == (segment_id, kind)), None)


def _told(choice: EngineChoice | None) -> dict[str, str] | None:
    return None if choice is None else {"engine": choice.engine, "model": choice.model}
