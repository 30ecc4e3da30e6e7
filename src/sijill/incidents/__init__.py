"""Incidents: claims of many reports that may tell one event, brought together and compared."""
