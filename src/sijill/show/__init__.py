"""Showing a report to a person: in a terminal and in a notebook."""
