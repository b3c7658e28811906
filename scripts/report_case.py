"""What invented reports have in common: a patient, an examination, normal lines, denials, questions, the past."""

from __future__ import annotations

import re
from random import Random
from typing import NamedTuple

from report_words import Recipe, Recipes, Sentence, Words, bare, mentions_of

# From this age a patient is a man or a woman.
ADULT = 16
EARLIER = re.compile(r"again|changed?\b|stable|redemonstrated|persistent|no longer|new\b|residual", re.IGNORECASE)


class Plan(NamedTuple):
    """What a report is to become."""

    label: str
    cause: str
    one_line: bool


class Case:
    """The sections of one report, each a list of annotated sentences; a kind of report says how they are written."""

    def __init__(self, rng: Random, recipes: Recipes, style: Recipe, plan: Plan) -> None:
        self.rng = rng
        self.recipes = recipes
        self.style = style
        self.plan = plan
        self.sections: dict[str, list[Sentence]] = {name: [] for name in style["order"]}
        self.process = self._process()
        exam = rng.choice(self.process.get("exams") or list(recipes.exams))
        self.exam_id, self.exam = exam, recipes.exams[exam]
        self.sex = self.process.get("sex") or self.exam.get("sex") or rng.choice("MF")
        self.age = rng.randint(*self.process.get("age", self.exam["age"]))
        self.words = Words(rng, recipes, age=str(self.age), prior=rng.choice(style["dates"]), **self._person())
        # Sites that no line may call normal or free of calcium.
        self.taken: list[str] = list(self.process.get("abnormal", ()))
        self._write()
        if not plan.one_line and self._chance(0.4):
            self._compare()

    def _write(self) -> None:
        """Fill the sections."""
        raise NotImplementedError

    def _process(self) -> Recipe:
        """The disease, empty where there is none."""
        return {}

    def _person(self) -> dict[str, str]:
        """How the patient is called."""
        female = self.sex == "F"
        adult = self.age >= ADULT
        person = ("woman" if female else "man") if adult else ("girl" if female else "boy")
        return {"person": person, "letter": self.sex, "baby": "girl" if female else "boy"}

    def _chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def _add(self, section: str, sentence: Sentence) -> None:
        if section in self.sections:
            self.sections[section].append(sentence)

    def _line(self, section: str, lines: list[str]) -> None:
        """One of some lines without mentions, where there is something to say."""
        if line := self.rng.choice(lines):
            self._add(section, self.words.say(line))

    def _suits(self, item: Recipe) -> bool:
        """Whether an item of a recipe is for this examination and this patient."""
        low, high = item.get("age", (0, 120))
        exams = item.get("exams", (self.exam_id,))
        return self.exam_id in exams and item.get("sex", self.sex) == self.sex and low <= self.age <= high

    def _is_free(self, sentence: Sentence) -> bool:
        """Whether no site of a sentence is calcified or abnormal."""
        return not self.recipes.clash((mention.site for mention in mentions_of([sentence])), self.taken)

    def _framed(self, frames: str, slot: str, item: Recipe, assertion: str = "present") -> Sentence:
        """A noun phrase of an item in a sentence around it."""
        number = self.rng.choice([number for number in ("is", "are") if number in item])
        return self._around(frames, self.rng.choice(item[number]), number, slot, item, assertion)

    def _around(self, frames: str, noun: str, number: str, slot: str, item: Recipe, assertion: str) -> Sentence:
        given = {slot: noun, "bare": bare(noun), "is": number}
        return self.words.say(self.rng.choice(self.recipes[frames]), item, assertion, **given)

    # What every report has

    def _opening(self, reasons: list[str], labs: str = "") -> None:
        """Title, patient, figures, reason and technique."""
        rng, exam, lines = self.rng, self.exam, self.recipes["neutral"]
        self._add("exam", self.words.say(rng.choice(exam["titles"])))
        infant = self.age == 0
        self._line("history", lines["infant" if infant else "patient"])
        self._line("history", reasons)
        if labs:
            self._add("history", self._laboratory(labs))
        if self._chance(0.45):
            self._line("technique", exam["technique"])
        if self._chance(0.35):
            self._line("sign_off", lines["sign_off"])

    def _compare(self) -> None:
        """Name the earlier study where the report speaks of one, else there may be none."""
        said = " ".join(p.text for name in ("findings", "impression") for s in self.sections[name] for p in s)
        earlier = EARLIER.search(said) or self.words.values["prior"] in said
        lines = self.recipes["neutral"]
        self._line("comparison", lines["comparison"] if earlier else lines["no_comparison"])

    def _laboratory(self, profile: str) -> Sentence:
        """The figures of a laboratory profile in the units of the style."""
        wording = self.recipes["wording"]
        figures = []
        for name, (low, high) in self.recipes["profile"][profile].items():
            analyte = self.recipes["analyte"][name]
            value = self.rng.uniform(low, high)
            below, above = analyte["reference"]
            state = 0 if value < below else 2 if value > above else 1
            unit, factor, digits = (
                analyte["us"] if self.style.get("us_units") else (analyte["unit"], 1, analyte["digits"])
            )
            given = {
                "value": f"{value * factor:.{digits}f} {unit}",
                "word": ("low", "normal", "raised")[state],
                "flag": (" (L)", "", " (H)")[state],
            }
            figures.append(self.words.fill(self.rng.choice(wording[name]), **given))
        return self.words.say(self.rng.choice(wording["lead"]) + ", ".join(figures))

    def _findings(self, main: list[Sentence], number: int) -> None:
        """The main findings among normal lines and lines that only look like calcification."""
        deceptive = [d for d in self.recipes["distractor"] if d["place"] == "findings" and self._suits(d)]
        lines = self.exam["normal"] + [self.rng.choice(d["lines"]) for d in deceptive if self._chance(0.4)]
        others = []
        for line in self.rng.sample(lines, len(lines)):
            tags, _, text = line.partition("| ")
            sites = [tag for tag in tags.strip().split(",") if tag]
            other_sex = "F" if self.sex == "M" else "M"
            if other_sex not in sites and not self.recipes.clash(sites, self.taken):
                others.append(self.words.say(text))
        others = others[:number]
        for sentence in main:
            others.insert(self.rng.randint(0, len(others)), sentence)
        for sentence in others:
            self._add("findings", sentence)

    def _length(self) -> int:
        """How many normal lines to give: as a rule a few, in some reports every organ."""
        return 30 if self._chance(0.25) else self.rng.randint(0, 7)

    def _denials(self, number: int) -> list[Sentence]:
        """Sentences that deny calcification where none is."""
        things = [item for item in self.recipes["thing"] if self._suits(item)]
        own = [item for item in self.recipes["denial"] if self._suits(item)]
        sentences: list[Sentence] = []
        said: list[str] = []
        for _ in range(number):
            if own and self._chance(0.25):
                item = self.rng.choice(own)
                sentence = self.words.say(self.rng.choice(item["lines"]), item, "absent")
            else:
                item = {}
                sentence = self._framed("absent", "what", self.rng.choice(things), "absent")
            sites = [mention.site for mention in mentions_of([sentence])]
            if self._is_free(sentence) and not set(sites).intersection(said):
                sentences.append(sentence)
                said += sites
                if item:
                    # These lines describe a lesion, so no line may call the organ normal.
                    self.taken += sites
        return sentences

    def _asked(self) -> Sentence:
        """A question of the referrer."""
        item = self.rng.choice([item for item in self.recipes["thing"] if self._suits(item)])
        return self._framed("asked", "what", item, "hypothetical")

    def _past(self, systemic: bool) -> Sentence | None:
        """Something that was and that this examination does not show."""
        found = [
            item
            for item in self.recipes["past"]
            if self.exam_id in item["unseen"] and self._suits(item) and (systemic or not item.get("systemic"))
        ]
        if not found or self.age < ADULT:
            return None
        item = self.rng.choice(found)
        noun = bare(self.rng.choice(item["past"]))
        return self._around("historical", noun, "is", "past", item, "historical")

    def _relative(self, systemic: bool) -> Sentence:
        """Something that somebody else has."""
        found = [r for r in self.recipes["relative"] if self._suits(r) and (systemic or not r.get("systemic"))]
        item = self.rng.choice(found)
        if "lines" in item:
            return self.words.say(self.rng.choice(item["lines"]), item, "other_person")
        return self._around("other_person", self.rng.choice(item["theirs"]), "is", "theirs", item, "other_person")

    def _distraction(self) -> None:
        """Calcium in the history that is no deposit."""
        items = [item for item in self.recipes["distractor"] if item["place"] == "history"]
        self._line("history", self.rng.choice(items)["lines"])
