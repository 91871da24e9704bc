"""The analyst's frames as files for other programs: CSV and Parquet."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from director_lib.delivery.export_csv import guarded
from director_lib.domain.frame_file import FRAME_ENDINGS, FRAME_NAMES
from director_lib.errors import InputError, StorageError

if TYPE_CHECKING:
    import pandas as pd

    from director_lib.workbench.insight import Insight


class FrameFiles:
    """Writes frames of one studio into files."""

    def __init__(self, insight: Insight) -> None:
        self._read: Mapping[str, Callable[[str | None], pd.DataFrame]] = {
            name: getattr(insight, name) for name in FRAME_NAMES
        }

    def read(self, frame: str, stream_id: str | None = None) -> pd.DataFrame:
        """Return a frame by its name.

        Raises:
            PermissionDeniedError: The actor may not look at the studio.
            InputError: There is no such frame.
        """
        if frame not in self._read:
            raise InputError(f"“{frame}” is no frame. There are: {', '.join(FRAME_NAMES)}.")
        return self._read[frame](stream_id)

    def save(self, frame: str, target: Path, stream_id: str | None = None) -> Path:
        """Write a frame into a new file; its ending says the format.

        CSV is UTF-8 with a head; instants are ISO 8601 in UTC, what is missing is empty; a text that a
        spreadsheet would calculate is kept from it by an apostrophe before it. Parquet keeps dtypes and texts
        exactly.

        Args:
            target: Ending in ".csv" or ".parquet".
            stream_id: One stream; all of them when None.

        Returns:
            The file.

        Raises:
            PermissionDeniedError: The actor may not look at the studio.
            InputError: There is no such frame or format, or there is such a file already.
            StorageError: It cannot be written; nothing half-written stays.
        """
        if target.suffix not in FRAME_ENDINGS:
            raise InputError(f"“{target.suffix}” is no format. There are: {', '.join(FRAME_ENDINGS)}.")
        if os.path.lexists(target):
            raise InputError(f"{target} exists already and was left as it is. Choose another name.")
        table = self.read(frame, stream_id)
        partial = target.with_name(f".{target.name}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(table, partial, target.suffix)
            os.replace(partial, target)  # noqa: PTH105 - the atomic one by name
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StorageError(f"{target} cannot be written ({error.strerror}). Nothing is lost.") from error
        return target


def _write(table: pd.DataFrame, path: Path, ending: str) -> None:
    if ending == ".parquet":
        table.to_parquet(path, engine="pyarrow", index=False)
    else:
        safe = table.copy(deep=False)
        texts = [str(name) for name, dtype in table.dtypes.items() if str(dtype) == "str"]
        for column in texts:
            safe[column] = table[column].map(guarded, na_action="ignore")
        safe.to_csv(path, index=False, date_format="%Y-%m-%dT%H:%M:%S.%f%z")
