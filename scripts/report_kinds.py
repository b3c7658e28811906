"""The two kinds of invented report: with calcification that counts, and without."""

from __future__ import annotations

from report_case import ADULT, Case
from report_words import Recipe, Sentence, mentions_of


class Calcified(Case):
    """A report of the calcification of one disease process, and of what else is seen."""

    def _process(self) -> Recipe:
        """A disease process of the planned cause, one that a single line can tell where that is the plan."""
        found = [p for p in self.recipes["process"] if p["cause"] == self.plan.cause]
        if self.plan.one_line:
            found = [p for p in found if "short" in p or not p.get("needs_history")]
        return self.rng.choice(found)

    def _write(self) -> None:
        process = self.process
        found, concluded = self._main()
        self.taken += [mention.site for mention in mentions_of([found, *concluded])]
        if self.plan.one_line:
            self._add("findings", found)
            return
        labs = process.get("labs", "")
        must = process.get("needs_history") or process.get("labs") or self.age < ADULT
        reasons = process.get("history", []) if must or self._chance(0.6) else []
        plain = self.plan.label == "dystrophic" and not labs
        if plain and self._chance(0.12):
            labs = "normal"
        self._opening(reasons or self.exam["reasons"], labs)
        if plain and self.age >= ADULT and self._chance(0.15):
            self._distraction()
        if self._chance(0.12):
            question = self._asked()
            if plain or self._is_free(question):
                self._add("history", question)
        if plain and self._chance(0.1) and (past := self._past(systemic=False)) and self._is_free(past):
            self._add("history", past)
        if plain and self.age >= ADULT and self._chance(0.06):
            self._add("history", self._relative(systemic=False))
        systemic = bool(labs) or self.plan.label == "metastatic_suggestive"
        incidental = self._incidental(self.rng.choice((0, 0, 1, 1, 2, 3)), named=systemic)
        denials = self._denials(self.rng.choice((0, 0, 1, 1, 2, 3)))
        self._findings([found, *incidental, *denials], self._length())
        for sentence in concluded:
            self._add("impression", sentence)
        if incidental and self._chance(0.3):
            self._add("impression", incidental[0])
        self._closing()

    def _main(self) -> tuple[Sentence, list[Sentence]]:
        """The main finding, and how the conclusion repeats it."""
        process, rng = self.process, self.rng
        if self.plan.one_line and "short" in process:
            return self.words.say(rng.choice(process["short"]), process), []
        framed = [(noun, number) for number in ("is", "are") for noun in process.get(number, ())]
        written = process.get("findings", [])
        if written and rng.random() < len(written) / (len(written) + len(framed)):
            conclusion = process.get("impression")
            concluded = [self.words.say(rng.choice(conclusion), process)] if conclusion else []
            return self.words.say(rng.choice(written), process), concluded
        noun, number = rng.choice(framed)
        noun = self.words.fill(noun)
        hedged = process.get("hedge", True) and self._chance(0.12)
        assertion = "uncertain" if hedged else "present"
        frames = ("uncertain", "uncertain") if hedged else ("present", "conclusion")
        found = self._around(frames[0], noun, number, "noun", process, assertion)
        if not hedged and "impression" in process and self._chance(0.6):
            return found, [self.words.say(rng.choice(process["impression"]), process)]
        if self._chance(0.15):
            return found, []
        return found, [self._around(frames[1], noun, number, "noun", process, assertion)]

    def _incidental(self, number: int, named: bool) -> list[Sentence]:
        """Other calcification on the way, of a kind that leaves the label as it is."""
        found = [item for item in self.recipes["incidental"] if self._suits(item) and (item.get("named") or not named)]
        if self.plan.label == "indeterminate":
            found = [item for item in found if self.recipes.mechanisms[item["cause"]] == "other"]
        sentences = []
        for item in self.rng.sample(found, min(number, len(found))):
            sentence = self.words.say(self.rng.choice(item["lines"]), item)
            if self._is_free(sentence):
                sentences.append(sentence)
                self.taken += [mention.site for mention in mentions_of([sentence])]
        return sentences

    def _closing(self) -> None:
        """Advice, and what is added afterwards."""
        lines = self.recipes["neutral"]
        if self.sections["impression"]:
            if self._chance(0.3):
                self._line("impression", lines["with_findings"])
            if self.plan.label == "metastatic_suggestive" and self._chance(0.5):
                self._line("impression", lines["advice"])
        elif self._chance(0.7):
            self._line("impression", lines["with_findings"])
        if self._chance(0.15):
            self._line("impression", lines["follow_up"])
        if self._chance(0.06):
            self._line("addendum", lines["addendum"])


class Free(Case):
    """A report in which no calcification counts: it is denied, asked about, past, another person's or not named."""

    def _write(self) -> None:
        if self.plan.one_line:
            while not (denials := self._denials(1)):
                pass
            self._add("findings", denials[0])
            return
        reasons, labs = self._reasons()
        self._opening(reasons, labs)
        if self.age >= ADULT and self._chance(0.2):
            self._distraction()
        taken_back = [item for item in self.recipes["retraction"] if self._suits(item)]
        if taken_back and self._chance(0.4):
            self._taken_back(self.rng.choice(taken_back))
        elif self._chance(0.15):
            self._findings([], self.rng.randint(3, 8))
        else:
            self._unreal()
        self._line("impression", self.recipes["neutral"]["impression"])
        if self._chance(0.25):
            self._line("impression", self.recipes["neutral"]["follow_up"])

    def _reasons(self) -> tuple[list[str], str]:
        """Why the examination is done; now and then for a systemic disease, which proves nothing here."""
        found = [
            process
            for process in self.recipes["process"]
            if self.exam_id in process["exams"] and process.get("labs") and process.get("needs_history")
        ]
        if found and self.age >= ADULT and self._chance(0.2):
            process = self.rng.choice(found)
            return process["history"], process["labs"]
        return self.exam["reasons"], ""

    def _taken_back(self, item: Recipe) -> None:
        """A finding that an addendum retracts."""
        finding = self.words.say(self.rng.choice(item["findings"]), item, "absent")
        self.taken += [mention.site for mention in mentions_of([finding])]
        self._findings([finding], self.rng.randint(1, 4))
        self._add("addendum", self.words.say(self.rng.choice(item["addendum"]), item, "absent"))

    def _unreal(self) -> None:
        """Mentions none of which counts."""
        if self._chance(0.45):
            self._add("history", self._asked())
        if self._chance(0.3) and (past := self._past(systemic=True)):
            self._add("history", past)
        if self._chance(0.25):
            self._add("history", self._relative(systemic=True))
        denials = self._denials(self.rng.randint(1, 4))
        self._findings(denials, self._length())
        if self._chance(0.35):
            for sentence in self._denials(1):
                self._add("impression", sentence)
