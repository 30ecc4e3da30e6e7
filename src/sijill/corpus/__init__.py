"""Whole corpora: millions of reports read into Parquet, in parts, on this machine's cores or on a cluster."""
