"""`sijill serve`: the record in a browser."""

from __future__ import annotations

import getpass
import ipaddress
import sys
from pathlib import Path

import click

from sijill.cli.record_options import record_option
from sijill.errors import OptionError
from sijill.record import Record

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
    account: str | None,
    role: str,
) -> None:
    """Open a record in the browser: live coverage, incidents, reports, search, review, and the API under /api/v1.

    On loopback one person works without signing in. At any other address accounts are needed (--add-account), and TLS.
    The accounts stand in accounts.db beside the record.
    """
    try:
        import uvicorn

        from sijill.web.accounts import FILE, Accounts
        from sijill.web.app import create_app
        from sijill.web.door import House
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
        house = House(
            record, accounts, owner=who or getpass.getuser(), public=public, hosts=_LOOPBACK_NAMES if local else ()
        )
        scheme = "https" if certificate else "http"
        click.echo(f"{record.name}: {scheme}://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl+C ends)")
        sys.stdout.flush()
        uvicorn.run(
            create_app(house),
            host=host,
            port=port,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            access_log=False,  # addresses of readers are personal data
            log_level="warning",
            proxy_headers=behind_proxy,
            timeout_graceful_shutdown=2,
            server_header=False,
        )


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
