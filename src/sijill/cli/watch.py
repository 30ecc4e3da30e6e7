"""`sijill watch`: feeds into a record."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from sijill.cli.record_options import json_option, print_json, record_option
from sijill.errors import OptionError
from sijill.record import Record, RecordError
from sijill.record.stamps import stamp
from sijill.watch import Round, Watcher, Watching, read_feeds
from sijill.watch.channels import Telegram
from sijill.watch.state import FILE, State


@click.command()
@click.argument("feeds", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FEEDS.TOML")
@record_option
@click.option("--once", is_flag=True, help="One round, then end: for cron.")
@click.option("--status", is_flag=True, help="Tell how every feed does, and end.")
@click.option("--changes", is_flag=True, help="Tell what changed on pages after they were captured, and end.")
@click.option("--sign-in", is_flag=True, help="Sign in to Telegram for its channels, once, and end.")
@click.option(
    "--state", "kept", type=click.Path(path_type=Path), metavar="FILE", help="Default: watch.db in the record."
)
@click.option(
    "--metrics",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="A page of health at 127.0.0.1:PORT, and Prometheus at /metrics.",
)
@json_option
def watch(
    feeds: Path,
    where: str,
    once: bool,
    status: bool,
    changes: bool,
    sign_in: bool,
    kept: Path | None,
    metrics: int | None,
    as_json: bool,
) -> None:
    """Watch feeds, sitemaps, folders and channels; capture what is new or was edited, read it, bring it into incidents.

    Exit codes with --once: 0 every feed went well; 1 some failed, each told on stderr.
    """
    watching = read_feeds(feeds)
    with Record.open(where) as record:
        if kept is None and record.folder is None:
            raise OptionError("--state: name a file; a record in PostgreSQL has no folder to keep it in")
        file = kept or Path(where) / FILE
        session = file.with_name("telegram.session")
        if sign_in:
            _sign_in(session)
            return
        state = State(file)
        watcher = Watcher(record, watching, state, account=lambda: Telegram(session))
        try:
            if status or changes:
                _tell(watching, state, status, as_json)
            else:
                _watch(watcher, once, metrics, as_json)
        finally:
            watcher.close()
            state.close()


def _sign_in(session: Path) -> None:
    account = Telegram(session)
    try:
        who = account.sign_in(lambda what: str(click.prompt(what, hide_input=what == "password", err=True)))
    finally:
        account.close()
    click.echo(f"signed in as {who}; kept in {session}: whoever can read it is this account")


def _watch(watcher: Watcher, once: bool, port: int | None, as_json: bool) -> None:
    counted = None
    if port is not None:
        from sijill.watch.metrics import Metrics

        counted = Metrics()
        click.echo(f"health at {counted.serve(port, watcher.watching, watcher.state)}", err=True)
    while True:
        rounds = watcher.round()
        if counted:
            counted.tell(rounds, watcher.watching, watcher.state)
        for done in rounds:
            _round(done, as_json)
        if watcher.record.settings.timestamps is not None and any(done.captured or done.changed for done in rounds):
            _stamp(watcher.record)
        if once:
            sys.exit(1 if any(done.failures for done in rounds) else 0)
        time.sleep(max(1.0, watcher.next_due() - watcher.clock()))


def _stamp(record: Record) -> None:
    try:
        stamp(record)
    except RecordError as error:
        click.echo(f"sijill: {error}", err=True)


def _round(done: Round, as_json: bool) -> None:
    for failure in done.failures:
        click.echo(f"sijill: {failure}", err=True)
    if as_json:
        print_json(done)
    else:
        click.echo(
            f"{done.feed}: {done.captured} captured, {done.changed} changed, {done.gone} gone, "
            f"{done.unchanged} unchanged, {len(done.failures)} failed"
        )


def _tell(watching: Watching, state: State, status: bool, as_json: bool) -> None:
    if status:
        for feed in watching.feed:
            health = state.health(feed.name)
            if as_json:
                print_json(health)
            else:
                last = (
                    time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(health.succeeded)) if health.succeeded else "never"
                )
                click.echo(f"{feed.name}\tlast {last}\tfailures {health.failures}\t{health.reason or ''}".rstrip())
        return
    for change in state.changes():
        if as_json:
            print_json(change)
        else:
            click.echo(f"{change.at}  {change.kind}  {change.url}\n{change.diff}".rstrip())
