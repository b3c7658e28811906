"""What a classifier's scores are worth, learnt from reports that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from calcitype.features import Floats

# The share of right labels that is asked of those that need no review.
REVIEW_ACCURACY = 0.99
_TEMPERATURES = (0.2, 5.0)


def softmax(scores: Floats) -> Floats:
    """Probabilities of scores, shape (n_reports, n_classes)."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def temperature(scores: Floats, truth: npt.NDArray[np.intp]) -> float:
    """The number to divide scores by, so that their softmax is as likely as it can be (Guo et al., ICML 2017).

    Parameters
    ----------
    scores
        Log-odds up to a constant, shape (n_reports, n_classes), of reports that the model was not trained on.
    truth
        The column of each report's label.

    Returns
    -------
    float
        Between 0.2 and 5; more than 1 where the model is too sure.
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(truth))

    def loss(log_temperature: float) -> float:
        likely = softmax(scores / np.exp(log_temperature))[rows, truth]
        return float(-np.log(np.maximum(likely, np.finfo(float).tiny)).mean())

    found = minimize_scalar(loss, bounds=np.log(_TEMPERATURES), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def conformal_scores(
    probabilities: Floats, labels: npt.NDArray[np.str_], classes: Sequence[str]
) -> dict[str, list[float]]:
    """For each label the probabilities that reports of this label were given for it, least first.

    Class-conditional conformal prediction with the score ``1 - p`` (Vovk, Gammerman and Shafer, 2005; Sadinle, Lei and
    Wasserman, J Am Stat Assoc 2019).

    Parameters
    ----------
    probabilities
        Of reports that the model was not trained on, shape (n_reports, n_classes).
    labels
        Their labels.
    classes
        The labels in the order of the columns.
    """
    return {label: sorted(probabilities[labels == label, i].tolist()) for i, label in enumerate(classes)}


def least_probability(scores: Sequence[float], error_rate: float) -> float:
    """The probability from which on a label stays in the prediction set.

    Parameters
    ----------
    scores
        Of the label, from :func:`conformal_scores`.
    error_rate
        How often a report with this label may lack it in its set; 0 < error_rate < 1.

    Returns
    -------
    float
        0 where the scores are too few for so low a rate, so that the label is never left out.
    """
    rank = int(np.floor((len(scores) + 1) * error_rate))
    return float(scores[rank - 1]) if rank >= 1 else 0.0


def review_threshold(confidence: Floats, right: npt.NDArray[np.bool_], accuracy: float = REVIEW_ACCURACY) -> float:
    """The least confidence from which on labels are right as often as asked.

    Parameters
    ----------
    confidence
        The probability of the label that each report was given, shape (n_reports,).
    right
        Whether it is the report's label.
    accuracy
        The share of right ones that is asked for.

    Returns
    -------
    float
        1 where no confidence is high enough.
    """
    surest_first = np.argsort(-confidence, kind="stable")
    share = np.cumsum(right[surest_first]) / np.arange(1, len(right) + 1)
    enough = np.flatnonzero(share >= accuracy)
    return float(confidence[surest_first[enough[-1]]]) if len(enough) else 1.0
