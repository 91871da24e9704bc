"""Setting the visual direction, the composition rules and the palette in the text of production.json."""

from __future__ import annotations

from dataclasses import replace

from director_lib.domain.spec_edit import Block, SetColor, SetText
from director_lib.errors import InputError, StreamFileError
from director_lib.streams.direction_fields import (
    HEX,
    NamedText,
    PaletteColor,
    find_palette,
    named_texts,
    palette_colors,
)
from director_lib.streams.json_spans import JsonPath
from director_lib.streams.json_structure import JsonEditor
from director_lib.streams.spec_edit_checks import Done, check_base

_FILE = "production.json"


def set_text(editor: JsonEditor, _stream_id: str, edit: SetText) -> Done:
    """Let a named text say something else; a list of texts is written one a line.

    Returns:
        What was done, in words.

    Raises:
        StaleWriteError: It says something else than its writer saw.
        StreamFileError: It is more than a text or a list of texts.
    """
    found = next((one for one in named_texts(editor.data) if _is(one, edit)), None)
    name = edit.key.replace("_", " ")
    inverse = replace(edit, text=found.text if found else "", base=edit.text)
    check_base(f"“{name}”", found.text if found else "", edit)
    if found is not None and not found.is_editable:
        raise StreamFileError(_FILE, f"“{name}” is not a single text; edit it in a text editor")
    block = editor.data.get(edit.block.value)
    path: JsonPath = (edit.block.value, edit.key)
    if isinstance(block, str):
        editor.set_value((edit.block.value,), edit.text if edit.key == "aesthetic" else {"aesthetic": block})
        if edit.key == "aesthetic":
            return Done(f"changed “{name}”", inverse)
    elif not isinstance(block, dict):
        editor.set_value((edit.block.value,), {})
    if not edit.text.strip():
        editor.remove_key(path)
        return Done(f"took “{name}” out", inverse)
    lines = [line.strip() for line in edit.text.split("\n") if line.strip()]
    editor.set_value(path, lines if found is not None and found.is_list else edit.text)
    return Done(f"changed “{name}”", inverse)


def set_color(editor: JsonEditor, _stream_id: str, edit: SetColor) -> Done:
    """Add a colour to the palette, change its name or value where it stands, or take it out.

    Raises:
        InputError: There is no such colour, its name is taken, or it has no name of its own.
    """
    colors = {color.name: color for color in palette_colors(editor.data)}
    if edit.new_name != edit.name and edit.new_name in colors and edit.hex is not None:
        raise InputError(f"The palette has a colour “{edit.new_name}” already. Nothing was saved.")
    if edit.name is None:
        if edit.hex is not None:
            _add(editor, edit.new_name, edit.hex)
        return Done(f"added the colour “{edit.new_name}”", SetColor(edit.new_name, edit.new_name, None))
    color = colors.get(edit.name)
    if color is None:
        raise InputError(f"The palette has no colour “{edit.name}” any more. Nothing was saved.")
    if edit.hex is None:
        _take_out(editor, color)
        return Done(f"took the colour “{edit.name}” out")
    _set_value(editor, color, edit.hex)
    if edit.new_name != edit.name:
        _rename(editor, color, edit.new_name)
    inverse = SetColor(edit.new_name, color.name, color.hex) if color.is_color else None
    return Done(f"changed the colour “{edit.new_name}”", inverse)


def _is(one: NamedText, edit: SetText) -> bool:
    return (one.block, one.key) == (edit.block, edit.key)


def _add(editor: JsonEditor, name: str, code: str) -> None:
    path = find_palette(editor.data)
    if path is None:
        direction = editor.data.get(Block.DIRECTION.value)
        if not isinstance(direction, dict):
            kept = {"aesthetic": direction} if isinstance(direction, str) and direction else {}
            editor.set_value((Block.DIRECTION.value,), kept)
        path = (Block.DIRECTION.value, "color_palette")
        editor.set_value(path, {})
    palette = editor.data[path[0]][path[1]]
    if isinstance(palette, list):
        is_plain = all(isinstance(item, str) for item in palette) and palette
        editor.insert_item(path, len(palette), code if is_plain else {"name": name, "hex": code})
    elif isinstance(palette, dict):
        editor.set_value((*path, name), code)
    else:
        editor.set_value(path, {"color 1": palette, name: code})


def _set_value(editor: JsonEditor, color: PaletteColor, code: str) -> None:
    present = _look_up(editor, color.value_path)
    if color.hex.lower() == code.lower():
        return
    # a remark beside the colour stays
    text = HEX.sub(code, present, count=1) if isinstance(present, str) and HEX.search(present) else code
    editor.set_value(color.value_path, text)


def _rename(editor: JsonEditor, color: PaletteColor, name: str) -> None:
    if color.name_path is not None:
        editor.set_value(color.name_path, name)
    elif isinstance(color.entry_path[-1], str) and len(color.entry_path) > 2:
        editor.rename_key(color.entry_path, name)
    else:
        raise InputError("This colour stands in a list without names. Nothing was saved; leave its name.")


def _take_out(editor: JsonEditor, color: PaletteColor) -> None:
    *parent, last = color.entry_path
    if isinstance(last, int):
        editor.remove_item(tuple(parent), last)
    else:
        editor.remove_key(color.entry_path)


def _look_up(editor: JsonEditor, path: JsonPath) -> object:
    value = editor.data
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step]
    return value
