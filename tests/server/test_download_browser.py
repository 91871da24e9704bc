"""A version saved by a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from director_lib.media.files import VersionFiles, hash_file
from tests.server.live_server import LiveServer
from tests.server.test_browser import signed_in_tab


def test_a_version_is_saved_whole_under_its_clear_name(
    browser: Browser, server: LiveServer, tmp_path: Path
) -> None:
    source = tmp_path / "clip.webm"
    source.write_bytes(bytes(range(256)) * 400)
    stored = VersionFiles(server.settings.media_dir).add(source, ".webm")
    address = f"/media/file/{stored.sha256}.webm?download=film_video_007_v3.webm"
    with signed_in_tab(browser, server) as tab:
        with tab.page.expect_download() as saving:
            tab.page.evaluate(
                """address => {
                    const link = document.createElement("a");
                    link.href = address;
                    link.download = "";
                    document.body.append(link);
                    link.click();
                }""",
                address,
            )
        saved = saving.value
        assert saved.suggested_filename == "film_video_007_v3.webm"
        assert hash_file(Path(saved.path())) == stored.sha256
        assert tab.faults == []
