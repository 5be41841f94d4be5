"""Making vectors and statements on the nodes of a Ray cluster; this process reads and stores articles."""

from types import ModuleType
from typing import TYPE_CHECKING, Any

from index.deriving import Derived, Pending, derive_alone
from index.errors import InputError
from index.records import Draft

if TYPE_CHECKING:
    from index.library import Library

AHEAD_PER_CORE = 4
"""Articles on their way for each core of the cluster: enough to keep all busy."""


class DerivingOnRay:
    """Makes each article in a task of its own; see `index.deriving.Deriver`.

    A task whose node dies runs again on another one, for as long as it takes.

    Args:
        ray: The module, after `join_ray`.
        library: Whose model is used; the nodes load it too.
    """

    def __init__(self, ray: ModuleType, library: "Library") -> None:
        if library.equipped:
            raise InputError("An embedder of this process cannot work on other machines.", "Name a model.")
        self._ray = ray
        self._model = library.model
        self._task = ray.remote(num_cpus=1, max_retries=-1)(derive_alone)
        cores = int(ray.cluster_resources().get("CPU", 1))
        self.ahead = AHEAD_PER_CORE * max(1, cores)

    def derive(self, draft: Draft) -> Pending:
        """Set an article going."""
        return _OnRay(self._ray, self._task.remote(draft, self._model))

    def close(self) -> None:
        """Nothing of this outlives its tasks."""


class _OnRay:
    """An article that a node works on."""

    def __init__(self, ray: ModuleType, ref: Any) -> None:  # noqa: ANN401 - Ray's reference
        self._ray = ray
        self._ref = ref

    def result(self) -> Derived:
        """Wait for it; raises what went wrong."""
        derived: Derived = self._ray.get(self._ref)
        return derived
