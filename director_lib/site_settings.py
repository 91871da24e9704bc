"""What can be configured of films' pages and of how they are deployed."""

from __future__ import annotations

import re

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

PLAIN_SITE = ("deploy_command", "deploy_url", "deploy_timeout_s", "site_public", "site_builds_kept")
"""Settings that a child process is given as they are; a deploy command's secrets are not among them."""

_KNOWN = {"stream", "build_id"}


class SiteSettings(BaseSettings):
    """The films' pages' part of the settings.

    Attributes:
        deploy_command: The studio's own program that makes a build public; "" for none.
        deploy_url: The address that a page has then, with ``{stream}`` and ``{build_id}``; "" when only the
            program knows it.
        site_public: Whether people who are not signed in may read films' pages on this server.
        site_builds_kept: How many of the newest builds of a page stay.
    """

    deploy_command: str = ""
    deploy_url: str = ""
    deploy_timeout_s: float = Field(default=1800.0, gt=0, allow_inf_nan=False)
    site_public: bool = False
    site_builds_kept: int = Field(default=10, ge=1)

    @field_validator("deploy_url")
    @classmethod
    def _check_deploy_url(cls, url: str) -> str:
        names = set(re.findall(r"\{([^{}]*)\}", url))
        plain = re.sub(r"\{[a-z_]+\}", "x", url)
        if url and (names - _KNOWN or not re.fullmatch(r"https?://[^\s{}]+", plain)):
            raise ValueError(
                "it is a web address in which {stream} and {build_id} may stand, for example "
                "https://films.example/{stream}/"
            )
        return url
