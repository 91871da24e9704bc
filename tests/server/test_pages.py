"""What a real server gives at which address, and what a page's kernel knows."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from director_lib.server import assets
from director_lib.server.kernels import DirectorKernelManager
from tests.server.kernel_wire import ask_state, connect_kernel, open_page
from tests.server.live_server import LiveServer


def seen_by(client: httpx.Client, path: str, **headers: str) -> str:
    """Open a page and return what its kernel was told about its visitor."""
    client.headers.update(headers)
    kernel_id, model_id, _ = open_page(client, path)
    with connect_kernel(client, kernel_id) as socket:
        return str(ask_state(socket, model_id)["who"])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "[('path', '/')]"),
        ("/metrics", "[('path', '/metrics')]"),
        (
            "/s/film/videos?segment=7&stream=other",
            "[('path', '/s/film/videos'), ('segment', '7'), ('stream', 'film')]",
        ),
        (
            "/voila/render/videos.ipynb?stream=film&theme=light",
            "[('path', '/voila/render/videos.ipynb'), ('stream', 'film')]",
        ),
    ],
)
def test_a_page_learns_its_visitor_and_parameters(ann: httpx.Client, path: str, told: str) -> None:
    assert seen_by(ann, path) == f"ann director {told}"


def test_kernels_made_ready_ahead_never_mix_up_their_visitors(ann: httpx.Client, bob: httpx.Client) -> None:
    for number, client in enumerate((ann, bob, ann, bob)):
        name = "ann director" if client is ann else "bob viewer"
        told = seen_by(client, f"/s/film/keyframes?n={number}", **{"X-User": "cleo", "X-Director": "admin"})
        assert told.startswith(name)
        assert f"('n', '{number}')" in told


def test_a_page_arrives_with_its_own_kernel_and_no_foreign_address(ann: httpx.Client) -> None:
    first, _, html = open_page(ann)
    second, _, _ = open_page(ann)
    assert first != second
    assert "jsdelivr" not in html
    assert "leak-me" not in html
    config = json.loads(
        html.partition('id="jupyter-config-data" type="application/json">')[2].partition("<")[0]
    )
    assert config["kernelId"] == first
    names = {extension["name"] for extension in config["federated_extensions"]}
    assert names == {
        "@jupyter-widgets/jupyterlab-manager",
        "@voila-dashboards/widgets-manager8",
        "jupyter-vue",
        "jupyter-vuetify",
    }


def test_a_failing_notebook_shows_a_card_and_no_inside(server: LiveServer, ann: httpx.Client) -> None:
    html = ann.get("/tasks").text
    assert 'data-testid="page-error"' in html
    for inside in ("xyzzy", "RuntimeError", "Traceback", "password ="):
        assert inside not in html
    server.wait_for_log("RuntimeError", "xyzzy")


@pytest.mark.parametrize(
    "path",
    [
        "/s/film/story",
        "/s/a%20b/keyframes",
        "/s/..%2f..%2fetc/keyframes",
        "/voila/render/nothing.ipynb",
        "/voila/render/videos.ipynb?stream=..%2f..%2fetc",
        "/voila/render/batch/nightly.ipynb",
        "/voila/render/..%2fvoila.json",
        "/voila/render/%2e%2e/voila.json",
        "/voila/render/../voila.json",
        "/voila/render/burglar.py",
        "/voila/files/burglar.py",
        "/voila/tree",
        "/voila/api/contents",
        "/voila/query/00000000-0000-0000-0000-000000000000",
        "/voila/static/voila.js",
        "/voila/templates/lab/static/voila.js",
        "/media/../server.log",
        "/media/file/..%2f..%2fserver.log",
        "/a/../voila.json",
    ],
)
def test_what_is_not_there_is_a_designed_404_and_logged(
    server: LiveServer, ann: httpx.Client, path: str
) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    cookies = "; ".join(f"{name}={value}" for name, value in ann.cookies.items())
    # Not through httpx, which would tidy the path.
    connection.request("GET", path, headers={"Cookie": cookies})
    answer = connection.getresponse()
    assert answer.status == 404
    assert 'data-testid="error-page"' in answer.read().decode()
    connection.close()
    server.wait_for_log("refused", path.partition("?")[0])


def test_scripts_are_compressed_and_kept_for_ever(server: LiveServer, ann: httpx.Client) -> None:
    html = ann.get("/s/film/videos").text
    bundle = html.partition('src="/a/')[2].partition('"')[0]
    with server.browser() as anybody:
        answer = anybody.get(f"/a/{bundle}")
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "javascript" in answer.headers["content-type"]
        version = bundle.partition("/")[0]
        for name in ("labextensions/@jupyter-widgets/../jupyter-vue/package.json", "static/../../conf.json"):
            assert anybody.get(f"/a/{version}/{name.replace('..', '%2e%2e')}").status_code == 404
        assert anybody.get(f"/a/{version}/labextensions/jupyterlab_pygments/package.json").status_code == 404
        assert anybody.get(f"/a/{version}/director/page.js").status_code == 200


def test_the_bundles_list_each_script_once_and_none_that_is_not_installed(ann: httpx.Client) -> None:
    version = ann.get("/s/film/videos").text.partition('src="/a/')[2].partition("/")[0]
    lists = [Path(assets.__file__).with_name(name) for name in ("startup.txt", "bundle.txt")]
    names = [name for one in lists for name in one.read_text().split()]
    assert len(names) == len(set(names))
    missing = [name for name in names if ann.head(f"/a/{version}/{name}").status_code != 200]
    assert missing == []


def test_what_runs_at_the_start_comes_first_and_is_compiled_as_a_whole(ann: httpx.Client) -> None:
    html = ann.get("/s/film/videos").text
    version = html.partition('src="/a/')[2].partition("/")[0]
    startup, bundle = (f"/a/{version}/static/{name}.js" for name in ("startup", "bundle"))
    assert 0 < html.index(f'src="{startup}"') < html.index(f'src="{bundle}"')
    assert ann.get(startup).text.startswith("//# allFunctionsCalledOnLoad\n")
    assert not ann.get(bundle).text.startswith("//#")


def test_leaving_a_page_ends_its_kernel_and_tells_the_page(ann: httpx.Client) -> None:
    kernel_id, _, _ = open_page(ann)
    assert ann.get("/session", params={"kernel": kernel_id}).json()["kernel"] is True
    for _ in range(2):
        answer = ann.post(f"/voila/api/shutdown/{kernel_id}", data={"_xsrf": ann.cookies["_xsrf"]})
        assert answer.status_code == 204
    assert ann.get("/session", params={"kernel": kernel_id}).json()["kernel"] is False


def test_a_kernel_manager_takes_nothing_of_the_environment_but_the_visit() -> None:
    assert DirectorKernelManager.allow_tracebacks.metadata.get("config") is None
    assert DirectorKernelManager.allowed_message_types.metadata.get("config") is None
