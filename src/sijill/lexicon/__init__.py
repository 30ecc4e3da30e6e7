"""The lexicon: what words mean, kept in data files that an analyst can read and mend."""

from sijill.lexicon.load import Lexicon, default_lexicon

__all__ = ["Lexicon", "default_lexicon"]
