"""Who said what about whom, read from one article."""

from index.statements.extract import analyse
from index.statements.names import AUTHOR, is_named

__all__ = ["AUTHOR", "analyse", "is_named"]
