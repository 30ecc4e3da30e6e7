"""`sijill score`: how well the claims of a gold folder were read."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
import msgspec

from sijill.scoring import ReportScore, Scored, load_gold, load_predictions
from sijill.scoring import score as score_reports
from sijill.scoring.claims import Fill


@click.command()
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("predictions", type=click.File("r", encoding="utf-8"))
@click.option(
    "--texts", type=click.Path(path_type=Path), help="Folder of the reports, where not beside the gold files."
)
@click.option("--place-names", is_flag=True, help="Score places by their names alone, without coordinates.")
@click.option("--errors", is_flag=True, help="List what was missed and what was spurious.")
@click.option("--resamples", type=click.IntRange(min=0), default=1000, show_default=True, metavar="N",
              help="Bootstrap samples for the confidence intervals; 0 for none.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The figures, intervals and types as one JSON object.")
def score(
    gold: Path,
    predictions: IO[str],
    texts: Path | None,
    place_names: bool,
    errors: bool,
    resamples: int,
    as_json: bool,
) -> None:
    """Score PREDICTIONS against the gold files (*.yaml) in GOLD.

    PREDICTIONS is the output of `sijill read --json` (a file, or - for standard input). Gold files are in the
    codebook's form (docs/codebook.md) with the reports they name beside them. The intervals hold 95 of 100 times.
    """
    scored = score_reports(
        load_gold(gold, texts), load_predictions(predictions, predictions.name), place_names=place_names
    )
    intervals = scored.intervals(resamples=resamples) if resamples else {}
    if as_json:
        click.echo(_json(scored, intervals))
        return
    if errors:
        for report in scored.reports:
            _print_errors(report)
        click.echo()
    _print_figures(scored, intervals)
    _print_types(scored)


def _json(scored: Scored, intervals: dict[str, tuple[float, float]]) -> str:
    rows = [msgspec.to_builtins(row) | {"P": row.precision, "R": row.recall, "F1": row.f1} for row in scored.by_type()]
    return msgspec.json.encode(scored.figures() | {"intervals": intervals, "types": rows}).decode()


def _print_figures(scored: Scored, intervals: dict[str, tuple[float, float]]) -> None:
    for name, value in scored.figures().items():
        shown = f"{value:.3f}" if isinstance(value, float) else str(value)
        least, most = intervals.get(name, (None, None))
        sure = f"  [{least:.3f}, {most:.3f}]" if least is not None else ""
        click.echo(f"{name:20} {shown:>6}{sure}")


def _print_types(scored: Scored) -> None:
    click.echo(f"\n{'type':20} {'gold':>5} {'read':>5} {'found':>5} {'same':>5} {'P':>6} {'R':>6} {'F1':>6}")
    for row in scored.by_type():
        shares = f"{row.precision:6.3f} {row.recall:6.3f} {row.f1:6.3f}"
        click.echo(f"{row.type:20} {row.gold:5} {row.predicted:5} {row.found:5} {row.same:5} {shares}")


def _print_errors(report: ReportScore) -> None:
    if report.state == "missing":
        click.echo(f"\n== {report.report}: not among the predictions")
        return
    if report.state == "changed":
        click.echo(f"\n== {report.report}: the text of the prediction is not that of the report")
        return
    click.echo(
        f"\n== {report.report}: {len(report.gold)} gold, {len(report.predicted)} read, {len(report.pairs)} paired"
    )
    paired_gold = {found.gold for found in report.pairs}
    paired_predicted = {found.predicted for found in report.pairs}
    for i, claim in enumerate(report.gold):
        if i not in paired_gold:
            click.echo(f"  missed    {claim.type}: {claim.trigger}")
    for j, claim in enumerate(report.predicted):
        if j not in paired_predicted:
            click.echo(f"  spurious  {claim.type}: {claim.trigger}")
    for found, lost, extra in zip(report.pairs, report.lost, report.extra, strict=True):
        trigger = report.gold[found.gold].trigger
        for fill in lost:
            click.echo(f"  slot -    {trigger} | {fill.slot}: {_value(fill)}")
        for fill in extra:
            click.echo(f"  slot +    {trigger} | {fill.slot}: {_value(fill)}")


def _value(fill: Fill) -> str:
    if isinstance(fill.value, str):
        return fill.value
    return ", ".join("-" if part is None else str(part) for part in fill.value)
