"""Texts: one call to one of Google's text models, which answers in a given form of JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from director_lib.engines.google.connection import Connection
from director_lib.engines.google.failures import Call, explained
from director_lib.engines.google.models import IMAGE_MODELS, VIDEO_MODELS, find_replacement
from director_lib.engines.google.options import GoogleOptions
from director_lib.engines.google.prices import Price, text_price
from director_lib.engines.google.text_answers import TextAnswer, read_text_answer
from director_lib.engines.google.wording import sendable
from director_lib.errors import ConfigError

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,199}", re.ASCII)
# the older address knows no forms of JSON
_API_VERSION = "v1beta"
_MOST_TOKENS = 65_536


class GoogleTextEngine:
    """Has texts written by Google.

    A text is made while one call lasts. Google gives such a call no id and keeps no list of them: when it
    breaks off, nobody can find out what became of it.
    """

    def __init__(self, options: GoogleOptions) -> None:
        self._options = replace(options, api_version=_API_VERSION)

    @property
    def model(self) -> str:
        """The model in use."""
        return self._options.text_model

    def price(self, n_letters: int, n_written: int) -> Price:
        """Estimate the price of reading so many letters and writing so many tokens."""
        return text_price(self.model, n_letters, n_written, self._options.prices_usd)

    def check_model(self) -> None:
        """Refuse a model that is retired or writes no text.

        Raises:
            ConfigError: It is; the message says which one to use.
        """
        setting = "It is what DIRECTOR_GOOGLE_SPEC_MODEL names."
        if not _NAME.fullmatch(self.model):
            raise ConfigError(f"“{self.model[:80]}” is no name of a model at Google. {setting}")
        if self.model in IMAGE_MODELS or self.model in VIDEO_MODELS:
            raise ConfigError(f"The model “{self.model}” writes no text. Nothing was queued. {setting}")
        replacement = find_replacement(self.model)
        if replacement is not None:
            raise ConfigError(
                f"Google has retired the model “{self.model}”. Nothing was queued. Use “{replacement}” "
                f"instead. {setting}"
            )

    def write(self, words: str, form: Mapping[str, Any]) -> TextAnswer:
        """Have a text written; calls Google once and never repeats the call.

        Args:
            words: What to write about.
            form: JSON schema of the answer.

        Returns:
            What Google wrote and counted, also when it is unusable: it may be charged all the same.

        Raises:
            ConfigError: The key is missing or refused.
            EngineBusyError: Nothing was charged; the same call may be made later.
            OutcomeUnknownError: The text may have been written and charged.
            EngineError: Google rejected the request; nothing was charged.
        """
        connection = Connection(self._options, self._options.text_timeout_s)
        client = connection.client
        from google.genai import types

        config = types.GenerateContentConfig(
            response_mime_type="application/json",
            response_json_schema=dict(form),
            max_output_tokens=_MOST_TOKENS,
        )
        with explained(Call("text", self.model, connection.key)):
            response = client.models.generate_content(
                model=self.model, contents=types.Part.from_text(text=sendable(words)), config=config
            )
        return read_text_answer(response, self.model, self._options, connection.key)
