"""`sijill serve`: the record in a browser."""

from __future__ import annotations

import getpass
import ipaddress
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import click

from sijill.cli.record_options import record_option
from sijill.errors import OptionError
from sijill.record import Record

_PER_MINUTE = 600
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@click.command()
@record_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8484, show_default=True, help="The port to listen at.")
@click.option("--public", is_flag=True, help="Visitors without an account see what is final, without what can harm.")
@click.option("--who", envvar="SIJILL_WHO", help="Who decides, on loopback; else SIJILL_WHO, else your login.")
@click.option("--certificate", type=click.Path(path_type=Path, exists=True), help="TLS certificate (PEM).")
@click.option("--key", type=click.Path(path_type=Path, exists=True), help="Its key (PEM).")
@click.option("--behind-proxy", is_flag=True, help="A proxy before this server does TLS.")
@click.option("--per-minute", type=click.IntRange(1), metavar="N", help="Requests that one asker may make in a minute.")
@click.option(
    "--access-log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what is asked, and never who asks, to this file.",
)
@click.option("--add-account", "account", metavar="NAME", help="Make an account or change its password, and end.")
@click.option("--role", default="administrator", show_default=True, help="The role of that account.")
def serve(
    where: str,
    host: str,
    port: int,
    public: bool,
    who: str | None,
    certificate: Path | None,
    key: Path | None,
    behind_proxy: bool,
    per_minute: int | None,
    access_log: Path | None,
    account: str | None,
    role: str,
) -> None:
    """Open a record in the browser: live coverage, incidents, reports, search, review, and the API under /api/v1.

    On loopback one person works without signing in. At any other address accounts are needed (--add-account), and TLS.
    The accounts stand in accounts.db beside the record.
    """
    try:
        from sijill.web.accounts import FILE, Accounts
        from sijill.web.app import create_app
        from sijill.web.door import House
        from sijill.web.kept import Kept
        from sijill.web.serving import Server
    except ImportError as error:
        raise OptionError(
            f"serve needs more packages: pip install 'sijill[serve]' ({error.name} is missing)"
        ) from error
    folder = Path(where) if Path(where).is_dir() else Path.cwd()
    if account is not None:
        with Record.open(where):
            Accounts(folder).add(account, role, _password())
        click.echo(f"{account}: {role}, in {folder / FILE}")
        return
    local = _is_loopback(host)
    if not local and not (certificate and key) and not behind_proxy:
        raise OptionError(f"{host}: passwords need TLS; give --certificate and --key, or --behind-proxy")
    with Record.open(where) as record:
        accounts = None
        if not local or (public and (folder / FILE).exists()):
            accounts = Accounts(folder)
            if not accounts.all() and not public:
                raise OptionError(
                    f"{host}: nobody could sign in; first run `sijill serve -r {where} --add-account NAME`"
                )
        if access_log is not None:
            _log_to(access_log)
        house = House(
            record,
            accounts,
            owner=who or getpass.getuser(),
            public=public,
            hosts=_LOOPBACK_NAMES if local else (),
            kept=Kept(folder),
            folder=folder,
            per_minute=per_minute or (_PER_MINUTE if accounts or public else None),
        )
        scheme = "https" if certificate else "http"
        click.echo(f"{record.name}: {scheme}://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl+C ends)")
        sys.stdout.flush()
        server = Server(
            create_app(house),
            host=host,
            port=port,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            proxy_headers=behind_proxy,
        )
        server.serve_until_ended()


def _log_to(path: Path) -> None:
    try:
        handler = RotatingFileHandler(path, maxBytes=10_000_000, backupCount=5, encoding="utf-8")
    except OSError as error:
        raise OptionError(f"{path}: cannot be written: {error.strerror}") from error
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger("sijill.access")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
