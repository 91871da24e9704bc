"""The provider's own client library runs against the fake: what it understands, the fake speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from replicate.client import Client
from replicate.exceptions import ReplicateError

from tests.engines.fakes.replicate.media import clip_bytes, picture_bytes
from tests.engines.fakes.replicate.state import FakeReplicate, read_duration_s

SEEDANCE = "bytedance/seedance-1-pro"


@pytest.fixture
def sdk(fake: FakeReplicate) -> Iterator[Client]:
    client = Client(api_token=fake.token, base_url=fake.address, timeout=20)
    yield client
    client._client.close()


def test_a_model_and_its_schema_are_read(sdk: Client) -> None:
    model = sdk.models.get(SEEDANCE)
    assert model.name == "seedance-1-pro"
    assert model.latest_version is not None
    assert "image" in model.latest_version.openapi_schema["components"]["schemas"]["Input"]["properties"]
    assert model.versions.get(model.latest_version.id).id == model.latest_version.id


def test_the_account_is_told(sdk: Client) -> None:
    account = sdk.accounts.current()
    assert (account.type, account.username) == ("organization", "studio")


def test_a_file_is_uploaded_and_its_metadata_comes_back(sdk: Client, keyframe: Path) -> None:
    made = sdk.files.create(keyframe, metadata={"attempt": "a:1"})
    assert made.size == len(picture_bytes())
    assert sdk.files.get(made.id).metadata == {"attempt": "a:1"}
    assert [file.id for file in sdk.files.list()] == [made.id]


def test_a_prediction_is_created_followed_and_its_file_fetched(sdk: Client, keyframe: Path) -> None:
    url = sdk.files.create(keyframe).urls["get"]
    made = sdk.models.predictions.create(model=SEEDANCE, input={"prompt": "push in", "image": url})
    seen = [made.status]
    while made.status not in ("succeeded", "failed", "canceled"):
        made.reload()
        seen.append(made.status)
        if made.status == "processing":
            assert made.progress is not None
            assert made.progress.percentage == pytest.approx(0.4)
    assert seen == ["starting", "starting", "processing", "succeeded"]
    assert sdk._client.get(made.output).content == clip_bytes()


def test_a_model_of_the_community_is_ordered_by_its_version(sdk: Client, fake: FakeReplicate) -> None:
    version = fake.models["studio/own-motion"]["latest_version"]["id"]
    made = sdk.predictions.create(version=version, input={"prompt": "a", "strength": 1})
    assert (made.model, made.version) == ("studio/own-motion", version)


def test_predictions_are_listed_newest_first_in_pages(sdk: Client, fake: FakeReplicate) -> None:
    fake.page_size = 2
    made = [sdk.models.predictions.create(SEEDANCE, input={"prompt": str(i)}).id for i in range(5)]
    page = sdk.predictions.list()
    listed = list(page.results)
    while page.next:
        page = sdk.predictions.list(page.next)
        listed += page.results
    assert [prediction.id for prediction in listed] == made[::-1]


def test_a_prediction_is_cancelled(sdk: Client) -> None:
    made = sdk.models.predictions.create(SEEDANCE, input={"prompt": "a"})
    made.cancel()
    made.reload()
    assert made.status == "canceled"


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda sdk: sdk.models.get("nobody/nothing"), 404),
        (lambda sdk: sdk.models.predictions.create(SEEDANCE, input={}), 422),
        (lambda sdk: sdk.models.predictions.create(SEEDANCE, input={"prompt": "a", "resolution": "9p"}), 422),
        (lambda sdk: sdk.models.predictions.create(SEEDANCE, input={"prompt": "a", "colour": 1}), 422),
        (lambda sdk: sdk.predictions.get("none"), 404),
    ],
    ids=["no such model", "no prompt", "no such size", "no such input", "no such prediction"],
)
def test_refusals_are_problem_documents(sdk: Client, ask: Callable[[Client], object], status: int) -> None:
    with pytest.raises(ReplicateError) as caught:
        ask(sdk)
    assert caught.value.status == status


def test_a_wrong_token_is_refused(fake: FakeReplicate) -> None:
    stranger = Client(api_token="r8_wrong", base_url=fake.address)
    with pytest.raises(ReplicateError, match="authentication token"):
        stranger.models.get(SEEDANCE)
    stranger._client.close()


@pytest.mark.parametrize(
    ("text", "seconds"), [("30", 30), ("90s", 90), ("5m", 300), ("1h30m45s", 5445), ("2h30m", 9000)]
)
def test_deadlines_are_read_as_the_api_describes_them(text: str, seconds: int) -> None:
    assert read_duration_s(text) == seconds


@pytest.mark.parametrize("text", ["4s", "", "1x", "s"])
def test_a_wrong_deadline_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Cancel-After"):
        read_duration_s(text)
