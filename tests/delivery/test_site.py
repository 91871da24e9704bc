from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from director_lib.delivery.deployment import find_shown_build, switch_folder
from director_lib.delivery.site import build_site
from director_lib.delivery.site_builds import builds_folder, find_faults, list_builds
from director_lib.domain.disclosure import DIGITAL_SOURCE_TYPE
from director_lib.domain.stream import Section, Segment, Stream
from director_lib.domain.version import Kind
from director_lib.errors import InputError, InvalidMediaError, StoppedError, StorageError
from tests.delivery.films import Film, Page, make_film, numbered_clip, plain_still, stored

HOSTILE = """"><script src=x onerror=alert(1)></script>' onload='x' {{ 7*7 }} </title>&amp;<!-- </main>"""


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "studio")


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_a_folder_with_everything_that_it_needs(film: Film) -> None:
    build = film.build()
    frames = {f"public/frames/segment_{s}/{n:04d}.webp" for s in (1, 2) for n in range(1, 122)}
    small = {f"public/frames-perf/segment_{s}/{n:04d}.webp" for s in (1, 2) for n in range(1, 41)}
    stills = {
        f"public/stills/{name}" for name in ("segment_1.webp", "segment_2.webp", "cover.jpg", "icon.png")
    }
    page = {"index.html", "site.css", "site.js", "film.json"}
    assert names_in(build.path) == frames | small | stills | page
    assert build.n_frames == {"high": 242, "performance": 80}
    assert build.size_bytes == sum((build.path / name).stat().st_size for name in names_in(build.path))
    assert build.warnings == ()
    assert not film.target.exists()


def test_every_address_in_the_page_is_a_file_of_the_site(film: Film) -> None:
    build = film.build()
    page = Page(build.path / "index.html")
    addresses = {attrs[key] for _, attrs in page.tags for key in ("src", "href", "action") if key in attrs}
    assert "#story" in addresses
    assert all((build.path / address).is_file() for address in addresses - {"#story"})
    assert not re.search(r"url\(|@import|https?:", (build.path / "site.css").read_text())
    assert not re.search(r"https?:|fetch|XMLHttp|import\b", (build.path / "site.js").read_text())


def test_the_page_allows_nothing_but_its_own_files(film: Film) -> None:
    page = Page(film.build().path / "index.html")
    policy = page.find("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    assert policy == (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert [attrs["src"] for attrs in page.find("script")] == ["site.js"]
    assert not [tag for tag, attrs in page.tags if "style" in attrs or any(key[:2] == "on" for key in attrs)]
    assert not page.find("style")


def test_hostile_text_is_text(film: Film) -> None:
    film.stream = replace(
        film.stream,
        title=HOSTILE,
        palette={"evil": "red}</style><script>"},
        segments=tuple(replace(segment, represents=HOSTILE) for segment in film.stream.segments),
        sections=(
            Section(HOSTILE, (1,), HOSTILE + "\x00\x1b", HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), HOSTILE),
            *(Section(f"k{kind}", (2,), HOSTILE, kind) for kind in ("dialogue", "poem", "quote", "list")),
        ),
    )
    build = film.build()
    page = Page(build.path / "index.html")
    assert len(page.find("script")) == 1
    assert page.find("img")[0]["alt"] == HOSTILE
    assert page.find("div", **{"data-section": HOSTILE})
    assert page.words().count(HOSTILE) == 9
    assert "49" not in page.words()
    assert not re.search("[\x00\x1b]", page.html)
    assert "evil" not in (build.path / "site.css").read_text()
    assert "script" not in (build.path / "site.css").read_text().partition("/* The film */")[2]
    assert json.loads((build.path / "film.json").read_text())["title"] == HOSTILE


