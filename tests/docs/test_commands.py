from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from director_lib.cli import app
from tests.docs.documents import CHECKOUT, README, documents, links, read, sections, shell_lines

KNOWN_PROGRAMS = {"git", "cd", "conda", "mamba", ".venv/bin/pre-commit", ".venv/bin/playwright", "sudo"}
KNOWN_PROGRAMS |= {"docker", "curl"}
PROGRAM = typer.main.get_command(app)


def commands(
    command: TyperCommand | TyperGroup = PROGRAM, path: str = "director"
) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Give every command that does something, by what one types."""
    if isinstance(command, TyperGroup):
        if command.invoke_without_command:
            yield path, command
        for name, child in command.commands.items():
            yield from commands(child, f"{path} {name}")
    else:
        yield path, command


COMMANDS = dict(commands())


def long_options(command: TyperCommand | TyperGroup) -> list[str]:
    """List the options as they are typed, without --help."""
    options = [parameter for parameter in command.params if isinstance(parameter, TyperOption)]
    names = [name for option in options for name in (*option.opts, *option.secondary_opts)]
    return [name for name in names if name.startswith("--") and name not in {"--help", "--json"}]


def argument_name(argument: TyperArgument) -> str:
    """Return an argument's name as the documents write it."""
    return (argument.metavar or argument.name or "").strip("[].").upper()


def make_targets() -> set[str]:
    text = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", text, re.MULTILINE))


def find_command(words: list[str]) -> tuple[str, list[str]]:
    """Split typed words into the longest known command and its arguments."""
    for length in range(len(words), 0, -1):
        if " ".join(words[:length]) in COMMANDS:
            return " ".join(words[:length]), words[length:]
    return "", words


def test_every_command_has_its_section_and_no_section_is_without_command() -> None:
    assert sorted(sections(read("cli.md"))) == sorted(COMMANDS)


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_a_commands_options_and_arguments_are_documented(path: str) -> None:
    section = sections(read("cli.md"))[path]
    assert [option for option in long_options(COMMANDS[path]) if f"`{option}" not in section] == []
    takes_json = any("--json" in parameter.opts for parameter in COMMANDS[path].params)
    assert takes_json == ("`--json`" in section)
    arguments = [argument_name(one) for one in COMMANDS[path].params if isinstance(one, TyperArgument)]
    assert [name for name in arguments if name not in section] == []


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_a_commands_section_names_no_option_that_it_lacks(path: str) -> None:
    named = set(re.findall(r"`(--[a-z-]+)", sections(read("cli.md"))[path]))
    assert named - {"--json"} <= set(long_options(COMMANDS[path]))


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_every_command_says_what_it_does_in_its_help(path: str) -> None:
    assert COMMANDS[path].help


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_command_in_a_document_exists(document: Path) -> None:
    for words in shell_lines(document.read_text(encoding="utf-8")):
        words = [word for word in words if "=" not in word or word.startswith("-")]
        program = words[0].removeprefix(".venv/bin/")
        if program == "make":
            assert set(words[1:]) <= make_targets(), words
        elif program == "director":
            path, rest = find_command(["director", *words[1:]])
            assert path, words
            options = {word.partition("=")[0] for word in rest if word.startswith("--")}
            assert options <= {*long_options(COMMANDS[path]), "--json", "--help"}, words
        else:
            assert words[0] in KNOWN_PROGRAMS, words


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_link_in_a_document_leads_somewhere(document: Path) -> None:
    local = [link for link in links(document) if "://" not in link and not link.startswith(("#", "mailto:"))]
    missing = [link for link in local if not (document.parent / link.partition("#")[0]).exists()]
    assert missing == []


def test_the_readme_shows_the_two_commands_that_start_and_test() -> None:
    typed = [" ".join(words) for words in shell_lines(README.read_text(encoding="utf-8"))]
    assert {"make run", "make test"} <= set(typed)


def test_the_guide_for_contributors_stays_short() -> None:
    assert len((CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 150
