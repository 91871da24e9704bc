"""The connection to Google: Google's own library, told not to repeat anything."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from director_lib.engines.google.options import GOOGLE_URL, GoogleOptions
from director_lib.errors import ConfigError

if TYPE_CHECKING:
    import ssl

    import httpx
    from google import genai

KEY_VARIABLE = "GOOGLE_AI_API_KEY"


@cache
def trusted_authorities() -> ssl.SSLContext:
    """Return whom to believe that a server is what it says; read once, because that takes a while."""
    import httpx

    return httpx.create_ssl_context()


class Connection:
    """A client of Google's API, made at first use and kept, because the library closes one that is dropped.

    Args:
        timeout_s: Longest wait for an answer.
    """

    def __init__(self, options: GoogleOptions, timeout_s: float) -> None:
        self._options = options
        self._timeout_s = timeout_s

    @cached_property
    def key(self) -> str:
        """The key, for the one header that needs it.

        Raises:
            ConfigError: There is none, or it cannot be one.
        """
        secret = self._options.api_key.get_secret_value().strip() if self._options.api_key else ""
        if not secret:
            raise ConfigError(
                f"There is no key for Google, so nothing was sent. Set {KEY_VARIABLE} to a key of Google AI "
                f"Studio, for example {KEY_VARIABLE}=AIza…, or choose another engine."
            )
        if not (secret.isascii() and secret.isprintable()) or " " in secret:
            raise ConfigError(
                f"{KEY_VARIABLE} is not a key: it contains spaces or characters that no key has. Nothing was "
                "sent. Copy it again from Google AI Studio."
            )
        return secret

    @property
    def base_url(self) -> str:
        """Where the API answers, without a slash at its end.

        Raises:
            ConfigError: It is no web address.
        """
        url = self._options.base_url.rstrip("/")
        if not url.startswith(("https://", "http://")):
            raise ConfigError(
                f"The address of Google's API, “{url}”, is none. Write it as https://host, for example "
                f"{GOOGLE_URL}."
            )
        return url

    @cached_property
    def client(self) -> genai.Client:
        """Google's client.

        Raises:
            ConfigError: The key or the address is missing or wrong.
        """
        key, base_url = self.key, self.base_url
        from google import genai
        from google.genai import types

        return genai.Client(
            api_key=key,
            enterprise=False,
            http_options=types.HttpOptions(
                base_url=base_url,
                api_version=self._options.api_version,
                timeout=int(self._timeout_s * 1000),
                # a paid call is made once: whether to repeat it is the queue's decision
                retry_options=types.HttpRetryOptions(attempts=1),
                httpx_client=self._transport,
                # for the parts of the library that are not used here, so that they read no certificates
                async_client_args={"verify": trusted_authorities(), "ssl": trusted_authorities()},
            ),
        )

    @cached_property
    def _transport(self) -> httpx.Client:
        import httpx

        # Kept-alive connections may be closed by the other side at any time, and then nobody can tell whether
        # a paid request got through; a redirected one would take the key along.
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(
            verify=trusted_authorities(), timeout=self._timeout_s, follow_redirects=False, limits=limits
        )