@pytest.mark.parametrize(
    ("language", "lang", "direction", "disclosure"),
    [
        ("hu", "hu", "ltr", "Mesterséges intelligencia felhasználásával készült."),
        ("en", "en", "ltr", "Made with artificial intelligence."),
        ("ar", "ar", "rtl", "Made with artificial intelligence."),
        ("", "und", "ltr", "Made with artificial intelligence."),
    ],
)
def test_a_page_is_in_the_language_of_its_story_and_says_that_a_machine_made_it(
    film: Film, language: str, lang: str, direction: str, disclosure: str
) -> None:
    film.stream = replace(film.stream, language=language)
    page = Page(film.build().path / "index.html")
    assert page.find("html", lang=lang, dir=direction)
    assert disclosure in page.words()
    own = page.find("p", lang="en")
    assert bool(own) == (lang not in ("en", "hu")), "words in another language than the page's are marked"
    assert page.meta("digital-source-type") == DIGITAL_SOURCE_TYPE
    assert page.meta("ai-disclosure")


def test_a_page_describes_itself_to_others(film: Film) -> None:
    page = Page(film.build().path / "index.html")
    assert (page.meta("og:title"), page.meta("description")) == ("A film", "Text 1. Text 2.")
    assert page.meta("og:image") == "public/stills/cover.jpg"
    assert page.meta("og:url") == ""
    film.stream = replace(film.stream, deployed_url="https://studio.example/film")
    page = Page(film.build().path / "index.html")
    assert page.meta("og:image") == "https://studio.example/film/public/stills/cover.jpg"
    assert page.meta("og:url") == "https://studio.example/film"


def test_every_picture_has_words_and_a_size_and_no_prompt_is_published(film: Film) -> None:
    first, second = film.stream.segments
    segments = (
        replace(first, represents="Grandfather rows.", image_prompt="secret prompt"),
        replace(second, title=""),
    )
    film.stream = replace(film.stream, segments=segments)
    page = Page(film.build().path / "index.html")
    pictures = page.find("img")
    assert [picture["alt"] for picture in pictures] == ["Grandfather rows.", "Picture 2 of 2"]
    assert all(picture["width"] == "96" and picture["height"] == "64" for picture in pictures)
    assert "secret" not in page.html


def test_a_segment_without_a_clip_shows_its_still_and_one_without_anything_is_left_out(film: Film) -> None:
    segments = (*film.stream.segments, Segment(3), Segment(4))
    film.stream = replace(film.stream, segments=segments)
    film.files[3, Kind.KEYFRAME] = stored(plain_still(film.folder / "3.png"))
    build = film.build()
    assert build.n_frames == {"high": 243, "performance": 81}
    assert build.warnings == (
        "Segment 3 has no clip; its still is shown.",
        "Segment 4 has neither clip nor still; the film leaves it out.",
    )
    figures = Page(build.path / "index.html").find("figure")
    assert [figure["data-segment"] for figure in figures] == ["1", "2", "3"]
    assert (figures[2]["data-high"], figures[2]["data-performance"]) == ("1", "1")


def test_a_film_without_any_picture_is_a_page_of_text(film: Film) -> None:
    film.files.clear()
    build = film.build()
    page = Page(build.path / "index.html")
    assert "Text 1. Text 2." in page.words()
    assert page.meta("og:image") == ""
    assert names_in(build.path) == {"index.html", "site.css", "site.js", "film.json"}


def test_the_same_film_is_the_same_build(film: Film) -> None:
    first, again = film.build(), film.build()
    assert again == first
    assert [build.build_id for build in list_builds(film.target)] == [first.build_id]


def test_a_changed_clip_changes_its_own_frames_only_and_the_rest_takes_no_room_twice(film: Film) -> None:
    first = film.build()
    film.files[2, Kind.VIDEO] = stored(numbered_clip(film.folder / "new.mp4", 12, 9))
    second = film.build()
    assert second.build_id != first.build_id
    assert {build.build_id for build in list_builds(film.target)} == {first.build_id, second.build_id}
    same, other = "public/frames/segment_1/0001.webp", "public/frames/segment_2/0001.webp"
    assert (first.path / same).samefile(second.path / same)
    assert not (first.path / other).samefile(second.path / other)
    assert find_faults(film.target, first.build_id, read=True) == []


