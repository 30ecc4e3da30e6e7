"""How well claims were read: gold files in the codebook's form against a program's reports."""

from sijill.scoring.figures import ReportScore, Scored, TypeRow, score
from sijill.scoring.gold import GoldReport, load_gold
from sijill.scoring.predictions import Prediction, load_predictions, prediction

__all__ = [
    "GoldReport",
    "Prediction",
    "ReportScore",
    "Scored",
    "TypeRow",
    "load_gold",
    "load_predictions",
    "prediction",
    "score",
]
