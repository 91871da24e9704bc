from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from moto.server import ThreadedMotoServer

from director_lib.config import Settings, load_settings
from director_lib.delivery.archive_jobs import open_mover
from director_lib.delivery.archive_moving import ArchiveMover, MoveReport
from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind, Origin, Version
from director_lib.store.assets import ensure_asset
from director_lib.store.versions import NewVersion, add_version, set_current
from director_lib.workbench import Workbench
from tests.archive.fake_drive import FOLDER, FakeDrive, running_drive
from tests.workbench.conftest import TickingClock, stream_folder

__all__ = ["stream_folder"]


@dataclass
class Shelf:
    """A studio with one still that has many versions."""

    workbench: Workbench
    clock: TickingClock
    told: list[tuple[str, float]] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return self.workbench.studio.settings

    def add(self, data: bytes, segment_id: int = 1, *, is_current: bool = True) -> Version:
        """Record a version with these bytes."""
        studio = self.workbench.studio
        source = studio.settings.data_dir / "new.png"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(data)
        stored = studio.files.add(source, ".png")
        new = NewVersion(stored.sha256, ".png", stored.size_bytes, Origin.GENERATED, self.clock())
        with studio.database.write() as connection:
            asset_id = ensure_asset(connection, "film", segment_id, Kind.KEYFRAME, now=self.clock())
            version = add_version(connection, asset_id, new)
            if is_current:
                set_current(connection, asset_id, version.id)
        return version

    def path(self, version: Version) -> Path:
        return self.workbench.studio.files.path(version.sha256, version.extension)

    def mover(self, do: Callable[[ArchiveMover], MoveReport]) -> MoveReport:
        """Do something with the archive."""
        with open_mover(self.settings, clock=self.clock) as mover:
            return do(mover)

    def archive(self, keep: int = 2) -> MoveReport:
        return self.mover(lambda mover: mover.archive(keep, "dora", self.tell))

    def tell(self, doing: str, percent: float) -> None:
        self.told.append((doing, percent))

    def later(self, **time: float) -> None:
        self.clock.now += timedelta(**time)


OpenShelf = Callable[..., Shelf]


@pytest.fixture
def open_shelf(tmp_path: Path, stream_folder: Path, settings: Settings) -> Iterator[OpenShelf]:
    """Open a studio whose archive is at an address."""
    opened = []

    def open_one(url: str, **more: object) -> Shelf:
        own = load_settings(
            home=settings.home, streams_dir=settings.streams_root, archive_url=url, _env_file=None, **more
        )
        clock = TickingClock()
        shelf = Shelf(Workbench.open(own, Actor("dora", Role.DIRECTOR), clock), clock)
        opened.append(shelf)
        return shelf

    yield open_one
    for shelf in opened:
        shelf.workbench.close()


@pytest.fixture
def film_archive(tmp_path: Path) -> Path:
    """An empty folder to archive to."""
    folder = tmp_path / "nas"
    folder.mkdir()
    return folder


@pytest.fixture
def shelf(open_shelf: OpenShelf, film_archive: Path) -> Shelf:
    """A studio whose archive is a folder."""
    return open_shelf(film_archive.as_uri())


@pytest.fixture
def drive() -> Iterator[FakeDrive]:
    """A running Drive."""
    with running_drive() as drive:
        yield drive


@pytest.fixture(scope="session")
def private_key() -> str:
    """A service account's key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


@pytest.fixture
def drive_key(drive: FakeDrive, private_key: str, tmp_path: Path) -> Path:
    """The file of a service account's key."""
    file = tmp_path / "drive.json"
    account = {
        "type": "service_account",
        "client_email": "studio@example.iam",
        "private_key": private_key,
        "private_key_id": "1",
        "token_uri": f"{drive.url}/token",
    }
    file.write_text(json.dumps(account))
    return file


@pytest.fixture
def drive_shelf(open_shelf: OpenShelf, drive: FakeDrive, drive_key: Path) -> Shelf:
    """A studio whose archive is on Drive."""
    return open_shelf(f"gdrive://{FOLDER}", gdrive_credentials=drive_key, gdrive_base_url=drive.url)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """A running S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_shelf(open_shelf: OpenShelf, s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A studio whose archive is in a bucket of its own."""
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "studio",
        "AWS_SECRET_ACCESS_KEY": "never-shown",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    bucket = f"films-{random.randrange(10**9)}"
    s3fs.S3FileSystem(skip_instance_cache=True).call_s3("create_bucket", Bucket=bucket)
    return open_shelf(f"s3://{bucket}/studio")
