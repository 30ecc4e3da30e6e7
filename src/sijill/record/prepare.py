"""What is done to one item before the record is asked: read, squeezed, compared. Runs in workers, alone."""

from __future__ import annotations

import hashlib
import importlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import msgspec

from sijill.arabic.fold import fold
from sijill.capture.item import Item, plain
from sijill.errors import SijillError
from sijill.model import Claim, Report
from sijill.record import blobs, copies, packed
from sijill.record.fact import Fact, fact_of
from sijill.record.words import stems

READ = "sijill.reader:read"
"""The function that reads a report, named and not imported: reading is no part of keeping."""
Read = Callable[..., Report]


class Prepared(msgspec.Struct, frozen=True):
    """An item ready to be written. `report` is None when it could not be read, and `reason` says why."""

    sha256: bytes
    squeezed: bytes
    reason: str | None = None
    report: bytes | None = None
    """The reading as JSON, squeezed."""
    digest: bytes = b""
    outlet: str | None = None
    published: str | None = None
    text_digest: bytes = b""
    signature: bytes = b""
    facts: tuple[Fact, ...] = ()
    keys: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    claim_words: tuple[str, ...] = ()
    report_words: str = ""


@cache
def named(name: str) -> Callable[..., object]:
    """The function that "package.module:function" names."""
    module, _, function = name.partition(":")
    return cast(Callable[..., object], getattr(importlib.import_module(module), function))


def prepare(item: Item, read: str = READ, lexicon: Path | None = None) -> Prepared:
    """Read one item, with a folder of language data laid over the built-in where one is given.

    A report that cannot be read is no error here: its bytes are kept all the same.
    """
    sha256, squeezed = hashlib.sha256(item.data).digest(), blobs.squeeze(item.data)
    try:
        report = cast(Read, named(read))(
            item.data if item.text is None else item.text,
            name=plain(item.name),
            url=plain(item.url) if item.url else None,
            media_type=item.media_type if item.text is None or item.media_type == "text/html" else "text/plain",
            published=item.published,
            outlet=item.outlet,
            title=item.title,
            **({"lexicon": lexicon} if lexicon else {}),
        )
        return _prepared(sha256, squeezed, report)
    except SijillError as error:
        return Prepared(sha256, squeezed, reason=str(error).removeprefix(f"{plain(item.name)}: "))
    except Exception as error:  # the reader promises not to raise; if it does, one report must not stop an archive
        return Prepared(sha256, squeezed, reason=f"the reader failed: {type(error).__name__}: {error}".split("\n")[0])


def prepare_all(items: Sequence[Item], read: str = READ, lexicon: Path | None = None) -> list[Prepared]:
    """`prepare` for a handful: what one worker is given at a time."""
    return [prepare(item, read, lexicon) for item in items]


def _prepared(sha256: bytes, squeezed: bytes, report: Report) -> Prepared:
    encoded = report.to_json()
    words = stems(report.text)
    return Prepared(
        sha256=sha256,
        squeezed=squeezed,
        report=packed.pack(encoded),
        digest=hashlib.sha256(encoded).digest(),
        outlet=plain(report.outlet) if report.outlet else None,
        published=plain(report.published) if report.published else None,
        text_digest=copies.text_digest(words),
        signature=copies.signature(words),
        facts=tuple(fact_of(claim, report) for claim in report.claims),
        keys=tuple(plain(claim.id) for claim in report.claims),
        anchors=tuple(anchor_of(claim) for claim in report.claims),
        claim_words=tuple(" ".join(claim_words(claim)) for claim in report.claims),
        report_words=" ".join(words),
    )


def anchor_of(claim: Claim) -> str:
    """The words a decision about a claim holds on to: its trigger and its first sentence, folded."""
    return fold(f"{claim.trigger.quote} | {claim.evidence[0].quote}")


def claim_words(claim: Claim) -> list[str]:
    """The words under which a claim is found: its sentences and the names it resolves to."""
    told = [span.quote for span in claim.evidence]
    named_in = [place.name for place in claim.places] + [party.name for party in claim.initiators + claim.targets]
    return stems(" \n".join([*told, *named_in]))


def leave_with_parent() -> None:
    """In a worker: end when the program that started it is gone, however it went."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
