"""Story and brief of input.json, without the customer's personal data."""

from __future__ import annotations

import re

from director_lib.domain.stream import Scene
from director_lib.streams.fields import Fields, Notes, storable

_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_WISHES = ("segment_count", "style", "template", "cta")


def read_story(form: Fields, notes: Notes) -> tuple[Scene, ...]:
    """Return the story's scenes in order; a plain text is one scene; empty without a story."""
    story, text = form.raw("story"), form.raw("text")
    if story and text and story != text:
        form.note("text", "“story” and “text” differ; “story” is shown.")
    key = "story" if story else "text"
    value = form.raw(key)
    if isinstance(value, dict):
        value = value.get("scenes") or [value]
    if isinstance(value, list):
        scenes = [_scene(item, f"$.{key}[{index}]", notes) for index, item in enumerate(value)]
        return tuple(scene for scene in scenes if scene.title or scene.text)
    plain = form.text(key)
    return (Scene("", plain),) if plain.strip() else ()


def read_brief(form: Fields) -> dict[str, str]:
    """Return the brief's fields as texts in the file's order, then the form's wishes, without empty ones."""
    if isinstance(form.raw("brief"), str):
        texts = {"notes": form.text("brief")}
    else:
        brief = form.child("brief")
        texts = {storable(key): brief.any_text(key) for key in brief}
    for key in _WISHES:
        texts.setdefault(key, form.any_text(key))
    return {key: text for key, text in texts.items() if text}


def read_language(*places: Fields) -> str:
    """Return the first usable language as two lower-case letters; "" when no place says one."""
    for fields in places:
        text = fields.text("language").strip()
        match = _LANGUAGE.fullmatch(text)
        if match:
            return match[1].lower()
        if text:
            fields.note("language", "This is no two-letter language code such as “hu”; it was left out.")
    return ""


def _scene(item: object, path: str, notes: Notes) -> Scene:
    if isinstance(item, str):
        item = {"text": item}
    fields = Fields(item, path, notes)
    number = fields.raw("scene")
    title = fields.text("title", "heading") or (storable(number) if isinstance(number, str) else "")
    return Scene(title, fields.text("text", "content"))
