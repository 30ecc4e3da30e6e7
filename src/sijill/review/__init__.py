"""Review: what people decide about claims and incidents, kept beside what was read."""
