"""What an order form says, as texts by name, to tell later what was changed in it."""

from __future__ import annotations

import hashlib
import json

from director_lib.domain.brief import FieldKind
from director_lib.errors import StreamFileError
from director_lib.streams.brief_fields import brief_fields
from director_lib.streams.fields import Fields, Notes
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import find_json
from director_lib.streams.order_form import read_language, read_story
from director_lib.streams.reader import FORM_FILE

STORY, TITLE, LANGUAGE = "story", "title", "language"
BRIEF_MARK = "brief: "


def find_form_texts(root: StreamsRoot, stream_id: str) -> dict[str, str] | None:
    """Return title, language and each field of the brief, and of the story its digest; "" for what is absent.

    Names of the brief's fields begin with ``BRIEF_MARK``. Personal data is left out.

    Returns:
        None when there is no input.json, or it cannot be read.
    """
    try:
        found = find_json(root.path(stream_id) / FORM_FILE)
    except StreamFileError:
        return None
    if found is None or not isinstance(found.data, dict):
        return None
    form = Fields(found.data, "$", Notes(FORM_FILE))
    brief = {
        BRIEF_MARK + field.words: field.text
        for field in brief_fields(found.data)
        if field.kind is not FieldKind.GROUP and field.text
    }
    story = [[scene.title, scene.text] for scene in read_story(form, Notes(FORM_FILE))]
    digest = hashlib.sha256(json.dumps(story).encode()).hexdigest() if story else ""
    return {STORY: digest, TITLE: form.text("title"), LANGUAGE: read_language(form), **brief}
