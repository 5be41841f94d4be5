"""From a question to a checked answer that quotes its articles."""
