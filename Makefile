# What you can do here. The work is done by tools/*.py, which run without make too: see README.md.
PYTHON ?= python3
BIN    := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
PORT   ?= 8000
.DEFAULT_GOAL := help
.PHONY: help setup book cold pdf tex serve lab test notebooks lint mutants bench records stamp branch colab links clean distclean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make .venv and install everything; nothing to do the second time
	@$(PYTHON) tools/bootstrap.py

book: setup ## Execute every notebook and build the book
	@$(BIN)/python -m tools.book

cold: setup ## The same, forgetting all earlier builds
	@$(BIN)/python -m tools.book --cold

pdf: book ## Build the book as a PDF too (needs XeLaTeX; says what to install)
	@$(BIN)/python -m tools.pdf

tex: ## Install what `make pdf` needs, on Debian and Ubuntu
	@$(PYTHON) -m tools.texlive

serve: ## Read the book in a browser, at http://127.0.0.1:8000 (PORT=... for another port)
	@test -f _build/html/index.html || { echo "There is no book yet: make book"; exit 1; }
	@echo "The book is at http://127.0.0.1:$(PORT) until you press Ctrl+C"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lab: setup ## Work on the notebooks in JupyterLab
	@cd book && ../$(BIN)/python -m jupyterlab

test: book ## Test the module, every notebook and the built book
	@$(BIN)/python -m pytest -n 2

notebooks: setup ## Execute all notebooks again and bring them into normal form
	@$(BIN)/python -m tools.notebooks

lint: setup ## Check style and spelling
	@$(BIN)/python -m ruff check . && $(BIN)/python -m ruff format --check . && $(BIN)/python -m codespell_lib

mutants: setup ## Change the formulas one by one: do the tests notice? (some minutes; not on Windows)
	@$(BIN)/python -m pip install --quiet -r requirements-mutants.txt
	@$(BIN)/python -m tools.mutants

bench: setup ## Measure training and likelihood on MNIST beside other programs (ten minutes, on a quiet machine)
	@$(BIN)/python -m pip install --quiet --no-deps --upgrade --target .bench -r requirements-bench.txt
	@PYTHONPATH=.bench $(BIN)/python -m benchmarks

records: setup ## Train again the models that chapter 15 shows (the published row takes hours; goes on where it was)
	@$(BIN)/python -m tools.records

stamp: ## Write your repository's name where it belongs: make stamp REPO=owner/name
	@$(PYTHON) -m tools.stamp "$(REPO)"

branch: ## Write the branch that the Colab buttons open: make branch REPO=owner/name PUSH=origin
	@$(PYTHON) -m tools.branch "$(REPO)" $(if $(PUSH),--push "$(PUSH)")

colab: setup ## Run every notebook as Colab would (many minutes; LATEST=1 asks for Colab's versions of today)
	@$(if $(LATEST),$(BIN)/python -m tools.colab_versions)
	@$(BIN)/python -m tools.colab

links: setup ## Ask every link out of the book (needs the network)
	@$(BIN)/python -m tools.links

clean: ## Remove what was built
	@rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage
	@find . -name .venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +

distclean: clean ## Remove .venv too
	@rm -rf .venv .bench
