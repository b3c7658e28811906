"""What a classifier's scores are worth, learnt from reports that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from calcitype.schema import Label, ReviewReason

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

# How often a label may be missing from the prediction sets of its reports, unless the user says otherwise.
ERROR_RATE = 0.05
# The share of right labels that is asked of those that need no review.
REVIEW_ACCURACY = 0.99
_TEMPERATURES = (0.2, 5.0)


def softmax(scores: Floats) -> Floats:
    """Probabilities of scores, shape (n_reports, n_classes)."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def temperature(scores: Floats, truth: Indices) -> float:
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

    Raises
    ------
    ValueError
        If the error rate is out of range.
    """
    if not 0 < error_rate < 1:
        raise ValueError(f"error_rate must be between 0 and 1, not {error_rate}")
    rank = int(np.floor((len(scores) + 1) * error_rate))
    return float(scores[rank - 1]) if rank >= 1 else 0.0


def review_threshold(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """The least confidence from which on 99 % of the labels are right.

    Parameters
    ----------
    confidence
        The probability of the label that each report was given, shape (n_reports,).
    right
        Whether it is the report's label.

    Returns
    -------
    float
        Infinite where no confidence is high enough.
    """
    surest_first = np.argsort(-confidence, kind="stable")
    share = np.cumsum(right[surest_first]) / np.arange(1, len(right) + 1)
    ordered = confidence[surest_first]
    last_of_equals = np.append(ordered[1:] != ordered[:-1], True)
    enough = np.flatnonzero((share >= REVIEW_ACCURACY) & last_of_equals)
    return float(ordered[enough[-1]]) if len(enough) else np.inf


def decide(
    likely: Mapping[Label, float], conformal: Iterable[Label], by_mentions: Label, review_below: float
) -> tuple[tuple[Label, ...], tuple[ReviewReason, ...]]:
    """The prediction set, most probable label first, and why a person should read the report, if one should.

    Parameters
    ----------
    likely
        The probability of every label; the most probable is the report's.
    conformal
        The labels that conformal prediction leaves.
    by_mentions
        The label that the guideline's rule gives the mentions; it and the report's are always in the set.
    review_below
        The least confidence without review.
    """
    most_probable_first = sorted(Label, key=lambda label: -likely[label])
    label = most_probable_first[0]
    left = {label, *conformal}
    reasons = {
        ReviewReason.MENTIONS_DISAGREE: by_mentions is not label,
        ReviewReason.SEVERAL_LABELS: len(left) > 1,
        ReviewReason.LOW_CONFIDENCE: likely[label] < review_below,
    }
    in_set = tuple(label for label in most_probable_first if label in {*left, by_mentions})
    return in_set, tuple(reason for reason, holds in reasons.items() if holds)
