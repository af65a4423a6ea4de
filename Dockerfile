# syntax=docker/dockerfile:1
# BASE: any image with Python 3.11. TORCH_INDEX: where pip finds the CPU build of torch; where it cannot be reached, pip takes
# the much larger CUDA build from its own index. PIP_FIND_LINKS: a folder or page of wheels to look in first, as pip has it.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG PIP_FIND_LINKS=
COPY requirements.txt /tmp/requirements.txt
COPY requirements/tracing.txt /tmp/tracing.txt
RUN python3 -m venv /venv \
 && { [ -z "$TORCH_INDEX" ] || /venv/bin/pip install --no-cache-dir --disable-pip-version-check --retries 1 --timeout 20 \
        --index-url "$TORCH_INDEX" "$(grep '^torch==' /tmp/requirements.txt)" || echo "PyTorch's CPU index cannot be reached" >&2; } \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /tmp/requirements.txt -r /tmp/tracing.txt \
 && find /venv -name __pycache__ -type d -prune -exec rm -rf {} + \
 && rm -rf /venv/lib/python3.11/site-packages/torch/include /venv/lib/python3.11/site-packages/torch/test

FROM ${BASE}
# The virtual environment's python is a link to the base's, so both stages use one base.
COPY --from=build /venv /venv
WORKDIR /app
COPY LICENSE requirements.txt ./
COPY models ./models
COPY service ./service
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 PORT=8000
# A number, so that Kubernetes can check runAsNonRoot without a user database.
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["python3", "-c", "import os,urllib.request as u; u.urlopen('http://127.0.0.1:'+os.environ.get('PORT','8000')+'/readyz', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "-c", "python:service.gunicorn_conf"]
