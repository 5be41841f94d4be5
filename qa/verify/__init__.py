"""Every sentence of an answer is checked against the words it cites.

`verify` checks the sentences of an extractive answer, `check_sentence` and `Checker` any sentence: those of a
language model too.
"""

from qa.verify.check import Checker, check_sentence
from qa.verify.entailment import Entailment, load_entailment
from qa.verify.quoted import verify

__all__ = ["Checker", "Entailment", "check_sentence", "load_entailment", "verify"]
