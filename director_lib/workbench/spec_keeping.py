"""Saving a spec on behalf of a person: the file, its state, its prompts and the timeline, as one thing."""

from __future__ import annotations

from director_lib.intake.spec_saving import VERBS, Saver, Saving, SpecWriter, save_spec_as
from director_lib.streams.spec_writer import WrittenSpec
from director_lib.workbench.studio import Studio

__all__ = ["VERBS", "Saving", "save_spec"]


def save_spec(studio: Studio, saving: Saving, write: SpecWriter) -> WrittenSpec:
    """Write into the file and the database while nobody else saves the stream; see ``save_spec_as``."""
    saver = Saver(studio.database, studio.root, studio.actor.username, studio.clock)
    return save_spec_as(saver, saving, write)
