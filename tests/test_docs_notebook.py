"""The notebook of the documentation does what it shows."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent / "docs" / "reports-to-a-map.ipynb"


def shown(notebook: nbformat.NotebookNode) -> list[list[str]]:
    """What each cell of code gave, by the forms it came in."""
    return [
        sorted(kind for output in cell.outputs for kind in output.get("data", {output.output_type: ""}))
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_the_notebook_runs_and_shows_what_it_holds() -> None:
    kept = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(kept)
    run = nbformat.read(NOTEBOOK, as_version=4)
    for cell in run.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # Raises CellExecutionError, with the cell and its error, where one fails.
    NotebookClient(run, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    assert shown(run) == shown(kept)
    assert sum("image/png" in kinds for kinds in shown(run)) == 2
    first = next(cell for cell in run.cells if cell.cell_type == "code")
    assert " 0 failed" in first.outputs[0].text
    assert "/tmp" not in NOTEBOOK.read_text(encoding="utf-8")
