"""Which versions may go, whatever the studio holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.archive_policy import Hold, OldVersion, plan_archive
from director_lib.domain.disk_forecast import DiskForecast


@st.composite
def studios(draw: st.DrawFn) -> list[OldVersion]:
    """Versions of a few assets; some are the same file."""
    versions = []
    for place in range(draw(st.integers(0, 4))):
        for number in range(1, draw(st.integers(1, 8)) + 1):
            digest = draw(st.sampled_from("abcdefgh"))
            versions.append(OldVersion(len(versions) + 1, place, number, (digest, ".png"), ord(digest)))
    return versions


@given(studios(), st.integers(1, 6), st.data())
def test_nothing_goes_that_has_a_reason_to_stay(
    versions: list[OldVersion], keep: int, data: st.DataObject
) -> None:
    ids = [version.id for version in versions]
    held = dict.fromkeys(data.draw(st.sets(st.sampled_from(ids))) if ids else (), Hold.COMMENTED)
    plan = plan_archive(versions, held, keep_newest=keep)
    going = {item.key for item in plan.items}
    for version in versions:
        later = sum(one.place == version.place and one.number > version.number for one in versions)
        if version.id in held or later < keep:
            assert version.key not in going
    staying = {one.key for one in versions} - going
    for key in staying:
        same = [one for one in versions if one.key == key]
        assert any(
            one.id in held
            or sum(other.place == one.place and other.number > one.number for other in versions) < keep
            for one in same
        )
    assert plan.size_bytes == sum(ord(key[0]) for key in going)
    assert {version_id for item in plan.items for version_id in item.version_ids} == {
        one.id for one in versions if one.key in going
    }


@given(studios())
def test_keeping_more_never_moves_more(versions: list[OldVersion]) -> None:
    moved = [{item.key for item in plan_archive(versions, {}, keep_newest=n).items} for n in range(1, 10)]
    assert all(more <= less for less, more in zip(moved, moved[1:], strict=False))


def test_a_forecast_says_how_long_the_disk_lasts() -> None:
    assert DiskForecast(100, 50, 5).days_until_full == 10
    assert DiskForecast(100, 50, 0).days_until_full is None
    assert "full in 10 days" in DiskForecast(int(100e9), int(50e9), 5e9).in_words
    assert "nothing was made" in DiskForecast(100, 50, 0).in_words
    assert "for years" in DiskForecast(int(100e9), int(50e9), 1e3).in_words
