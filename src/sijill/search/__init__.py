"""Search: claims found by words, places, times, parties, harm and state."""
