"""Who said what about whom, read from one article."""

from index.statements.extract import analyse
from index.statements.names import AUTHOR, is_named
from index.statements.said import Said, attributions

__all__ = ["AUTHOR", "Said", "analyse", "attributions", "is_named"]
