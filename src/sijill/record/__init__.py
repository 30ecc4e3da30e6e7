"""The record: captures, readings and claims, kept durably and provably, on SQLite or PostgreSQL."""

from sijill.record.errors import RecordError
from sijill.record.record import Record

__all__ = ["Record", "RecordError"]
