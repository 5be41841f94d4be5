"""A small trained reader: finds the words of a passage that answer a question, or says there are none."""

from qa.reader.model import Found, Reader, Reading, load_reader

__all__ = ["Found", "Reader", "Reading", "load_reader"]
