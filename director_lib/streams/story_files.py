"""Reading a story out of a file that somebody handed in: plain text, Markdown or a Word document."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath

from director_lib.domain.new_stream import StoryDraft, check_length, check_story, draft_of
from director_lib.domain.stream import Scene
from director_lib.errors import InputError
from director_lib.streams.word_file import read_word_file

ENDINGS = (".txt", ".md", ".docx")
LARGEST_BYTES = 25_000_000
_LONGEST_TITLE = 80
_MOST_SCENES = 5_000
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t](.*)$", re.MULTILINE)
# none of these may look far ahead from each of a million places
_STRONG = re.compile(r"(?<!\\)(\*{1,3}|(?<!\w)_{1,3})(?=\S)([^*_\n]{1,2000})(?<=[^\s\\])\1(?!\w)")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,2000}\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read_story_file(name: str, data: bytes) -> StoryDraft:
    """Read a story.

    Headings of Markdown and of a Word document begin scenes; the first one, when it is the only one of its
    rank at the top, is the story's title. A plain text whose first line stands alone and is short has it as
    its title.

    Args:
        name: The file's name; its ending says what it is.
        data: The file's bytes.

    Raises:
        InputError: It is too large, of another kind, empty, damaged, or no text.
    """
    if len(data) > LARGEST_BYTES:
        raise InputError(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB. Nothing was made.")
    ending = PurePath(name.lower()).suffix
    if ending not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise InputError(f"A story is read from a file that ends in {known}. Nothing was made.")
    if ending == ".docx":
        draft = read_word_file(data)
    else:
        text = _decoded(data)
        check_length(text)
        draft = _read_markdown(text) if ending == ".md" else read_plain_text(text)
    check_story(draft.text)
    return draft


def read_plain_text(text: str) -> StoryDraft:
    """Read a story that was pasted or stood in a plain text file."""
    text = _one_kind_of_line_end(text).strip("\n")
    first, _, rest = text.partition("\n")
    stands_alone = rest.startswith("\n") and rest.strip() and first.strip()
    if stands_alone and len(first) <= _LONGEST_TITLE and first.strip()[-1] not in '.!?…:,;”"':
        return StoryDraft(first.strip(), (Scene("", rest.strip("\n")),))
    return StoryDraft("", (Scene("", text),))


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            data, found = data[len(mark) :], encoding
            break
    else:
        found = "utf-8"
    try:
        return data.decode(found)
    except UnicodeDecodeError as error:
        raise InputError(
            "The file is no text in UTF-8. Save it as plain text in UTF-8, then try again. Nothing was made."
        ) from error


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n\n")


def _read_markdown(text: str) -> StoryDraft:
    text = _one_kind_of_line_end(text)
    title, front = "", _FRONT_MATTER.match(text)
    if front:
        said = _FRONT_TITLE.search(front[1])
        title, text = (said[1] if said else ""), text[front.end() :]
    text = _without_comments(text)
    found = list(_HEADING.finditer(text))
    if len(found) > _MOST_SCENES:
        raise InputError(f"The text has more than {_MOST_SCENES:,} headings. Nothing was made.")
    scenes = [Scene("", _plain(text[: found[0].start()] if found else text))]
    ends = [*(heading.start() for heading in found[1:]), len(text)]
    for heading, end in zip(found, ends, strict=False):
        title_line = heading[2].strip().rstrip("#").rstrip()
        scenes.append(Scene(_plain(title_line), _plain(text[heading.end() : end])))
    is_top = bool(found) and [one[1] for one in found].count(found[0][1]) == 1 and not scenes[0].text
    return draft_of(scenes, title, has_title=is_top)


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join(kept) + text[at:]


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    for _ in range(3):
        text = _STRONG.sub(r"\2", text)
    text = _ESCAPE.sub(r"\1", text)
    return "\n".join(line.removesuffix("  ") for line in text.split("\n")).strip()
