"""Try to break the reader: inputs grown towards code not yet run, from the examples and the words of the lexicon.

    read.py {bytes,html,text} [--cases 200000] [--longest 4096] [--corpus DIR]

Any exception but a refusal, any span that does not stand in the text, and any report that takes longer than its length
allows is a failure; libFuzzer then writes the input to `crash-...` and exits with an error. Needs atheris (Linux).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sijill"]):
    from sijill.errors import InputError
    from sijill.lexicon import default_lexicon
    from sijill.lexicon.lint import BUILT_IN
    from sijill.model import Report
    from sijill.reader import read
    from sijill.scoring import prediction

EXAMPLES = Path(__file__).parent.parent / "examples"
MOST_BYTES = 4096
SECONDS = 2.0
"""More than any input of this size may take, on a slow machine and instrumented."""
TAGS = ["<p>", "</p>", "<div>", "<table><tr><td>", "<br>", "<script>", "<!--", "-->", "<h1>", "<time datetime="]
TAGS += ["&nbsp;", "&#x627;", "<meta charset=", "]]>", "<article>", "<figcaption>", "dir=rtl"]
SIGNS = ["\u0640", "\u064b", "\u200f", "\u2067", "\ufeff", "\u0660", "\u06f4", "\ufefb", "\u00a0"]
SIGNS += ["«", "»", "؟", ".", "،", "\n\n"]


def check(report: Report) -> None:
    """Hold a report to its promises: every quote stands in the text, and the JSON can be written."""
    told = prediction(report.to_dict())
    if told.grounded != told.quotes:
        raise AssertionError(f"{told.quotes - told.grounded} quotes do not stand in the text")
    report.to_json()


def read_bytes(data: bytes) -> None:
    """The bytes as they come."""
    try:
        check(read(data))
    except InputError:
        return  # refused, as bytes that are no text should be


def read_html(data: bytes) -> None:
    """The bytes as a page."""
    try:
        check(read(data, html=True, media_type="text/html; charset=utf-8"))
    except InputError:
        return


def read_text(data: bytes) -> None:
    """The bytes as text that is already decoded."""
    check(read(data.decode("utf-8", "replace"), html=False, published="2020-03-14T18:22+02:00"))


KINDS = {"bytes": read_bytes, "html": read_html, "text": read_text}


def seeds(folder: Path, kind: str, longest: int) -> None:
    """Write what the fuzzer starts from: the examples whole and in pieces, in the encodings of real pages."""
    for path in EXAMPLES.iterdir():
        if path.suffix not in (".txt", ".html"):
            continue
        text = read(path.read_bytes(), name=path.name).text
        pieces = [path.read_bytes(), *(line.encode() for line in text.splitlines() if len(line) > 40)]
        if kind == "bytes":
            pieces += [text.encode("cp1256", "replace"), text.encode("utf-16")]
        if kind == "html":
            pieces += [f"<html><body><h1>{line}</h1><p>{line}</p></body></html>".encode() for line in text.splitlines()]
        for number, piece in enumerate(pieces):
            (folder / f"{path.stem}-{number}").write_bytes(piece[:longest])


def dictionary(path: Path, kind: str) -> None:
    """Write the words that the fuzzer mixes in: those of the lexicon's files, signs, and tags."""
    words = [name for pair in default_lexicon().actor_names.values() for name in pair]
    words += [
        line.split(",")[0] for file in _word_files() for line in file.read_text(encoding="utf-8").splitlines()[1:]
    ]
    words += SIGNS + (TAGS if kind == "html" else [])
    escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in words if word.strip() or word in SIGNS)
    path.write_text("".join(f'"{word}"\n' for word in dict.fromkeys(escaped)), encoding="ascii")


def _word_files() -> list[Path]:
    return sorted([*BUILT_IN.glob("*.csv"), *BUILT_IN.glob("calendar/*.csv")])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("kind", choices=KINDS)
    arguments.add_argument("--cases", type=int, default=200_000)
    arguments.add_argument("--longest", type=int, default=MOST_BYTES, help="bytes of the longest input")
    arguments.add_argument("--corpus", type=Path, help="Folder to keep what was found in, for the next run.")
    asked = arguments.parse_args()
    run = KINDS[asked.kind]

    def one(data: bytes) -> None:
        began = time.process_time()
        run(data)
        took = time.process_time() - began
        if took > SECONDS:
            raise AssertionError(f"{len(data)} bytes took {took:.1f} s")

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "seeds").mkdir()
        seeds(folder / "seeds", asked.kind, asked.longest)
        dictionary(folder / "words.dict", asked.kind)
        corpus = asked.corpus or folder / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        options = [
            f"-runs={asked.cases}",
            f"-max_len={asked.longest}",
            f"-dict={folder / 'words.dict'}",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, str(corpus), str(folder / "seeds")], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
