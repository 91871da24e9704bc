"""Take the documents' pictures of a demo studio: ``make screenshots``.

Every page is opened at 1280, 1440 and 2560 pixels. Those of 1440 become ``docs/images/<page>.png``; all of
them go to the folder given with ``--all``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.browser import close_page, open_browser, sign_in
from benchmarks.studio import PASSWORD, USERNAME, make_settings, open_studio, running, wait_for_server
from director_lib.demo.build import ensure_demo

IMAGES = Path(__file__).parent / "images"
STREAM = "lighthouse-winter"
PAGES = {
    "streams": "/",
    "keyframes": f"/s/{STREAM}/keyframes",
    "videos": f"/s/{STREAM}/videos",
    "tasks": "/tasks",
    "metrics": "/metrics",
}
SIZES = {1280: 800, 1440: 900, 2560: 1440}
DOCUMENT_WIDTH = 1440
PATIENCE_MS = 60_000
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


def main() -> None:
    """Build a demo studio in a folder of its own and take the pictures."""
    parser = argparse.ArgumentParser(prog="make screenshots")
    parser.add_argument("pages", nargs="*", help=f"of {', '.join(PAGES)}; all without it")
    parser.add_argument("--all", type=Path, help="folder for the pictures of every width")
    asked = parser.parse_args()
    pages = {name: path for name, path in PAGES.items() if not asked.pages or name in asked.pages}
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
                _take(browser, url, (width, height), pages, asked.all)


def _take(
    browser: Browser, url: str, size: tuple[int, int], pages: dict[str, str], every: Path | None
) -> None:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-GB",
        timezone_id="UTC",
        color_scheme="dark",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sign_in(page, url, USERNAME, PASSWORD)
    for name, path in pages.items():
        _open(page, f"{url}{path}", name)
        targets = [IMAGES / f"{name}.png"] if width == DOCUMENT_WIDTH else []
        targets += [every / f"{name}-{width}.png"] if every else []
        for target in targets:
            target.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=target, animations="disabled", caret="hide")
            print(f"{target} ({width} × {height})")
    close_page(page)
    context.close()


def _open(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.get_by_test_id(f"page-{name}").wait_for()
    page.wait_for_function(_PICTURES_LOADED)
    page.wait_for_timeout(400)


if __name__ == "__main__":
    main()
