"""Which engine and model make what: what was chosen for a segment, for a stream, and for the studio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from director_lib.domain.version import Kind


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What somebody chose for one kind of file.

    Attributes:
        segment_id: The segment that it holds for; None for the whole stream.
        model: The engine's model; empty for the one that its settings name.
        chosen_at: Aware UTC instant.
    """

    stream_id: str
    segment_id: int | None
    kind: Kind
    engine: str
    model: str
    chosen_by: str
    chosen_at: datetime


@dataclass(frozen=True, slots=True)
class EngineChoices:
    """Everything that was chosen for one stream, over what the studio's settings say.

    Attributes:
        defaults: The settings' engine for each kind.
        chosen: Choices by segment id (None for the whole stream) and kind.
    """

    defaults: Mapping[Kind, str]
    chosen: Mapping[tuple[int | None, Kind], EngineChoice] = field(default_factory=dict)

    def pick(
        self, segment_id: int, kind: Kind, engine: str | None = None, model: str | None = None
    ) -> tuple[str, str]:
        """Return the engine and the model that make a file; an empty model is the engine's own choice.

        A wish wins over the segment's choice, that over the stream's, that over the settings. A chosen model
        belongs to its engine: it does not go along when another engine is wished for.

        Args:
            engine: The engine wished for; None or empty for none.
            model: The model wished for, likewise.
        """
        choice = self.chosen.get((segment_id, kind)) or self.chosen.get((None, kind))
        usual = (choice.engine, choice.model) if choice else (self.defaults[kind], "")
        picked = engine or usual[0]
        return picked, model or (usual[1] if picked == usual[0] else "")
