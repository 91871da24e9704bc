"""What the list of streams asks for: making streams, putting them away, bringing them back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from director_lib.delivery.stowed import Place, TrashEntry
from director_lib.domain.new_stream import StoryDraft
from director_lib.domain.reading import measure_text
from director_lib.pages.cards import instant
from director_lib.pages.drawer import Handler, OpenPage, answering
from director_lib.streams.story_files import read_story_file
from director_lib.workbench.new_streams import FolderLook, NewStream

Json = dict[str, Any]
_BEGINNING = 600
"""Characters of a story that are shown before a stream is made of it."""
_MOST_LISTED = 300
_MOST_ODDITIES = 50


class StreamsEvents:
    """Answers the events of the list of streams."""

    def __init__(self, page: OpenPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the board's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "look_at_story": self._look_at_story,
            "create_stream": self._create_stream,
            "look_at_folder": self._look_at_folder,
            "adopt_folder": self._adopt_folder,
            "stow_stream": self._stow_stream,
            "list_stowed": self._list_stowed,
            "restore_stream": self._restore_stream,
        }
        return {f"on_{name}": answering(self._page, handler) for name, handler in answered.items()}

    def _look_at_story(self, data: Json) -> Json:
        draft = self._read(data)
        named = "" if data["pasted"] else data["name"]
        suggested = self._page.workbench.new_streams.suggest(draft, named)
        text = draft.text
        length = measure_text(text, suggested.language)
        return {
            "title": suggested.title,
            "stream_id": suggested.stream_id,
            "language": suggested.language,
            "n_words": length.n_words,
            "counts_letters": length.counts_letters,
            "reading_s": round(length.reading_s),
            "n_scenes": len(draft.scenes),
            "beginning": text[:_BEGINNING] + ("…" if len(text) > _BEGINNING else ""),
            "notes": list(draft.notes),
        }

    def _create_stream(self, data: Json) -> Json:
        workbench, source = self._page.workbench, "pasted" if data["pasted"] else data["name"]
        scenes = self._read(data).scenes
        new = NewStream(data["title"], scenes, data["stream_id"], data["language"], source=source)
        stream_id = workbench.new_streams.create(new)
        workbench.uploads.discard(data["upload"])
        return {"stream_id": stream_id, "href": f"/s/{stream_id}/story"}

    def _read(self, data: Json) -> StoryDraft:
        return read_story_file(data["name"], self._page.workbench.uploads.get(data["upload"]))

    def _look_at_folder(self, data: Json) -> Json:
        return _folder(self._page.workbench.new_streams.look_at_folder(Path(data["path"])))

    def _adopt_folder(self, data: Json) -> Json:
        new_streams = self._page.workbench.new_streams
        stream_id = new_streams.adopt(Path(data["path"]), stream_id=data["stream_id"], copy=data["copy"])
        return {"stream_id": stream_id, "href": f"/s/{stream_id}/story"}

    def _stow_stream(self, data: Json) -> Json:
        lifecycle = self._page.workbench.lifecycle
        put_away = lifecycle.archive if data["place"] == "archive" else lifecycle.trash
        return {"entry_id": put_away(data["stream_id"], data["reason"]).id}

    def _list_stowed(self, _data: Json) -> Json:
        lifecycle = self._page.workbench.lifecycle
        entries = sorted(
            lifecycle.list_trash() + lifecycle.list_archive(), key=lambda one: one.stowed_at, reverse=True
        )
        return {"entries": [_entry(one) for one in entries[:_MOST_LISTED]], "n_entries": len(entries)}

    def _restore_stream(self, data: Json) -> Json:
        new_id = data["new_id"] or None
        return {"stream_id": self._page.workbench.lifecycle.restore(data["entry_id"], new_id=new_id)}


def _entry(entry: TrashEntry) -> Json:
    return {
        "id": entry.id,
        "stream_id": entry.stream_id,
        "place": "archive" if entry.place is Place.ARCHIVE else "trash",
        "by": entry.actor,
        "at": instant(entry.stowed_at),
        "reason": entry.reason,
    }


def _folder(look: FolderLook) -> Json:
    return {
        "path": str(look.path),
        "is_here": look.is_here,
        "stream_id": look.suggested_id,
        "title": look.title,
        "n_segments": look.n_segments,
        "n_files": look.n_files,
        "error": look.error,
        "oddities": [f"{odd.file} {odd.path}: {odd.message}" for odd in look.oddities[:_MOST_ODDITIES]],
    }
