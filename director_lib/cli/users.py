"""``director user``: who may sign in."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.config import load_settings
from director_lib.domain.people import Role
from director_lib.errors import InputError
from director_lib.store.database import open_database
from director_lib.store.people import Person
from director_lib.workbench.people import SHORTEST_PASSWORD, People

app = typer.Typer(help="Add, list and close accounts.", no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="User name: lower-case letters, digits, '.', '_', '-'.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
]


@app.command("add")
def add(
    username: Username,
    role: Annotated[Role, typer.Option(help="What the person is in the studio.")] = Role.DIRECTOR,
    name: Annotated[str, typer.Option("--name", help="Name to show.")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Create an account; asks for the password unless it comes from standard input."""
    person = _people().add(username, role, _read_password(password_stdin), name)
    typer.echo(f"Added {person.username} ({person.role}).")


@app.command("list")
def list_people(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List every account."""
    people = _people().list()
    if as_json:
        print_json([_fields(person) for person in people])
        return
    rows = [
        (p.username, p.role.value, p.display_name, "disabled" if p.is_disabled else "open") for p in people
    ]
    print_table(("user", "role", "name", "state"), rows)


@app.command("passwd")
def passwd(username: Username, password_stdin: FromStdin = False) -> None:
    """Set a new password; ends all of the person's sessions."""
    _people().set_password(username, _read_password(password_stdin))
    typer.echo(f"The password of {username} is changed; all their sessions have ended.")


@app.command("disable")
def disable(username: Username) -> None:
    """Close an account; ends all of the person's sessions."""
    _people().disable(username)
    typer.echo(f"{username} can no longer sign in; all their sessions have ended.")


def _people() -> People:
    return People(open_database(load_settings().database), acting="command line")


def _read_password(from_stdin: bool) -> str:
    if not from_stdin:
        question = f"Password (at least {SHORTEST_PASSWORD} characters)"
        return str(typer.prompt(question, hide_input=True, confirmation_prompt=True))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise InputError("There was no password on standard input. Nothing was changed.")
    return password


def _fields(person: Person) -> dict[str, Any]:
    return {
        "username": person.username,
        "display_name": person.display_name,
        "role": person.role.value,
        "is_disabled": person.is_disabled,
        "has_password": person.password_hash is not None,
        "created_at": person.created_at,
    }
