"""Take the documents' pictures of a demo studio: ``make screenshots``.

Every view is opened at 1280, 1440 and 2560 pixels. Those of 1440 become ``docs/images/<view>.webp``, and the
desk's other two ``docs/images/keyframes-<width>.webp``; all of them go to the folder given with ``--all``.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.browser import close_page, open_browser, sign_in
from benchmarks.studio import PASSWORD, USERNAME, make_settings, open_studio, running, wait_for_server
from director_lib.demo.build import ensure_demo

IMAGES = Path(__file__).parent / "images"
STILLS, CLIPS = "/s/night-market/keyframes", "/s/night-market/videos"
SIZES = {1280: 800, 1440: 900, 2560: 1440}
DOCUMENT_WIDTH = 1440
SHOWN_AT_EVERY_WIDTH = "keyframes"
MOST_BYTES = 150_000
PATIENCE_MS = 60_000
_WITHOUT_PANELS = "() => { sessionStorage.clear(); localStorage.clear(); }"
_PICTURES_LOADED = """() => {
    const onScreen = (element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    };
    const pictures = [...document.images].filter(onScreen);
    const clips = [...document.querySelectorAll('video:not([preload=none])')].filter(onScreen);
    return document.fonts.status === 'loaded' && pictures.every((picture) => picture.complete)
        && clips.every((clip) => clip.readyState >= 2);
}"""


def _as_it_opens(page: Page) -> None:
    """Show the page as it is."""


def _press(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


def _make_variants(page: Page) -> None:
    """Ask for three variants, unless those of an earlier picture wait; and show them."""
    page.get_by_test_id("comment-text").wait_for()
    page.keyboard.press("b")
    page.locator("[data-testid=variants], [data-testid=regenerate-sheet]").first.wait_for()
    if page.get_by_test_id("regenerate-sheet").count():
        page.get_by_test_id("image-prompt").press("Enter")
    page.locator("[data-testid=variant][data-state=succeeded]").nth(2).wait_for()


def _draw(page: Page) -> None:
    """Begin a comment with a box over the picture."""
    page.get_by_test_id("draw-box").click()
    for key in ("ArrowLeft", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.get_by_test_id("comment-text").fill("A little more light here, please")


# Address, name of the page, and what is done there before the picture is taken.
VIEWS: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "streams": ("/", "streams", _as_it_opens),
    "keyframes": (f"{STILLS}?segment=6", "keyframes", _as_it_opens),
    "videos": (f"{CLIPS}?segment=3", "videos", _as_it_opens),
    "grid": (f"{STILLS}?segment=6", "keyframes", lambda page: page.get_by_test_id("size-large").click()),
    "compare": (f"{STILLS}?segment=6&compare=2", "keyframes", _as_it_opens),
    "film": (f"{CLIPS}?segment=1", "videos", _press("m")),
    "variants": (f"{STILLS}?segment=11", "keyframes", _make_variants),
    "regenerate": (f"{STILLS}?segment=6", "keyframes", _press("r")),
    "batch": (f"{STILLS}?segment=5", "keyframes", _press("Control+a", "Shift+R")),
    "comments": ("/s/lighthouse-winter/keyframes?segment=3", "keyframes", _draw),
    "tasks": ("/tasks", "tasks", _as_it_opens),
    "metrics": ("/s/night-market/metrics", "metrics", _as_it_opens),
    "settings": ("/settings", "settings", _as_it_opens),
}


def main() -> None:
    """Build a demo studio in a folder of its own and take the pictures."""
    parser = argparse.ArgumentParser(prog="make screenshots")
    parser.add_argument("views", nargs="*", help=f"of {', '.join(VIEWS)}; all without it")
    parser.add_argument("--all", type=Path, help="folder for the pictures of every width")
    asked = parser.parse_args()
    views = [name for name in VIEWS if not asked.views or name in asked.views]
    for name in [name for name in os.environ if name.startswith("DIRECTOR_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="director-demo-", ignore_cleanup_errors=True) as folder:
        settings = make_settings(Path(folder))
        open_studio(settings)
        ensure_demo(settings)
        open_studio(settings)
        with running(settings, "worker"), running(settings, "server") as process, open_browser() as browser:
            url = wait_for_server(settings, process)
            for width, height in SIZES.items():
                _take(browser, url, (width, height), views, asked.all)


def _take(browser: Browser, url: str, size: tuple[int, int], views: list[str], every: Path | None) -> None:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-GB",
        timezone_id="UTC",
        color_scheme="dark",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    # Every view opens as if nobody had been here.
    context.add_init_script(f"({_WITHOUT_PANELS})()")
    page = context.new_page()
    sign_in(page, url, USERNAME, PASSWORD)
    for name in views:
        targets = _targets(name, width, every)
        if not targets:
            continue
        _open(page, url, name)
        picture = page.screenshot(animations="disabled", caret="hide")
        for target in targets:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(small_enough(picture))
            print(f"{target} ({width} × {height}, {target.stat().st_size // 1000} kB)")
    close_page(page)
    context.close()


def _targets(name: str, width: int, every: Path | None) -> list[Path]:
    targets = [every / f"{name}-{width}.webp"] if every else []
    if width == DOCUMENT_WIDTH:
        targets.append(IMAGES / f"{name}.webp")
    elif name == SHOWN_AT_EVERY_WIDTH:
        targets.append(IMAGES / f"{name}-{width}.webp")
    return targets


def small_enough(picture: bytes) -> bytes:
    """Return a picture as WebP of at most 150 kB, as good as that allows."""
    with Image.open(io.BytesIO(picture)) as opened:
        for quality in range(90, 9, -10):
            packed = io.BytesIO()
            opened.convert("RGB").save(packed, "WEBP", quality=quality, method=6)
            if packed.tell() <= MOST_BYTES:
                break
    return packed.getvalue()


def _open(page: Page, url: str, name: str) -> None:
    path, page_name, prepare = VIEWS[name]
    page.goto(f"{url}{path}")
    page.get_by_test_id(f"page-{page_name}").wait_for()
    page.wait_for_function(_PICTURES_LOADED)
    prepare(page)
    page.wait_for_function(_PICTURES_LOADED)
    page.wait_for_timeout(600)


if __name__ == "__main__":
    main()
