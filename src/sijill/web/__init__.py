"""The site and the API over a record."""
