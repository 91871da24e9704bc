"""What survives what: restarts, kills, ended sessions, a dead fork server."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from jupyter_server.auth.authorizer import AllowAllAuthorizer
from jupyter_server.auth.identity import PasswordIdentityProvider
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from director_lib.errors import ConfigError
from director_lib.server.firewall import FirewallConnection
from director_lib.server.identity import DirectorAuthorizer, DirectorIdentityProvider
from director_lib.server.install import check_closed
from director_lib.server.kernels import DirectorKernelManager
from tests.ports import free_port
from tests.server.kernel_wire import ask_state, connect_kernel, open_page
from tests.server.live_server import PASSWORD, LiveServer, make_server, wait_for

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server of this test's own, not started yet."""
    server = make_server(tmp_path / "home", warm=False)
    yield server
    server.stop()


def descendants(server: LiveServer) -> list[psutil.Process]:
    return psutil.Process(server.pid).children(recursive=True)


def has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_sign_in_survives_a_killed_server_and_its_kernels_do_not(own_server: LiveServer) -> None:
    own_server.start()
    with own_server.browser("ann") as client:
        open_page(client)
        family = descendants(own_server)
        assert len(family) >= 2
        assert own_server.process is not None
        own_server.process.kill()
        own_server.process.wait()
        psutil.wait_procs(family, timeout=30)
        assert [process for process in family if process.is_running()] == []
        cookies = dict(client.cookies)
    own_server.start()
    with own_server.browser() as client:
        client.cookies.update(cookies)
        assert client.get("/session").json()["username"] == "ann"
        assert open_page(client)[0]


def test_a_stopped_server_leaves_no_process(own_server: LiveServer) -> None:
    own_server.start()
    with own_server.browser("ann") as client:
        open_page(client)
    family = descendants(own_server)
    own_server.stop()
    psutil.wait_procs(family, timeout=30)
    assert [process for process in family if process.is_running()] == []


def test_a_page_still_opens_when_the_fork_server_is_dead(own_server: LiveServer) -> None:
    own_server.start()
    fork_server = wait_for(
        lambda: [p for p in descendants(own_server) if "director_lib.server.forkserver" in p.cmdline()],
        "the fork server",
    )[0]
    with own_server.browser("ann") as client:
        open_page(client)
        fork_server.kill()
        wait_for(lambda: has_ended(fork_server), "the fork server's end")
        kernel_id, model_id, _ = open_page(client)
        with connect_kernel(client, kernel_id) as kernel:
            assert ask_state(kernel, model_id)["who"].startswith("ann director")
    own_server.wait_for_log("WARNING", "the fork server is gone")


def test_behind_a_proxy_with_tls_cookies_are_secure(own_server: LiveServer) -> None:
    own_server.environment["DIRECTOR_SECURE_COOKIES"] = "True"
    own_server.start()
    with own_server.browser(address="127.0.0.78") as client:
        # As the proxy says for whom it speaks; a client would not send a secure cookie back over plain http.
        token = client.get("/login").cookies["_xsrf"]
        form = {"username": "ann", "password": PASSWORD, "_xsrf": token}
        headers = {"Cookie": f"_xsrf={token}", "X-Forwarded-For": "192.0.2.7"}
        entered = client.post("/login", data=form, headers=headers)
        assert entered.status_code == 302
        assert all("; Secure" in line for line in entered.headers.get_list("set-cookie"))
        client.post("/login", data={**form, "password": "wrong"}, headers=headers)
    own_server.wait_for_log("refused sign-in", "192.0.2.7")


def test_a_waiting_kernel_that_does_not_answer_is_replaced(tmp_path: Path) -> None:
    server = make_server(tmp_path / "home")
    try:
        server.start()
        for notebook in ("streams.ipynb", "keyframes.ipynb", "videos.ipynb"):
            server.wait_for_log("waits for a visitor", notebook)
        for process in descendants(server):
            if psutil.Process(process.ppid()).ppid() == server.pid:
                process.suspend()
        with server.browser("ann") as client:
            kernel_id, model_id, _ = open_page(client, "/s/film/keyframes")
            with connect_kernel(client, kernel_id) as kernel:
                assert ask_state(kernel, model_id)["who"].startswith("ann director")
        server.wait_for_log(kernel_id, "could not be told its visit")
    finally:
        server.stop()


