"""The one core: texts in, results out. Every other way of calling is an adapter to it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from calcitype import lexicon
from calcitype.calibration import ERROR_RATE, decide, least_probability, softmax
from calcitype.evidence import evidence_of
from calcitype.features import Feature, Floats, counts_of, features_of, label_by_mentions
from calcitype.model import default_folder
from calcitype.model import read as read_model
from calcitype.parallel import batches, in_parallel
from calcitype.pipeline import mentions_of, read
from calcitype.schema import Label, Mention, Result

BATCH_SIZE = 256
# How far from 1 the shares of a prior may add up to.
_SHARES_ADD_UP = 1e-3


@dataclass(frozen=True)
class _Settings:
    """What makes one classifier differ from another."""

    folder: Path
    error_rate: float
    prior: tuple[float, ...] | None


class Calcitype:
    """A pipeline with a trained model, from :func:`load`. It pickles by what it was loaded with."""

    def __init__(self, settings: _Settings) -> None:
        self._settings = settings
        self._model = model = read_model(settings.folder)
        self._least = {
            label: least_probability(scores, settings.error_rate) for label, scores in model.conformal_scores.items()
        }
        shares = dict(zip(Label, settings.prior or model.prior, strict=True))
        self._shift = model.shift(shares)
        self._start = dict(zip(Label, (model.intercepts + self._shift).tolist(), strict=True))
        self.version = f"{version('calcitype')}+lexicon.{lexicon.load().digest}.model.{model.version}"

    def __reduce__(self) -> tuple[Callable[[_Settings], Calcitype], tuple[_Settings]]:
        return _loaded, (self._settings,)

    def classify_report(self, text: str) -> Result:
        """See :func:`classify_report`."""
        return self.classify_batch([text])[0]

    def classify_batch(self, texts: Sequence[str]) -> list[Result]:
        """The results of a batch held in memory, in order: the one core that every other way of calling uses.

        Raises
        ------
        TypeError
            If a text is not a ``str``.
        """
        for text in texts:
            if not isinstance(text, str):
                raise TypeError(f"a report must be a str, not {type(text).__name__}")
        if not texts:
            return []
        found = [(mentions := mentions_of(doc), features_of(doc, mentions)) for doc in read(texts)]
        scores = self._model.scores([counts_of(features) for _, features in found])
        return [
            self._result(mentions, features, unshifted, probability)
            for (mentions, features), unshifted, probability in zip(
                found, softmax(scores), softmax(scores + self._shift), strict=True
            )
        ]

    def classify_reports(
        self, texts: Iterable[str], *, batch_size: int = BATCH_SIZE, n_jobs: int = 1
    ) -> Iterator[Result]:
        """See :func:`classify_reports`."""
        if isinstance(texts, str):
            raise TypeError("many reports are expected, not one str; see classify_report")
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size}")
        return itertools.chain.from_iterable(in_parallel(self.classify_batch, batches(texts, batch_size), n_jobs))

    def _result(
        self, mentions: tuple[Mention, ...], features: list[Feature], unshifted: Floats, probability: Floats
    ) -> Result:
        """A result; what conformal prediction leaves does not depend on how frequent labels are, so it is unshifted."""
        likely = dict(zip(Label, probability.tolist(), strict=True))
        conformal = [label for label, p in zip(Label, unshifted.tolist(), strict=True) if p >= self._least[label]]
        by_mentions = label_by_mentions(mentions)
        labels, review = decide(likely, conformal, by_mentions, self._model.review_below)
        second = max((label for label in Label if label is not labels[0]), key=likely.__getitem__)
        rival = second if by_mentions is labels[0] else by_mentions
        return Result(
            label=labels[0],
            probability=tuple(likely.values()),
            prediction_set=labels,
            by_mentions=by_mentions,
            review=review,
            mentions=mentions,
            evidence=evidence_of(self._model, features, labels[0], rival, self._start[labels[0]] - self._start[rival]),
            version=self.version,
        )


def load(
    model: str | Path | None = None, *, error_rate: float = ERROR_RATE, prior: Mapping[str, float] | None = None
) -> Calcitype:
    """A classifier; the same settings give the same one again.

    Parameters
    ----------
    model
        Folder of a trained model; default: the model that ships with the package.
    error_rate
        How often a report's true label may be missing from its prediction set, for each label; 0 < error_rate < 1.
    prior
        The share of each label in your reports, adding up to 1; default: the shares in the training corpus. It moves
        the probabilities and with them the labels, but not what cannot be ruled out.

    Raises
    ------
    calcitype.model.ModelError
        If the model cannot be used.
    ValueError
        If the error rate is out of range, or the prior is not a positive share for every label.

    Examples
    --------
    >>> shares = {"dystrophic": 0.12, "metastatic_suggestive": 0.01, "indeterminate": 0.03, "no_calcification": 0.84}
    >>> load(error_rate=0.1, prior=shares).classify_report("No calcification.").prediction_set
    (<Label.NO_CALCIFICATION: 'no_calcification'>,)
    """
    if not 0 < error_rate < 1:
        raise ValueError(f"error_rate must be between 0 and 1, not {error_rate}")
    folder = (Path(model) if model is not None else default_folder()).resolve()
    return _loaded(_Settings(folder, error_rate, None if prior is None else _shares(prior)))


def _shares(prior: Mapping[str, float]) -> tuple[float, ...]:
    """A prior in the order of ``Label``."""
    labels = {label.value for label in Label}
    if {str(label) for label in prior} != labels:
        raise ValueError(f"the prior must give a share to each of {', '.join(sorted(labels))}")
    shares = tuple(float(prior[label]) for label in Label)
    if not (min(shares) > 0 and math.isclose(sum(shares), 1, abs_tol=_SHARES_ADD_UP)):
        raise ValueError(f"the shares of a prior must be positive and add up to 1, not to {sum(shares):g}")
    return shares


@cache
def _loaded(settings: _Settings) -> Calcitype:
    return Calcitype(settings)
