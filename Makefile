# make run       open the program with the sample film (no screen: the same on the command line)
# make test      the whole suite: ruff, mypy, every test, training too (installs torch)
# make test-app  the light one: without training and torch
# make test-xvfb the tests of the window again, with real windows on a virtual screen
# make lint      ruff, mypy and the layering contracts only
# make i18n     texts into the catalogue of every language, and these compiled
# make installer the stand-alone program for this system, in dist/; CUDA=1 makes the package for NVIDIA cards
# PYTHON=/path/to/python3.12 chooses the interpreter; WORKERS=n the number of test processes.

PYTHON ?=
WORKERS ?= 2
QT_QPA_PLATFORM ?= offscreen

comma := ,
APP := .venv-app
FULL := .venv
CUDA ?=
BUILD ?= .venv-build$(if $(CUDA),-cuda)
SETUP := resources/setup

.PHONY: run test test-app test-xvfb lint i18n installer tools libraries clean

run: $(APP)/.installed
	@$(SETUP)/run.sh $(APP)

# One thread of torch in each of the processes: more of them wait for each other in loops.
test: libraries lint
	OMP_NUM_THREADS=1 QT_QPA_PLATFORM=$(QT_QPA_PLATFORM) $(FULL)/bin/python -m pytest -n $(WORKERS) --dist loadfile

test-app: libraries $(APP)/.installed
	$(APP)/bin/ruff check .
	$(APP)/bin/mypy bone_age_gui
	$(APP)/bin/lint-imports
	QT_QPA_PLATFORM=$(QT_QPA_PLATFORM) $(APP)/bin/python -m pytest -n $(WORKERS) --dist loadfile --ignore=tests/training

test-xvfb: libraries $(FULL)/.installed
	QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1920x1080x24" $(FULL)/bin/python -m pytest tests/gui tests/e2e

lint: $(FULL)/.installed
	$(FULL)/bin/ruff check .
	$(FULL)/bin/mypy
	$(FULL)/bin/lint-imports

installer: tools $(BUILD)/.installed
	$(BUILD)/bin/python resources/installer/build.py $(if $(CUDA),--cuda)

i18n: $(FULL)/.installed
	$(FULL)/bin/python resources/i18n/catalogue.py

tools:
	@$(SETUP)/libraries.sh installer

libraries:
	@$(SETUP)/libraries.sh tests

$(APP)/.installed: pyproject.toml $(SETUP)/environment.sh
	@$(SETUP)/environment.sh $(APP) test,service,pacs "$(PYTHON)"

$(FULL)/.installed: pyproject.toml $(SETUP)/environment.sh
	@$(SETUP)/environment.sh $(FULL) test,service,pacs,train "$(PYTHON)"

$(BUILD)/.installed: pyproject.toml $(SETUP)/environment.sh
	@$(SETUP)/environment.sh $(BUILD) build$(comma)pacs$(if $(CUDA),$(comma)cuda) "$(PYTHON)"

clean:
	rm -rf $(APP) $(FULL) .venv-build .venv-build-cuda build dist .pytest_cache .mypy_cache .ruff_cache
