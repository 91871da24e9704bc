"""What was learned, as files: written whole or not at all, and read a few pages at a time.

A model is a folder of NumPy arrays and ``facts.json``; the file ``current`` beside the folders names the one
that holds. Readers map the arrays into memory and need neither pandas nor scikit-learn.

Per distinct prompt of a kind: ``kind`` (0 still, 1 clip), ``n`` and ``k`` (judged, approved), ``prior``
(predicted without its own decisions), ``mean``, ``low``, ``high`` (with them), ``text`` and ``text_start``
(UTF-8), ``source_stream``, ``source_segment``, ``source_version``, ``setting_start`` into ``setting``,
``setting_n``, ``setting_k``. Per term: ``term`` (sorted digests), ``term_weight``, ``coefficients``,
``term_start`` into ``term_prompt`` and ``term_value``. Per listed phrase: ``phrase_start`` into
``phrase_prompt``. ``grid_low`` and ``grid_high``: bounds of a prediction without decisions, at 101 steps
from 0 to 1.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

FORMAT = 1
_CURRENT, _FACTS = "current", "facts.json"
_KEPT = 2
_HEADER_BYTES = 128


@dataclass(frozen=True)
class AdviceModel:
    """Something that was learned.

    Attributes:
        id: New for each fit.
        arrays: By name, mapped into memory.
        facts: JSON values.
    """

    id: str
    arrays: Mapping[str, npt.NDArray[Any]]
    facts: Mapping[str, Any]

    def text(self, prompt: int) -> str:
        """Return the words of a prompt."""
        first, last = self.arrays["text_start"][prompt : prompt + 2]
        return bytes(self.arrays["text"][first:last]).decode()


def advice_folder(data_dir: Path) -> Path:
    """Return where what was learned lies, below a studio's data; what is removed is learned again."""
    return data_dir / "cache" / "advice"


def write_model(folder: Path, arrays: Mapping[str, npt.NDArray[Any]], facts: Mapping[str, Any]) -> str:
    """Write a model and make it the current one; readers of the one before may finish with it.

    Returns:
        Its id.

    Raises:
        OSError: There is no room, or the folder may not be written; the model before stays current.
    """
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    model_id = uuid.uuid4().hex[:12]
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    try:
        for name, array in arrays.items():
            np.save(making / f"{name}.npy", array, allow_pickle=False)
        text = json.dumps({**facts, "format": FORMAT, "arrays": sorted(arrays)}, ensure_ascii=False)
        (making / _FACTS).write_text(text, encoding="utf-8")
        making.rename(folder / model_id)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise
    naming = folder / f".{_CURRENT}-{model_id}"
    naming.write_text(model_id, encoding="utf-8")
    naming.replace(folder / _CURRENT)
    _drop_old(folder)
    return model_id


def current_id(folder: Path) -> str:
    """Return the id of the current model; "" when there is none."""
    try:
        return (folder / _CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def read_facts(folder: Path) -> dict[str, Any]:
    """Return the facts of the current model; {} when there is none that this version can read."""
    return _read_facts(folder, current_id(folder))


def find_model(folder: Path) -> AdviceModel | None:
    """Map the current model into memory; None when there is none that this version can read."""
    model_id = current_id(folder)
    facts = _read_facts(folder, model_id)
    if not facts:
        return None
    try:
        arrays = {name: _map(folder / model_id / f"{name}.npy") for name in facts["arrays"]}
    except (OSError, ValueError):
        # it was replaced just now, or is damaged: the next fit writes another one
        return None
    return AdviceModel(model_id, arrays, facts)


def _read_facts(folder: Path, model_id: str) -> dict[str, Any]:
    try:
        facts = json.loads((folder / model_id / _FACTS).read_text(encoding="utf-8")) if model_id else {}
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) and facts.get("format") == FORMAT else {}


def _map(path: Path) -> npt.NDArray[Any]:
    import numpy as np

    # an array without values is a header only, and no file can be mapped at its end
    is_empty = path.stat().st_size <= _HEADER_BYTES
    array: npt.NDArray[Any] = np.load(path, mmap_mode=None if is_empty else "r", allow_pickle=False)
    return array


def _drop_old(folder: Path) -> None:
    models = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    models.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in models[_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
