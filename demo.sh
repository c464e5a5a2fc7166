#!/bin/sh
# The whole way once, with the commands a user would type: articles -> corpus -> dataset -> scores.
set -eu
out=build/demo
step() { printf '\n\033[1m%s\033[0m\n' "$1"; }
run() { printf '\033[2m$ %s\033[0m\n' "$*"; "$@"; }

step "1. Articles with labels become a corpus, and every rule is checked"
run inquit corpus import inline corpus/articles "$out/corpus" --force
run inquit corpus check "$out/corpus"

step "2. The corpus becomes a Hugging Face dataset"
run inquit corpus release "$out/corpus" "$out/dataset" --force
run python -c "
from datasets import load_dataset, disable_progress_bars
disable_progress_bars()
print(load_dataset('$out/dataset', cache_dir='$out/cache'))"

step "3. A rule extractor is scored on the dataset, beside systems that know nothing"
run inquit eval run rules --on "$out/dataset" --out "$out/rules.json" --predictions "$out/rules.jsonl" --force

step "4. A page shows every label in colour"
run inquit eval report "$out/rules.json" --html "$out/report.html" --force

step "Done. What there is now"
cat <<END
  $out/corpus        the corpus directory      inquit corpus show $out/corpus ferry-grounding
  $out/dataset       the released dataset      datasets.load_dataset("$out/dataset")
  $out/rules.json    the scores, with counts for every document
  $out/report.html   open it in a browser

What to do next (the commands are in .venv/bin)
  score your own predictions   docs/benchmark-your-model.md
  label articles yourself      docs/annotating.md
END