def test_stopping_at_any_point_leaves_the_old_build_in_place(film: Film) -> None:
    old = film.build()
    switch_folder(film.target, old.build_id)
    film.files[2, Kind.VIDEO] = stored(numbered_clip(film.folder / "new.mp4", 12, 9))
    # before the first clip, the second, within it, before the page is put together, after that
    for patience in (0, 1, 3, 14, 4):
        left = iter(range(patience))
        with pytest.raises(StoppedError):
            build_site(
                film.stream,
                film.files,
                film.frames,
                film.target,
                stopped=lambda left=left: next(left, None) is None,
            )
        assert find_shown_build(film.target) == old.build_id
        assert find_faults(film.target, old.build_id, read=True) == []
        assert [path.name for path in builds_folder(film.target).iterdir() if path.name.startswith(".")] == []
    assert film.build().build_id != old.build_id


def test_a_damaged_clip_is_named_and_changes_nothing(film: Film) -> None:
    old = film.build()
    bad = film.folder / "bad.mp4"
    bad.write_bytes(b"\x00\x00\x00\x18ftypisom" + b"x" * 500)
    film.files[2, Kind.VIDEO] = stored(bad)
    with pytest.raises(InvalidMediaError, match=r"bad\.mp4"):
        film.build()
    assert [build.build_id for build in list_builds(film.target)] == [old.build_id]


@pytest.mark.parametrize("spoil", ["public/frames/segment_1/0003.webp", "index.html"])
def test_a_build_that_lost_a_file_is_built_again(film: Film, spoil: str) -> None:
    build = film.build()
    (build.path / spoil).unlink()
    assert find_faults(film.target, build.build_id) == [spoil]
    assert film.build().build_id == build.build_id
    assert find_faults(film.target, build.build_id, read=True) == []


def test_a_build_whose_manifest_was_lost_gets_it_again(film: Film) -> None:
    build = film.build()
    (builds_folder(film.target) / f"{build.build_id}.json").unlink()
    assert film.build().build_id == build.build_id
    assert len(list_builds(film.target)) == 1


def test_two_that_finish_the_same_build_at_once_both_have_it(
    film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def rename_too_late(self: Path, target: Path) -> Path:
        shutil.copytree(self, target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_too_late)
    build = film.build()
    assert find_faults(film.target, build.build_id, read=True) == []
    assert len(list_builds(film.target)) == 1


def test_what_a_killed_build_left_is_removed_after_an_hour(film: Film) -> None:
    film.build()
    left, busy = (builds_folder(film.target) / name for name in (".staging-old", ".staging-new"))
    left.mkdir()
    busy.mkdir()
    os.utime(left, (1, 1))
    film.build()
    assert (left.exists(), busy.exists()) == (False, True)


def test_a_stream_without_segments_is_refused(film: Film) -> None:
    film.stream = Stream("film", "A film")
    with pytest.raises(InputError, match="no segments"):
        film.build()


def test_a_place_that_cannot_be_written_is_told(film: Film) -> None:
    (film.folder / "sites").write_text("in the way")
    with pytest.raises(StorageError, match="What was built before is untouched"):
        film.build()


def test_progress_names_what_is_done_and_only_rises(film: Film) -> None:
    told: list[tuple[str, float]] = []
    build_site(
        film.stream,
        film.files,
        film.frames,
        film.target,
        progress=lambda doing, percent: told.append((doing, percent)),
    )
    percents = [percent for _, percent in told]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert list(dict.fromkeys(doing for doing, _ in told)) == [
        "frames of segment 1",
        "frames of segment 2",
        "putting the page together",
        "built",
    ]


def test_the_film_is_described_for_other_programs(film: Film) -> None:
    described = json.loads((film.build().path / "film.json").read_text(encoding="utf-8"))
    assert described["segments"][1] == {
        "id": 2,
        "passage": 2,
        "frames": {"high": 121, "performance": 40},
        "still": "public/stills/segment_2.webp",
    }
    assert described["ai_generated"] is True
