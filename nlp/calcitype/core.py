"""The one core: texts in, results out. Every other way of calling is an adapter to it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from calcitype import lexicon
from calcitype.calibration import ERROR_RATE, Floats, decide, least_probability, softmax
from calcitype.evidence import evidence_of
from calcitype.features import Feature, counts_of, found_in, label_by_mentions
from calcitype.model import Model
from calcitype.model_file import default_folder
from calcitype.model_file import read as read_model
from calcitype.parallel import batches, in_parallel
from calcitype.results import Mention, Result
from calcitype.schema import Label

BATCH_SIZE = 256
# How far from 1 the shares of a prior may add up to.
_SHARES_ADD_UP = 1e-3


class Calcitype:
    """The pipeline with a trained model, from :func:`load`. It can be pickled, model and settings with it."""

    def __init__(self, model: Model, error_rate: float, prior: Mapping[Label, float] | None) -> None:
        self._model = model
        self._least = {label: least_probability(scores, error_rate) for label, scores in model.conformal_scores.items()}
        self._shift = np.zeros(len(Label)) if prior is None else model.shift(prior)
        self.version = f"{version('calcitype')}+lexicon.{lexicon.load().digest}.model.{model.version}"

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
        found = list(found_in(texts))
        scores = self._model.scores([counts_of(features) for _, features in found])
        # How frequent labels are is said of reports that speak of calcification.
        shifts = np.outer([bool(mentions) for mentions, _ in found], self._shift)
        probabilities = softmax(scores + shifts)
        return [
            self._result(*report, *row)
            for report, *row in zip(found, softmax(scores), probabilities, shifts, strict=True)
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
        self,
        mentions: tuple[Mention, ...],
        features: list[Feature],
        unshifted: Floats,
        probability: Floats,
        shift: Floats,
    ) -> Result:
        """A result; what conformal prediction leaves does not depend on how frequent labels are, so it is unshifted."""
        likely = dict(zip(Label, probability.tolist(), strict=True))
        start = dict(zip(Label, (self._model.intercepts + shift).tolist(), strict=True))
        conformal = [label for label, p in zip(Label, unshifted.tolist(), strict=True) if p >= self._least[label]]
        by_mentions = label_by_mentions(mentions)
        labels, reasons = decide(likely, conformal, by_mentions, self._model.review_below)
        label = labels[0]
        second = max((other for other in Label if other is not label), key=likely.__getitem__)
        rival = second if by_mentions is label else by_mentions
        return Result(
            label=label,
            probability=tuple(likely.values()),
            prediction_set=labels,
            by_mentions=by_mentions,
            rival=rival,
            review_reasons=reasons,
            mentions=mentions,
            evidence=evidence_of(self._model, features, label, rival, start[label] - start[rival]),
            version=self.version,
        )


def load(
    model: str | Path | None = None, *, error_rate: float = ERROR_RATE, prior: Mapping[str, float] | None = None
) -> Calcitype:
    """A classifier with settings of your own.

    Parameters
    ----------
    model
        Folder of a trained model; default: the model that ships with the package.
    error_rate
        How often a report's true label may be missing from its prediction set, for each label; 0 < error_rate < 1.
    prior
        The share of each label among your reports that speak of calcification, if only to deny it, adding up to 1;
        default: the shares in the training corpus, whose reports nearly all do. It moves the probabilities and with
        them the labels, but not what cannot be ruled out.

    Raises
    ------
    calcitype.errors.ModelError
        If the model cannot be used.
    ValueError
        If the error rate is out of range, or the prior is not a positive share for every label.

    Examples
    --------
    >>> shares = {"dystrophic": 0.6, "metastatic_suggestive": 0.02, "indeterminate": 0.13, "no_calcification": 0.25}
    >>> load(error_rate=0.1, prior=shares).classify_report("No calcification.").prediction_set
    (<Label.NO_CALCIFICATION: 'no_calcification'>,)
    """
    folder = default_folder() if model is None else Path(model)
    return Calcitype(read_model(folder), error_rate, None if prior is None else _shares(prior))


@cache
def default() -> Calcitype:
    """The classifier of :func:`load` without settings, loaded once."""
    return load()


def _shares(prior: Mapping[str, float]) -> dict[Label, float]:
    if {str(label) for label in prior} != set(Label):
        raise ValueError(f"the prior must give a share to each of {', '.join(Label)}")
    shares = {label: float(prior[label]) for label in Label}
    if not (min(shares.values()) > 0 and math.isclose(sum(shares.values()), 1, abs_tol=_SHARES_ADD_UP)):
        raise ValueError(f"the shares of a prior must be positive and add up to 1, not to {sum(shares.values()):g}")
    return shares
