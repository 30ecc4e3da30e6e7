"""The command `sijill`: one file in this folder for each command, loaded only when it is called.

Exit codes: 0 done; 1 done, and what was checked has faults (`lint`, `verify`); 2 refused, with one line that says
what, where, and what to do; 130 stopped by the user.
"""

from __future__ import annotations

import importlib
import sys

import click

from sijill.errors import SijillError

# command -> (module, name of the click command in it). Kept as a table so that no command pays for another's imports.
COMMANDS: dict[str, tuple[str, str]] = {
    "read": ("sijill.cli.read", "read"),
    "lint": ("sijill.cli.lint", "lint"),
    "score": ("sijill.cli.score", "score"),
    "place": ("sijill.cli.place", "place"),
    "gazetteer": ("sijill.cli.gazetteer", "gazetteer"),
    "init": ("sijill.cli.record_add", "init"),
    "add": ("sijill.cli.record_add", "add"),
    "reread": ("sijill.cli.record_add", "reread"),
    "incidents": ("sijill.cli.record_show", "incidents"),
    "show": ("sijill.cli.record_show", "show"),
    "search": ("sijill.cli.record_search", "search"),
    "verify": ("sijill.cli.record_keep", "verify"),
    "stamp": ("sijill.cli.record_keep", "stamp"),
    "backup": ("sijill.cli.record_keep", "backup"),
    "migrate": ("sijill.cli.record_keep", "migrate"),
    "decide": ("sijill.cli.record_review", "decide"),
    "undo": ("sijill.cli.record_review", "undo"),
    "import": ("sijill.cli.record_review", "import_"),
    "history": ("sijill.cli.record_review", "history"),
    "agreement": ("sijill.cli.record_review", "agreement"),
    "serve": ("sijill.cli.serve", "serve"),
    "export": ("sijill.cli.export", "export"),
    "watch": ("sijill.cli.watch", "watch"),
    "run": ("sijill.cli.run", "run"),
    "link": ("sijill.cli.link", "link"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sijill")
def sijill() -> None:
    """Reads reports of armed conflict and keeps the record of what they claim."""


def main() -> None:
    """Entry point. Every error a user can cause ends in one line on stderr and exit code 2."""
    try:
        sijill(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SijillError as error:
        click.echo(f"sijill: {error}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("sijill: stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing to say.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # A full disk, a folder that may not be written: what no command told better.
        what = f"{error.filename}: " if error.filename else ""
        click.echo(f"sijill: {what}{error.strerror or error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