def test_the_sessions_of_a_disabled_person_end_with_their_pages(own_server: LiveServer) -> None:
    own_server.start()
    with own_server.browser("bob") as bob, own_server.browser("ann") as ann:
        bobs, anns = open_page(bob)[0], open_page(ann)[0]
        assert bob.get("/session", params={"kernel": bobs}).json()["kernel"] is True
        own_server.people.disable("bob")
        wait_for(lambda: bob.get("/session").status_code == 401, "the end of the session")
        own_server.wait_for_log("session of bob has ended")
        wait_for(lambda: len(descendants(own_server)) == 2, "the end of bob's kernel")
        assert ann.get("/session", params={"kernel": anns}).json()["kernel"] is True


def test_plain_voila_from_the_checkout_serves_the_same(own_server: LiveServer) -> None:
    port = free_port()
    voila = shutil.which("voila", path=str(Path(sys.executable).parent))
    assert voila is not None
    command = [voila, str(own_server.notebooks), "--port", str(port), "--no-browser"]
    own_server.start(command, cwd=CHECKOUT)
    with own_server.browser() as stranger:
        assert stranger.get("/s/film/videos").headers["location"].startswith("/login")
        assert stranger.get("/voila/tree").status_code == 404
    with own_server.browser("ann") as client:
        kernel_id, model_id, html = open_page(client)
        assert 'id="director-skeleton"' in html
        with connect_kernel(client, kernel_id) as kernel:
            assert ask_state(kernel, model_id)["who"].startswith("ann director")


def test_the_checkouts_configuration_is_the_packages() -> None:
    package = CHECKOUT / "director_lib" / "server" / "voila.json"
    assert (CHECKOUT / "voila.json").read_text() == package.read_text()


def stand_in(**replaced: type) -> SimpleNamespace:
    """An application as far as the check looks at it."""
    parts = {
        "identity_provider_class": DirectorIdentityProvider,
        "authorizer_class": DirectorAuthorizer,
        "kernel_websocket_connection_class": FirewallConnection,
    }
    kernels = replaced.pop("kernel_manager", DirectorKernelManager)()
    return SimpleNamespace(**{**parts, **replaced}, kernel_manager=kernels)


@pytest.mark.parametrize(
    ("part", "stock"),
    [
        ("identity_provider_class", PasswordIdentityProvider),
        ("authorizer_class", AllowAllAuthorizer),
        ("kernel_websocket_connection_class", ZMQChannelsWebsocketConnection),
        ("kernel_manager", AsyncMappingKernelManager),
    ],
)
def test_an_application_with_a_stock_part_is_refused(part: str, stock: type) -> None:
    check_closed(stand_in())
    with pytest.raises(ConfigError, match=part.replace("kernel_manager", "multi_kernel_manager_class")):
        check_closed(stand_in(**{part: stock}))


def test_a_server_without_its_identity_provider_refuses_to_start(own_server: LiveServer) -> None:
    script = (
        "import sys; from director_lib.server.app import DirectorApp\n"
        "app = DirectorApp(port=0); app.initialize(sys.argv[1:]); app.start()"
    )
    stock = "--Voila.identity_provider_class=jupyter_server.auth.identity.PasswordIdentityProvider"
    result = subprocess.run(
        [sys.executable, "-c", script, str(own_server.notebooks), stock],
        env=own_server.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode != 0
    assert "refuses to start" in result.stderr
    assert "identity_provider_class" in result.stderr


def test_a_port_in_use_is_told_with_the_way_out(own_server: LiveServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = subprocess.run(
            [sys.executable, "-m", "director_lib.server"],
            env={**own_server.environment, "DIRECTOR_PORT": port},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert result.returncode == 1
    assert result.stderr.startswith(f"director: Port {port}")
    assert "--port" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_notebooks_folder_is_told(own_server: LiveServer) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "director_lib.server"],
        env={**own_server.environment, "DIRECTOR_NOTEBOOKS_DIR": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "DIRECTOR_NOTEBOOKS_DIR" in result.stderr
